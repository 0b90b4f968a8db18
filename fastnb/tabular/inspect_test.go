package tabular_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// What the takings hang on is what the model says they hang on: the city most, noise not at all.
func TestImportance(t *testing.T) {
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

// The dependence on the day and on the area has the slope that the table was made with; that on the city its levels.
func TestPartialDependence(t *testing.T) {
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
