package tabular_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

func learner(t testing.TB, opts []tabular.DataOption, net ...tabular.LearnerOption) *tabular.Learner {
	t.Helper()
	return learnerIn(t, t.TempDir(), opts, net...)
}

func learnerIn(t testing.TB, dir string, opts []tabular.DataOption, net ...tabular.LearnerOption) *tabular.Learner {
	t.Helper()
	data, err := tabular.FromTable(shops(t, 1500), append(opts, tabular.BatchSize(32), tabular.WorkDir(dir))...)
	check(t, err)
	l, err := tabular.NewLearner(data, append([]tabular.LearnerOption{tabular.Layers(32, 16)}, net...)...)
	check(t, err)
	return l
}

// takings is a regression of the logarithm; the column big would give the area away.
func takings(t testing.TB, dir string) *tabular.Learner {
	t.Helper()
	return learnerIn(t, dir, []tabular.DataOption{tabular.LogTarget("takings"), tabular.Skip("big")},
		tabular.YRange(0, 5), tabular.With(fastnb.WithMetrics(metric.ExpRMSPE)))
}

func TestRegression(t *testing.T) {
	l := takings(t, t.TempDir())
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 15))
	last := l.Recorder.Epochs[14]
	if last.Metrics[0] > .13 { // .05 is noise; where the area is missing it can't be better than .15
		t.Errorf("rmspe %.3f", last.Metrics[0])
	}
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	if got := p.Score(metric.ExpRMSPE); math.Abs(got-last.Metrics[0]) > 1e-6 || p.Labels != nil {
		t.Errorf("the predictions' rmspe is %g, the table says %g", got, last.Metrics[0])
	}
	for i, v := range l.Values(p) {
		if math.Abs(v-math.Exp(float64(p.Probs[i][0]))) > 1e-9 {
			t.Fatalf("value %g of the output %g", v, p.Probs[i][0])
		}
	}
}

func TestManyLabels(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := learner(t, []tabular.DataOption{tabular.Labels("big", "open"), tabular.Cats("city"), tabular.Conts("day", "area")})
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 5))
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	if acc := p.Score(metric.AccuracyThresh(.5)); acc < .93 || !slices.Equal(p.Classes, []string{"big", "open"}) {
		t.Errorf("accuracy %.3f of %v", acc, p.Classes)
	}
	if a := p.Accuracy(); !math.IsNaN(a) {
		t.Errorf("one class each: accuracy %g of several labels", a)
	}
}

func TestManyClasses(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := learner(t, []tabular.DataOption{tabular.Class("city"), tabular.Conts("takings", "day", "area")})
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 5))
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	if p.Accuracy() < .8 || len(p.Classes) != 4 {
		t.Errorf("accuracy %.3f of %v", p.Accuracy(), p.Classes)
	}
	if _, err := tabular.NewLearner(l.Data(), tabular.With(fastnb.WithMetrics(metric.RMSE))); err == nil || !strings.Contains(err.Error(), "Accuracy") {
		t.Errorf("rmse of classes: %v", err)
	}
}

