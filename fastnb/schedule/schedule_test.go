package schedule

import (
	"math"
	"testing"
)

func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.10g, want %.10g", name, got, want)
	}
}

// The values of nbs/14_callback.schedule.ipynb of fastai v2.
func TestPieces(t *testing.T) {
	for _, test := range []struct {
		name string
		s    Schedule
		pcts []float64
		want []float64
	}{
		{"Linear", Linear(0, 2), quarters, []float64{0, .5, 1, 1.5, 2}},
		{"Cos", Cos(0, 2), quarters, []float64{0, .2928932, 1, 1.7071068, 2}},
		{"Exp", Exp(1, 2), quarters, []float64{1, 1.1892071, 1.4142136, 1.6817928, 2}},
		{"Poly", Poly(0, 2, 2), quarters, []float64{0, .125, .5, 1.125, 2}},
		{"Const", Const(3), quarters, []float64{3, 3, 3, 3, 3}},
		{"Combine", Combine(Linear(0, 1).For(.3), Const(1).For(.2), Cos(1, 0).For(.5)),
			[]float64{.15, .3, .4, .5, .7, 1}, []float64{.5, 1, 1, 1, .6545085, 0}},
		{"combined cos", Combine(Cos(.5, 1).For(.25), Cos(1, 0).For(.75)),
			[]float64{0, .1, .25, .5, 1}, []float64{.5, .6727458, 1, .75, 0}},
	} {
		for i, pct := range test.pcts {
			near(t, test.name, test.s(pct), test.want[i], 1e-6)
		}
	}
}

var quarters = []float64{0, .25, .5, .75, 1}

// 0.7's learning-rate finder, start*(end/start)^(i/nb).
func TestLRFinder(t *testing.T) {
	lrs := Exp(1e-5, 10).Values(100)
	near(t, "factor", lrs[1]/lrs[0], 1.148153621, 1e-9)
	near(t, "lr 50", lrs[50], .01, 1e-12)
	near(t, "lr 99", lrs[99], 8.709635900, 1e-6)
}

func TestCombineJoins(t *testing.T) {
	epochs := Combine(Linear(0, 1).For(1), Const(5).For(1), Linear(7, 8).For(1))
	for n := 3; n < 3000; n += 3 {
		vs := epochs.Values(n)
		if vs[n/3-1] > 1 || vs[n/3] != 5 || vs[2*n/3-1] != 5 {
			t.Fatalf("%d batches: a join is off by one: %v", n, vs[:min(n, 30)])
		}
		near(t, "start of the last part", vs[2*n/3], 7, 1e-6)
	}
	near(t, "end", epochs(1), 8, 0)
	near(t, "nothing", Combine()(.5), 0, 0)
	near(t, "skipped part", Combine(Const(1).For(0), Const(2).For(1), Const(3).For(0))(0), 2, 0)
}

func TestTimes(t *testing.T) { near(t, "Times", Const(3).Times(2)(.1), 6, 0) }
