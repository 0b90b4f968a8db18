package tabular_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// plants is a table of eight.
func plants(t testing.TB) *tabular.Table {
	t.Helper()
	return table(t, tabular.Texts("kind", []string{"rose", "rose", "fern", "fern", "moss", "rose", "fern", "ivy"}),
		tabular.Numbers("height", []float64{40, 60, 30, 20, 5, 50, 25, 80}),
		tabular.Bools("sun", []bool{true, true, false, false, false, true, false, false}))
}

// A checkpoint that was saved when the data told the net's sizes, and no metadata did, is opened and loaded as ever.
func TestOpenBefore(t *testing.T) {
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	quiet := tabular.With(fastnb.WithProgress(nil))
	opened, err := tabular.Open("testdata/before.safetensors", tabular.On(be), quiet)
	check(t, err)
	predictsAsBefore(t, opened)

	dir := t.TempDir()
	d, err := tabular.FromTable(plants(t), tabular.Target("height"), tabular.ValidRows(nil), tabular.WorkDir(dir))
	check(t, err)
	l, err := tabular.NewLearner(d, tabular.Layers(4), tabular.Ps(.1), tabular.YRange(0, 100), tabular.On(be), quiet)
	check(t, err)
	check(t, l.LoadFile("testdata/before.safetensors"))
	predictsAsBefore(t, l)
	check(t, l.Save("again"))
	again, err := tabular.Open(filepath.Join(dir, "models", "again.safetensors"), tabular.On(be), quiet)
	check(t, err)
	predictsAsBefore(t, again)
}

// predictsAsBefore holds a learner's predictions against those of the code that saved testdata/before.safetensors.
func predictsAsBefore(t *testing.T, l *tabular.Learner) {
	t.Helper()
	text, err := os.ReadFile("testdata/before.json")
	check(t, err)
	var want struct{ Probs [][]float64 }
	check(t, json.Unmarshal(text, &want))
	p, err := l.PredictTable(plants(t))
	check(t, err)
	for i, row := range p.Probs {
		if math.Abs(float64(row[0])-want.Probs[i][0]) > 1e-5 {
			t.Fatalf("row %d: %g, it was %g", i, row[0], want.Probs[i][0])
		}
	}
}

// A model of one's own on a table's data is opened without them by what these fitted; a checkpoint of its learner is
// none of NewLearner's.
func TestFromFitted(t *testing.T) {
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	dir := t.TempDir()
	d, err := tabular.FromTable(plants(t), tabular.Target("height"), tabular.ValidRows(nil), tabular.WorkDir(dir))
	check(t, err)
	l, err := tabular.NewLearner(d, tabular.On(be))
	check(t, err)
	own, err := fastnb.New(be, d, l.Model())
	check(t, err)
	check(t, own.Save("own"))
	path := filepath.Join(dir, "models", "own.safetensors")
	_, err = tabular.Open(path, tabular.On(be))
	says(t, err, "tabular: Open: "+path, "it is of no tabular learner")

	text, err := fastnb.ReadFitted(path)
	check(t, err)
	blank, err := tabular.FromFitted(text, t.TempDir())
	check(t, err)
	served, err := fastnb.New(be, blank, l.Model())
	check(t, err)
	check(t, served.LoadFile(path))
	new, err := blank.WithTest(plants(t))
	check(t, err)
	got, err := served.PredictOn(new, fastnb.Test)
	check(t, err)
	want, err := own.Predict(fastnb.Train)
	check(t, err)
	for i, row := range got.Probs {
		if row[0] != want.Probs[i][0] {
			t.Errorf("row %d: %g, want %g", i, row[0], want.Probs[i][0])
		}
	}
	_, err = tabular.FromFitted("{}", ".")
	says(t, err, "tabular: FromFitted: what it fitted is of no table")
}
