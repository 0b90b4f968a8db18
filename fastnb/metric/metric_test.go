package metric

import (
	"math"
	"testing"
)

func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.9g, want %.9g", name, got, want)
	}
}

// binary returns rows (1-p, p).
func binary(ps ...float32) []float32 {
	var probs []float32
	for _, p := range ps {
		probs = append(probs, 1-p, p)
	}
	return probs
}

var (
	three = []float32{ // predicted 0 1 2 0 0
		.7, .2, .1,
		.1, .8, .1,
		.2, .2, .6,
		.5, .4, .1,
		.4, .3, .3,
	}
	threeLabels = []int{0, 1, 2, 1, 2}
)

func TestMetrics(t *testing.T) {
	for _, test := range []struct {
		name    string
		m       Metric
		probs   []float32
		classes int
		labels  []int
		want    float64
	}{
		{"lesson 1's binary_loss", LogLoss, binary(.9, .1, .2, .8), 2, []int{1, 0, 0, 1}, .164252}, // REFERENCE (d) 11
		{"all right", Accuracy, binary(.9, .1, .2, .8), 2, []int{1, 0, 0, 1}, 1},
		{"half right", Accuracy, binary(.9, .9, .2, .8), 2, []int{1, 0, 1, 1}, .5},
		{"half wrong", ErrorRate, binary(.9, .9, .2, .8), 2, []int{1, 0, 1, 1}, .5},
		{"first of equals", Accuracy, binary(.5), 2, []int{0}, 1},
		{"certain and wrong", LogLoss, binary(1), 2, []int{0}, 15.942385}, // sklearn.metrics.log_loss in float32
		{"certain and right", LogLoss, binary(1), 2, []int{1}, 0},
		{"three classes", Accuracy, three, 3, threeLabels, .6},
		{"three classes", LogLoss, three, 3, threeLabels, .6421816},                     // -ln(.7*.8*.6*.4*.3)/5
		{"two classes", FBeta(1), binary(.9, .9, .8, .2), 2, []int{1, 1, 0, 1}, 2. / 3}, // tp 2, fp 1, fn 1
		{"two classes", FBeta(2), binary(.9, .9, .8, .8), 2, []int{1, 1, 0, 0}, 5. / 6}, // p 1/2, r 1: 5pr/(4p+r)
		{"two classes", Precision, binary(.9, .9, .8, .8), 2, []int{1, 1, 0, 0}, .5},
		{"two classes", Recall, binary(.9, .9, .8, .8), 2, []int{1, 1, 0, 0}, 1},
		{"nothing predicted", Precision, binary(.1, .1), 2, []int{1, 0}, 0},
		{"macro", FBeta(1), three, 3, threeLabels, (.5 + 2./3 + 2./3) / 3},
		{"macro", Recall, three, 3, threeLabels, 2. / 3},
	} {
		near(t, test.name+" "+test.m.Name, test.m.Score(test.probs, test.classes, test.labels), test.want, 1e-6)
	}
}

func TestScoresThatMakeNoSense(t *testing.T) {
	for _, m := range []Metric{Accuracy, ErrorRate, LogLoss, Precision, Recall, FBeta(1)} {
		for name, got := range map[string]float64{
			"no items":           m.Score(nil, 2, nil),
			"too few rows":       m.Score(binary(.5), 2, []int{0, 1}),
			"a label too high":   m.Score(binary(.5), 2, []int{2}),
			"a label too low":    m.Score(binary(.5), 2, []int{-1}),
			"no classes":         m.Score(binary(.5), 0, []int{0}),
			"NaN for a log loss": LogLoss.Score([]float32{float32(math.NaN()), 0}, 2, []int{0}),
		} {
			if !math.IsNaN(got) {
				t.Errorf("%s of %s = %g, want NaN", m.Name, name, got)
			}
		}
	}
}

func TestConfusion(t *testing.T) {
	got := Confusion([]int{0, 1, 1, 0, 7, 0}, []int{0, 1, 0, 0, 0, -1, 1}, 2)
	for i, want := range []int{2, 1, 0, 1} {
		if got[i/2][i%2] != want {
			t.Errorf("Confusion = %v, want [[2 1] [0 1]]", got)
		}
	}
}

func TestNames(t *testing.T) {
	if FBeta(2).Name != "f2" || FBeta(.5).Name != "f0.5" {
		t.Errorf("names %q, %q", FBeta(2).Name, FBeta(.5).Name)
	}
}
