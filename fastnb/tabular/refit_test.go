package tabular_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// A net that is loaded sees numbers scaled as it was trained, also where other rows of the table are for training,
// whose medians, means and deviations differ. The truth is what the learner that was saved says of the same rows.
func TestLoadScalesNumbersAsTheNetWasTrained(t *testing.T) {
	dir, all := t.TempDir(), shops(t, 200)
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	of := func(seed uint64) *tabular.Learner {
		d, err := tabular.FromTable(all, tabular.LogTarget("takings"), tabular.Cats("city"), tabular.Conts("area", "noise"),
			tabular.Seed(seed), tabular.ValidShare(.5), tabular.BatchSize(32), tabular.WorkDir(dir))
		check(t, err)
		l, err := tabular.NewLearner(d, tabular.Layers(8), tabular.On(be), tabular.With(fastnb.WithProgress(nil)))
		check(t, err)
		return l
	}
	saved, loaded := of(1), of(2)
	check(t, saved.Fit(fastnb.LR(.01), 1))
	check(t, saved.Save("m"))
	want, err := saved.PredictTable(all)
	check(t, err)
	before, err := loaded.Predict(fastnb.Valid) // compiled, kept on the device, before
	check(t, err)
	check(t, loaded.Load("m"))
	got, err := loaded.Predict(fastnb.Valid)
	check(t, err)
	for i, name := range got.Names {
		row, err := strconv.Atoi(name)
		check(t, err)
		if math.Abs(float64(got.Probs[i][0]-want.Probs[row][0])) > 1e-5 {
			t.Fatalf("row %d: %g, want %g (%g before loading)", row, got.Probs[i][0], want.Probs[row][0], before.Probs[i][0])
		}
	}
	p, err := loaded.PredictTable(all)
	check(t, err)
	for i := range p.Probs {
		if p.Probs[i][0] != want.Probs[i][0] {
			t.Fatalf("PredictTable, row %d: %g, want %g", i, p.Probs[i][0], want.Probs[i][0])
		}
	}
	check(t, loaded.Fit(fastnb.LR(.01), 1))
}
