package tabular_test

import (
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// says fails the test unless err has all the words.
func says(t testing.TB, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want %q in it", err, w)
		}
	}
}

// Rows are those of the table, whatever split they come to; and the error says what to do.
func TestWrongTargets(t *testing.T) {
	n := 100
	x, gap, zero, odd := make([]float64, n), make([]float64, n), make([]float64, n), make([]string, n)
	for i := range n {
		x[i], gap[i], zero[i], odd[i] = float64(i)+.5, float64(i%2), 1, []string{"a", "b"}[i%2]
	}
	gap[57], zero[57], odd[57] = math.NaN(), 0, "rare"
	tb := table(t, tabular.Numbers("x", x), tabular.Numbers("a gap", gap), tabular.Numbers("zero", zero), tabular.Texts("odd", odd))
	for _, c := range []struct {
		target tabular.DataOption
		words  []string
	}{
		{tabular.Target("a gap"), []string{"missing in 1 rows (the first: 57)", `WHERE "a gap" IS NOT NULL`}},
		{tabular.Class("a gap"), []string{"missing in 1 rows (the first: 57)", `WHERE "a gap" IS NOT NULL`}},
		{tabular.LogTarget("zero"), []string{"is 0 in row 57", "no logarithm"}},
		{tabular.Class("odd"), []string{"rare in row 57", "ValidRows", "join rare classes"}},
		{tabular.Class("x"), []string{"in 2 validation rows", "is a Target"}},
		{tabular.Target("odd"), []string{`"odd" is text`, `Class("odd")`}},
	} {
		_, err := tabular.FromTable(tb, c.target, tabular.ValidRows([]int{3, 57}))
		says(t, err, c.words...)
	}
}

// What the options do not name is not lost silently.
func TestReportNamesWhatIsLeftOut(t *testing.T) {
	d, err := tabular.FromTable(shops(t, 50), tabular.Class("big"), tabular.Cats("city"))
	check(t, err)
	if notes := d.Report().Notes; len(notes) != 1 || !strings.Contains(notes[0], "left out, as neither Cats nor Conts names them: ") || !strings.Contains(notes[0], "area") || strings.Contains(notes[0], "big") {
		t.Errorf("%q", notes)
	}
}

func TestTestTableWithoutRows(t *testing.T) {
	for _, test := range []*tabular.Table{nil, shops(t, 50).Rows(nil)} {
		_, err := tabular.FromTable(shops(t, 50), tabular.Class("big"), tabular.TestTable(test))
		says(t, err, "the TestTable has no rows")
	}
}

// A number beyond all that training has seen would make NaN of the prediction.
func TestNumberTooFarAway(t *testing.T) {
	l := learner(t, []tabular.DataOption{tabular.Class("big"), tabular.Conts("area")})
	_, err := l.PredictRow(tabular.Row{"area": 1e300})
	says(t, err, `column "area" is 1e+300`, "too far from the training rows")
	_, err = l.PredictRow(tabular.Row{"area": 1e9})
	check(t, err)
}

// A row takes the numbers of all of Go's types, and says which value is of the wrong kind.
func TestRowTypes(t *testing.T) {
	l := learner(t, []tabular.DataOption{tabular.Class("big"), tabular.Conts("area"), tabular.Cats("city")})
	want, err := l.PredictRow(tabular.Row{"area": 70.})
	check(t, err)
	for _, v := range []any{70, int64(70), uint8(70), float32(70)} {
		p, err := l.PredictRow(tabular.Row{"area": v})
		if check(t, err); !slices.Equal(p.Probs[0], want.Probs[0]) {
			t.Errorf("%T: %v, want %v", v, p.Probs, want.Probs)
		}
	}
	for want, row := range map[string]tabular.Row{
		`column "area" is "70", in training it was number`: {"area": "70"},
		`column "city" is 3, in training it was text`:      {"city": 3},
		`column "city" is a []uint8 (want a string`:        {"city": []byte("x")},
	} {
		_, err := l.PredictRow(row)
		says(t, err, want)
	}
}

func TestWrongLearners(t *testing.T) {
	_, err := tabular.NewLearner(nil)
	says(t, err, "tabular: NewLearner: the data is nil")
	l := learner(t, []tabular.DataOption{tabular.Target("takings"), tabular.Conts("area"), tabular.Cats("city")}, tabular.SizeRule(nil))
	says(t, l.SetData(nil), "tabular: SetData: the data is nil")
	_, err = tabular.NewLearner(l.Data(), tabular.YRange(0, math.Inf(1)))
	says(t, err, "YRange(0, +Inf)", "finite")
	d, err := tabular.FromTable(shops(t, 50), tabular.Labels("big"), tabular.Conts("area"), tabular.WorkDir(t.TempDir()))
	check(t, err)
	l, err = tabular.NewLearner(d)
	check(t, err)
	l.Freeze()
	check(t, l.Precompute(true)) // activations are cached of several labels, too
	check(t, l.Fit(fastnb.LR(.01), 1))
}

