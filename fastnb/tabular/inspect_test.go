package tabular_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// What the takings hang on is what the model says they hang on: the city most, noise not at all.
func TestImportance(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := takings(t, t.TempDir())
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 10))
	all, err := l.Importance()
	check(t, err)
	place := map[string]int{}
	for i, x := range all {
		place[x.Column] = i
	}
	if len(all) != 5 || all[0].Column != "city" || place["day"] > 2 || place["noise"] < 3 {
		t.Errorf("%+v", all)
	}
	if city, noise := all[0], all[place["noise"]]; city.Drop < 100*math.Abs(noise.Drop) {
		t.Errorf("city %+v, noise %+v", city, noise)
	}
	if _, err := l.Importance(tabular.By(metric.Accuracy)); err == nil || !strings.Contains(err.Error(), "accuracy") {
		t.Errorf("accuracy of numbers: %v", err)
	}
}

// A model that says NaN has no importance to measure.
func TestImportanceOfNaN(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := learner(t, []tabular.DataOption{tabular.Target("takings"), tabular.Conts("area")})
	if err := l.Fit(fastnb.LR(1e30), 1); !errors.Is(err, fastnb.ErrNaN) {
		t.Fatalf("%v", err)
	}
	if _, err := l.Importance(); err == nil || !strings.Contains(err.Error(), "the loss is NaN") {
		t.Errorf("%v", err)
	}
}

// Where a column is set it is not missing either: the dependence on a model's one column is what it predicts.
func TestPartialDependenceIsNotMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := learner(t, []tabular.DataOption{tabular.LogTarget("takings"), tabular.Conts("area")})
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 3))
	area, err := l.PartialDependence("area", 3)
	check(t, err)
	for i, x := range area.Num {
		p, err := l.PredictRow(tabular.Row{"area": x})
		check(t, err)
		if math.Abs(area.Curve(0)[i]-float64(p.Probs[0][0])) > 1e-5 {
			t.Errorf("%g at %g, the model says %g", area.Curve(0)[i], x, p.Probs[0][0])
		}
	}
}

// The dependence on the day and on the area has the slope that the table was made with; that on the city its levels.
func TestPartialDependence(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := takings(t, t.TempDir())
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 15))
	area, err := l.PartialDependence("area", 5)
	check(t, err)
	curve := area.Curve(0)
	slope := (curve[4] - curve[0]) / (area.Num[4] - area.Num[0])
	if len(curve) != 5 || math.Abs(slope-.01) > .004 {
		t.Errorf("slope %g over %v, want .01", slope, area.Num)
	}
	city, err := l.PartialDependence("city", 0)
	check(t, err)
	levels := city.Curve(0)
	if len(levels) != 4 || math.Abs(levels[3]-levels[0]-4./3) > .15 || city.Num != nil {
		t.Errorf("%v at %v", levels, city.Values)
	}
	for column, n := range map[string]int{"area": 1, "nothing": 3} {
		if _, err := l.PartialDependence(column, n); err == nil {
			t.Errorf("PartialDependence(%q, %d) is no error", column, n)
		}
	}
}
