package plots_test

import (
	"fmt"
	"log"
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/plots"
)

// learned returns the losses of a run of some epochs of 60 batches, which falls to a floor at a pace.
func learned(name string, epochs int, pace, floor float64) plots.Run {
	r := plots.Run{Name: name, EpochLen: 60}
	for i := range 60 * epochs {
		r.Train = append(r.Train, floor+(.75-floor)*math.Exp(-float64(i)*pace/100)+.01*math.Sin(float64(i)/3))
	}
	for e := range epochs {
		r.Valid = append(r.Valid, r.Train[60*e+59]+.04*float64(e+1)/float64(epochs))
	}
	return r
}

func ExampleRuns() {
	stopped := learned("interrupted", 2, 2.5, .2)
	stopped.Train, stopped.Valid = stopped.Train[:90], stopped.Valid[:1]
	p, err := plots.Runs([]plots.Run{learned("head", 3, 2, .3), learned("all", 4, 3, .12), stopped})
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/runs.png"); err != nil {
		log.Fatal(err)
	}
}

// Eight runs, the first 20 batches left out of each; the last two are dashed and were not validated.
func ExampleRuns_many() {
	var runs []plots.Run
	for i := range 8 {
		runs = append(runs, learned(fmt.Sprintf("run %d", i+1), 2, 3, .1+.05*float64(i)))
	}
	runs[6].Valid, runs[7].Valid = nil, nil
	p, err := plots.Runs(runs, plots.SkipStart(20))
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Save(plots.Width, plots.Height, "testdata/runs_many.png"); err != nil {
		log.Fatal(err)
	}
}

func TestRunsErrors(t *testing.T) {
	good := learned("a", 1, 1, .1)
	for want, run := range map[string][]plots.Run{
		"plots: Runs: no runs":                                nil,
		`plots: Runs: run "b": no finite training losses`:     {good, {Name: "b"}},
		`run "c": Valid[0] is NaN`:                            {{Name: "c", Train: []float64{1, 2}, Valid: []float64{math.NaN()}}},
		`run "d": train[0] is +Inf`:                           {{Name: "d", Train: []float64{math.Inf(1), 2}}},
		`run "e": 2 epochs of 3 batches do not fit in 2`:      {{Name: "e", Train: []float64{1, 2}, Valid: []float64{1, 1}, EpochLen: 3}},
		`run "f": 0 epochs of -3 batches do not fit in 2 tra`: {{Name: "f", Train: []float64{1, 2}, EpochLen: -3}},
	} {
		if _, err := plots.Runs(run); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := plots.Runs([]plots.Run{good}, plots.SkipStart(60)); err == nil || !strings.Contains(err.Error(), "leaves none") {
		t.Error(err)
	}
}

// Without EpochLen the epochs share the batches; a run that diverged is drawn up to there.
func TestRunsAxis(t *testing.T) {
	diverged := []float64{3, 2, 1, 2, math.NaN()}
	p, err := plots.Runs([]plots.Run{{Name: "a", Train: diverged, Valid: []float64{2, 1.5}}})
	if err != nil || p.X.Min != 0 || p.X.Max != 2*1.02 {
		t.Errorf("%v, x from %g to %g, want 0 to 2 and a little", err, p.X.Min, p.X.Max)
	}
	p, err = plots.Runs([]plots.Run{{Name: "a", Train: diverged[:4], EpochLen: 8}})
	if err != nil || p.X.Max != .5*1.02 {
		t.Errorf("%v, x to %g, want half an epoch", err, p.X.Max)
	}
}