// Data of another FromTable have other means: they are scaled as the net was trained, so that rows are predicted as in a
// table that comes as it is. Other categories are refused.
func TestPredictOnDataOfOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := learner(t, []tabular.DataOption{tabular.Class("big"), tabular.Conts("area")})
	all := shops(t, 800)
	check(t, l.Fit(fastnb.LR(1e-2), 1))
	want, err := l.PredictTable(all)
	check(t, err)
	d, err := tabular.FromTable(all, tabular.Class("big"), tabular.Conts("area"), tabular.ValidShare(.5))
	check(t, err)
	got, err := l.PredictOn(d, fastnb.Valid)
	check(t, err)
	for i, name := range got.Names {
		row, err := strconv.Atoi(name)
		check(t, err)
		if math.Abs(float64(got.Probs[i][0]-want.Probs[row][0])) > 1e-5 {
			t.Fatalf("row %d: %g, want %g", row, got.Probs[i][0], want.Probs[row][0])
		}
	}
	check(t, l.SetData(d))
	if got := l.Data().Len(fastnb.Valid); got != 400 {
		t.Errorf("%d validation rows, want 400", got)
	}
	d, err = tabular.FromTable(all, tabular.Class("big"), tabular.Conts("day"))
	check(t, err)
	says(t, l.SetData(d), "tabular: SetData: its categories are [area_na]")
	_, err = l.PredictOn(d, fastnb.Valid)
	says(t, err, "its categories are [area_na]")
}

// Averaging views does not lose a regression's loss.
func TestTTAOfARegression(t *testing.T) {
	l := learner(t, []tabular.DataOption{tabular.LogTarget("takings"), tabular.Conts("area")})
	want, err := l.Predict(fastnb.Valid)
	check(t, err)
	got, err := l.TTA(fastnb.Valid, fastnb.Augmented(1))
	if check(t, err); got.Loss != want.Loss || got.Loss == 0 {
		t.Errorf("loss %g, want %g", got.Loss, want.Loss)
	}
}

// A learner that was opened to predict has nothing to learn from, and so does not unlearn; data make it learn again.
func TestOpenedLearnerDoesNotTrain(t *testing.T) {
	dir := t.TempDir()
	l := learnerIn(t, dir, []tabular.DataOption{tabular.Class("big"), tabular.Conts("area")})
	check(t, l.Save("a"))
	opened, err := tabular.Open(filepath.Join(dir, "models", "a.safetensors"))
	check(t, err)
	row := tabular.Row{"area": 70}
	want, err := l.PredictRow(row)
	check(t, err)
	const lacks = "opened without its data and has no training rows; give it some by SetData"
	says(t, opened.Fit(fastnb.LR(1), 1), lacks)
	_, err = opened.LRFind()
	says(t, err, lacks)
	_, err = opened.Predict(fastnb.Train)
	says(t, err, lacks)
	got, err := opened.PredictRow(row)
	if check(t, err); !slices.Equal(got.Probs[0], want.Probs[0]) {
		t.Errorf("%v, want %v", got.Probs, want.Probs)
	}
	check(t, errors.Join(opened.SetData(l.Data()), opened.Fit(fastnb.LR(1e-3), 1)))
}

// The validation rows are chosen in one way, and drawn by a seed that numpy's generator takes.
func TestWrongValidation(t *testing.T) {
	tb := shops(t, 50)
	for want, opts := range map[string][]tabular.DataOption{
		"ValidShare and ValidRows at once":   {tabular.ValidShare(.5), tabular.ValidRows(nil)},
		"ValidRows and ValidColumn at once":  {tabular.ValidRows([]int{1}), tabular.ValidColumn("open")},
		"ValidColumn and ValidShare at once": {tabular.ValidColumn("open"), tabular.ValidShare(.5)},
		"ValidShare(1) of 50 rows":           {tabular.ValidShare(1)},
		"Seed(4294967296) (want at most":     {tabular.Seed(1 << 32)},
	} {
		_, err := tabular.FromTable(tb, append(opts, tabular.Class("big"))...)
		says(t, err, "tabular: FromTable: ", want)
	}
	_, err := tabular.CVRows(10, 0, .2, 1<<32)
	says(t, err, "tabular: CVRows: Seed(4294967296)")
}