// A table in other order, with a column more, without the target, with new categories and missing values is predicted row
// by row as it comes.
func TestPredictTable(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	dir := t.TempDir()
	l := takings(t, dir)
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 3))
	city := tabular.Texts("city", []string{"Bonn", "Ulm", "Atlantis", "Bonn"})
	city.Missing = []bool{false, false, false, true}
	table, err := tabular.NewTable(
		tabular.Texts("remark", []string{"a", "b", "c", "d"}), tabular.Numbers("noise", []float64{0, 0, 0, 0}),
		tabular.Numbers("area", []float64{70, 70, math.NaN(), 70}), city, tabular.Numbers("day", []float64{1, 1, 9, 1}), tabular.Bools("open", []bool{true, true, true, true}))
	check(t, err)
	p, err := l.PredictTable(table)
	check(t, err)
	report, err := l.Check(table)
	check(t, err)
	if len(p.Probs) != 4 || p.Labels != nil || p.Targets != nil {
		t.Fatalf("%d predictions, labels %v", len(p.Probs), p.Labels)
	}
	if want := "test: 4 rows; missing: 1 area, 1 city; unknown: 1 city, 1 day\n"; report.String() != want {
		t.Errorf("the report says %q, want %q", report, want)
	}
	if p.Probs[1][0] <= p.Probs[0][0] {
		t.Errorf("Ulm takes %g, Bonn %g", p.Probs[1][0], p.Probs[0][0])
	}
	one, err := l.PredictRow(tabular.Row{"city": "Ulm", "day": 1, "area": 70.0, "noise": 0, "open": true})
	check(t, err)
	if one.Probs[0][0] != p.Probs[1][0] {
		t.Errorf("the row by itself gives %g, in the table %g", one.Probs[0][0], p.Probs[1][0])
	}
	two, err := l.PredictRows(tabular.Row{"day": 1, "area": 70, "open": true, "noise": 0, "city": nil},
		tabular.Row{"city": "Ulm", "day": 1, "area": 70, "noise": 0, "open": true})
	check(t, err)
	if len(two.Probs) != 2 || two.Probs[0][0] != p.Probs[3][0] || two.Probs[1][0] != p.Probs[1][0] {
		t.Errorf("two rows give %v, in the table they are the last and the second of %v", two.Probs, p.Probs)
	}
	if _, err := l.PredictRow(tabular.Row{"town": "Ulm"}); err == nil || !strings.Contains(err.Error(), `"town"`) {
		t.Errorf("an unknown column: %v", err)
	}
	few, err := tabular.NewTable(city)
	check(t, err)
	_, err = l.PredictTable(few)
	says(t, err, "tabular: PredictTable: test: ", `no column "day"`)
	_, err = l.Check(few)
	says(t, err, "tabular: Check: test: ", `no column "day"`)
}

// A checkpoint is all that another process needs to predict a raw row: this test runs itself again, in a folder without
// the table, and compares.
func TestPredictInAnotherProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	if path := os.Getenv("FASTNB_TEST_CHECKPOINT"); path != "" {
		l, err := tabular.Open(path)
		check(t, err)
		p, err := l.PredictRow(tabular.Row{"city": "Ulm", "day": 2, "area": nil, "open": true})
		check(t, err)
		fmt.Printf("predicted %.9g\n", l.Values(p)[0])
		return
	}
	dir := t.TempDir()
	l := takings(t, dir)
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 3))
	check(t, l.Save("shops"))
	p, err := l.PredictRow(tabular.Row{"city": "Ulm", "day": 2, "open": true})
	check(t, err)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestPredictInAnotherProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "FASTNB_TEST_CHECKPOINT="+filepath.Join(dir, "models", "shops.safetensors"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := fmt.Sprintf("predicted %.9g\n", l.Values(p)[0]); !strings.Contains(string(out), want) {
		t.Errorf("the other process says\n%s\nwant %s", out, want)
	}
}

func TestOpenWrong(t *testing.T) {
	dir := t.TempDir()
	if _, err := tabular.Open(filepath.Join(dir, "none")); !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("no file: %v", err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "text"), []byte("hello, I am no checkpoint"), 0o644))
	if _, err := tabular.Open(filepath.Join(dir, "text")); !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("no checkpoint: %v", err)
	}
}

// Batches of one row are trained on, unless a batch norm would see one value.
func TestBatchesOfOne(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	one := []tabular.DataOption{tabular.Class("sunday"), tabular.BatchSize(1)}
	fit := func(opts []tabular.DataOption, net ...tabular.LearnerOption) error {
		table, err := tabular.NewTable(tabular.Texts("sunday", []string{"a", "b", "a", "b"}),
			tabular.Texts("day", []string{"x", "y", "x", "y"}), tabular.Numbers("warmth", []float64{1, 2, 3, 4}))
		check(t, err)
		data, err := tabular.FromTable(table, append(opts, tabular.ValidRows([]int{3}),
			tabular.WorkDir(t.TempDir()))...)
		check(t, err)
		l, err := tabular.NewLearner(data, append(net, tabular.With(fastnb.WithProgress(nil)))...)
		check(t, err)
		return l.Fit(fastnb.LR(.01), 1)
	}
	const want = "BatchSize(1) (want 2 or more: batch norm needs company)"
	if err := fit(one); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("with batch norm: %v", err)
	}
	check(t, fit(one, tabular.NoBatchNorm(true)))
	check(t, fit(append(one[:1:1], tabular.BatchSize(2))))
}

// A saved learner goes on where it was, and a net of other sizes does not take its weights.
func TestSaveAndLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	dir := t.TempDir()
	l := takings(t, dir)
	check(t, l.FitOneCycle(fastnb.LR(1e-2), 2))
	check(t, l.Save("a"))
	again := takings(t, dir)
	check(t, again.Load("a"))
	want, _, err := l.Validate()
	check(t, err)
	if got, _, err := again.Validate(); err != nil || got != want {
		t.Errorf("loss %g, %v after Load; want %g", got, err, want)
	}
	other := learnerIn(t, dir, []tabular.DataOption{tabular.LogTarget("takings"), tabular.Skip("big")}, tabular.Layers(8))
	if err := other.Load("a"); !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("a net of other sizes: %v", err)
	}
}

// A code that stands for another category is another net's, however equal the sizes; so are other bounds.
func TestLoadOfOtherCategories(t *testing.T) {
	dir := t.TempDir()
	of := func(words []string, ys []float64, opts ...tabular.LearnerOption) *tabular.Learner {
		tb := table(t, tabular.Texts("word", slices.Repeat(words, 10)), tabular.Numbers("y", slices.Repeat(ys, 10)))
		d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.Cats("word"), tabular.WorkDir(dir))
		check(t, err)
		l, err := tabular.NewLearner(d, append([]tabular.LearnerOption{tabular.Layers(4)}, opts...)...)
		check(t, err)
		return l
	}
	check(t, of([]string{"a", "b"}, []float64{1, 2}).Save("ab"))
	check(t, of([]string{"b", "a"}, []float64{5, 7}).Load("ab"))
	for want, l := range map[string]*tabular.Learner{
		`category "word" was fitted to other values (2, here 2)`: of([]string{"b", "c"}, []float64{1, 2}),
		"it is of model": of([]string{"a", "b"}, []float64{1, 2}, tabular.YRange(0, 3)),
	} {
		if err := l.Load("ab"); !errors.Is(err, fastnb.ErrBadCheckpoint) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The course's three layer groups: embeddings, hidden layers, output.
func TestLayerGroups(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := takings(t, t.TempDir())
	check(t, l.Fit(fastnb.LR(1e-3, 1e-3, 1e-2), 1))
	l.Freeze()
	vectors := func() [][]float64 {
		_, v, err := l.Embedding("city")
		check(t, err)
		return v
	}
	before := vectors()
	check(t, l.Fit(fastnb.LR(1e-2), 1))
	for i, v := range vectors() {
		if !slices.Equal(v, before[i]) {
			t.Errorf("the embedding of city %d changed while frozen", i)
		}
	}
}

func TestEmbedding(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := takings(t, t.TempDir())
	if _, _, err := l.Embedding("city"); err == nil || !strings.Contains(err.Error(), "no weights yet") {
		t.Errorf("before training: %v", err)
	}
	check(t, l.Fit(fastnb.LR(1e-3), 1))
	values, vectors, err := l.Embedding("city")
	check(t, err)
	if !slices.Equal(values, []string{"#na#", "Bonn", "Kiel", "Trier", "Ulm"}) || len(vectors) != 5 || len(vectors[0]) != 3 {
		t.Errorf("%v, %d vectors of %d numbers", values, len(vectors), len(vectors[0]))
	}
	if _, _, err := l.Embedding("area"); err == nil {
		t.Error("area is no category")
	}
}

func TestNewLearnerWrong(t *testing.T) {
	data, err := tabular.FromTable(shops(t, 100), tabular.Class("city"))
	check(t, err)
	for want, opt := range map[string]tabular.LearnerOption{
		"2 dropouts for 1 hidden": tabular.Ps(.1, .2), "dropout 1": tabular.Ps(1), "sizes of 1 or more": tabular.Layers(0),
		"YRange": tabular.YRange(0, 1), `no category "town"`: tabular.EmbSizes(map[string]int{"town": 3}), "dropout -1": tabular.EmbDrop(-1), "0 numbers": tabular.EmbSizes(map[string]int{"big": 0}),
	} {
		if _, err := tabular.NewLearner(data, tabular.Layers(10), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
