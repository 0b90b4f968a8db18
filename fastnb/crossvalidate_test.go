package fastnb_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// heights is a table of n plants with a class, a number and two labels; those of test have other heights.
func heightsTable(t testing.TB, n int, shift float64) *tabular.Table {
	t.Helper()
	var height, weight []float64
	var kind []string
	var tall, big []bool
	for i := range n {
		h := float64(i*7%n) + shift
		height, weight = append(height, h), append(weight, 2*h+3)
		kind = append(kind, []string{"fern", "rose"}[i*7%n*2/n])
		tall, big = append(tall, h > 20), append(big, h > 40)
	}
	table, err := tabular.NewTable(tabular.Numbers("height", height), tabular.Numbers("weight", weight),
		tabular.Texts("kind", kind), tabular.Bools("tall", tall), tabular.Bools("big", big))
	check(t, err)
	return table
}

// rowsOf are the rows of fold k of three of a table of 60.
func rowsOf(k int) (rows []int) {
	for i := k; i < 60; i += 3 {
		rows = append(rows, (i*11)%60)
	}
	return rows
}

var allRows = [][]int{rowsOf(0), rowsOf(1), rowsOf(2)}

// plants trains on all but a fold's rows.
func plants(t testing.TB, fold int, target ...tabular.DataOption) (*tabular.Learner, error) {
	opts := append([]tabular.DataOption{tabular.Conts("height"), tabular.Cats(), tabular.ValidRows(rowsOf(fold)),
		tabular.TestTable(heightsTable(t, 12, .5)), tabular.BatchSize(20), tabular.WorkDir(t.TempDir())}, target...)
	data, err := tabular.FromTable(heightsTable(t, 60, 0), opts...)
	if err != nil {
		return nil, err
	}
	l, err := tabular.NewLearner(data, tabular.Layers(8), tabular.With(fastnb.Seed(uint64(fold)), fastnb.WithProgress(nil)))
	if err != nil {
		return nil, err
	}
	return l, l.Fit(fastnb.LR(1e-2), 1)
}

// Whatever the items have, OOF is in the table's order and holds what the fold's own learner says; Test is the mean.
func TestCrossValidate(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for name, target := range map[string]tabular.DataOption{
		"classes": tabular.Class("kind"), "numbers": tabular.Target("weight"), "labels": tabular.Labels("tall", "big"),
	} {
		t.Run(name, func(t *testing.T) {
			said, tests := make([][]float32, 60), make([][][]float32, 3)
			train := func(fold int) (*tabular.Learner, error) {
				l, err := plants(t, fold, target)
				check(t, err)
				valid, test := must(l.Predict(fastnb.Valid)), must(l.Predict(fastnb.Test))
				for i, row := range rowsOf(fold) {
					said[row] = valid.Probs[i]
				}
				tests[fold] = test.Probs
				return l, nil
			}
			for order, opts := range map[string][]fastnb.FoldOption{"rows": {fastnb.FoldRows(allRows)}, "names": nil} {
				f, err := fastnb.CrossValidate(3, train, opts...)
				check(t, err)
				whole := must(tabular.FromTable(heightsTable(t, 60, 0), target, tabular.ValidRows(nil)))
				if !slices.EqualFunc(f.OOF.Probs, said, slices.Equal) || !slices.Equal(f.OOF.Labels, whole.Labels(fastnb.Train)) ||
					!slices.EqualFunc(f.OOF.Targets, whole.Targets(fastnb.Train), slices.Equal) ||
					!slices.Equal(f.OOF.Names, whole.Names(fastnb.Train)) {
					t.Errorf("by %s: out of fold are %v %v, %v %v", order, f.OOF.Names, f.OOF.Probs, f.OOF.Labels, f.OOF.Targets)
				}
				for i, row := range f.Test.Probs {
					for c, got := range row {
						want := (float64(tests[0][i][c]) + float64(tests[1][i][c]) + float64(tests[2][i][c])) / 3
						if math.Abs(float64(got)-want) > 1e-6 {
							t.Errorf("by %s: test item %d is %g (want %g)", order, i, got, want)
						}
					}
				}
			}
		})
	}
}

// The table has a row per fold, the mean, the spread, and the whole.
func TestFoldsTable(t *testing.T) {
	train := func(fold int) (*tabular.Learner, error) { return plants(t, fold, tabular.Class("kind")) }
	f, err := fastnb.CrossValidate(3, train, fastnb.FoldMetrics(metric.Accuracy, metric.LogLoss))
	check(t, err)
	if got := strings.Join(f.Header(), " "); got != "fold items loss accuracy log_loss time" {
		t.Errorf("the header is %q", got)
	}
	rows := f.Rows()
	var names []string
	var sum, squares float64
	for i, row := range rows {
		names = append(names, row[0])
		if i < 3 {
			v := f.Folds[i].Metrics[0]
			sum, squares = sum+v, squares+v*v
		}
	}
	mean := sum / 3
	spread := math.Sqrt((squares - 3*mean*mean) / 2)
	if got := strings.Join(names, " "); got != "0 1 2 mean spread all" {
		t.Errorf("the rows are %q", got)
	}
	for row, want := range map[int]float64{3: mean, 4: spread, 5: f.OOF.Accuracy()} {
		if got, _ := strconv.ParseFloat(rows[row][3], 64); math.Abs(got-want) > 5.1e-5 {
			t.Errorf("%s accuracy is %s (want %.4f)", rows[row][0], rows[row][3], want)
		}
	}
	if loss := f.OOF.LogLoss(); math.Abs(loss-f.OOF.Loss) > 1e-5 {
		t.Errorf("the loss of the whole is %g (want %g)", f.OOF.Loss, loss)
	}
	if strings.Count(f.String(), "\n") != 7 || strings.Count(f.HTML(), "<tr") != 7 {
		t.Errorf("the table is\n%s\n%s", f, f.HTML())
	}
}

// A run that ended goes on with the fold that it was in, and comes to the same.
func TestCrossValidateGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folds")
	var trained []int
	broken := errors.New("power cut")
	train := func(last int) func(fold int) (*tabular.Learner, error) {
		return func(fold int) (*tabular.Learner, error) {
			if trained = append(trained, fold); fold > last {
				return nil, broken
			}
			return plants(t, fold, tabular.Class("kind"))
		}
	}
	whole, err := fastnb.CrossValidate(3, train(2), fastnb.FoldTTA(fastnb.Augmented(1)))
	check(t, err)
	trained = nil
	_, err = fastnb.CrossValidate(3, train(0), fastnb.FoldDir(dir), fastnb.FoldTTA(fastnb.Augmented(1)))
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "fastnb: CrossValidate: fold 1: power cut") {
		t.Errorf("the cut run: %v", err)
	}
	for range 2 { // the second time all are kept
		again, err := fastnb.CrossValidate(3, train(2), fastnb.FoldDir(dir), fastnb.FoldTTA(fastnb.Augmented(1)))
		check(t, err)
		if !slices.EqualFunc(again.OOF.Probs, whole.OOF.Probs, slices.Equal) ||
			!slices.EqualFunc(again.Test.Probs, whole.Test.Probs, slices.Equal) ||
			!slices.Equal(again.Scores, whole.Scores) {
			t.Errorf("went on to\n%s, not to\n%s", again, whole)
		}
	}
	if got := fmt.Sprint(trained); got != "[0 1 1 2]" {
		t.Errorf("trained were the folds %s", got)
	}
	check(t, os.WriteFile(filepath.Join(dir, "fold1of3.preds.json"), []byte("{"), 0o666))
	_, err = fastnb.CrossValidate(3, train(2), fastnb.FoldDir(dir))
	if err == nil || !strings.Contains(err.Error(), "fold1of3.preds.json: unexpected end of JSON input; remove it") {
		t.Errorf("a damaged file: %v", err)
	}
}

// fixed is a Predictor that has its answers: mistakes are to be told apart without training.
type fixed struct{ valid, test *fastnb.Preds }

func (f *fixed) Predict(s fastnb.Split) (*fastnb.Preds, error) {
	p := map[fastnb.Split]*fastnb.Preds{fastnb.Valid: f.valid, fastnb.Test: f.test}[s]
	if p == nil {
		return nil, fmt.Errorf("the data has no %s items: %w", s, fastnb.ErrNoSplit)
	}
	return p, nil
}
func (f *fixed) TTA(s fastnb.Split, _ ...fastnb.TTAOption) (*fastnb.Preds, error) {
	return f.Predict(s)
}
func (f *fixed) Metrics() []metric.Metric { return nil }

func TestCrossValidateErrors(t *testing.T) {
	item := func(names ...string) *fastnb.Preds {
		p := &fastnb.Preds{Classes: []string{"cat", "dog"}, Names: names}
		for range names {
			p.Probs, p.Labels = append(p.Probs, []float32{.3, .7}), append(p.Labels, 1)
		}
		return p
	}
	with := func(p *fastnb.Preds, change func(p *fastnb.Preds)) *fastnb.Preds { change(p); return p }
	three := with(item("b"), func(p *fastnb.Preds) { p.Classes = []string{"cat"}; p.Probs[0] = []float32{1} })
	unlabelled := with(item("b"), func(p *fastnb.Preds) { p.Labels = nil })
	rows := fastnb.FoldRows
	for name, c := range map[string]struct {
		folds []*fixed
		opts  []fastnb.FoldOption
		want  string
	}{
		"one":          {[]*fixed{{item("a"), nil}}, nil, "1 folds (want 2 or more)"},
		"the same":     {[]*fixed{{item("a"), nil}, {item("a"), nil}}, nil, `fold 1: "a" is a validation item of this fold and of fold 0`},
		"again":        {[]*fixed{{item("a", "b"), nil}, {item("c", "b"), nil}}, nil, `fold 1: "b" is a validation item of this fold and of fold 0`},
		"the same row": {[]*fixed{{item("a"), nil}, {item("a"), nil}}, []fastnb.FoldOption{rows([][]int{{0}, {1}})}, "does train take"},
		"two a":        {[]*fixed{{item("a", "a"), nil}, {item("b"), nil}}, nil, `fold 0: two of its validation items are called "a"; give FoldRows`},
		"no names":     {[]*fixed{{with(item("a"), func(p *fastnb.Preds) { p.Names = nil }), nil}, {item("b"), nil}}, nil, "have no names; give FoldRows"},
		"no items":     {[]*fixed{{item(), nil}, {item("b"), nil}}, nil, "fold 0: there are no validation items"},
		"no split":     {[]*fixed{{nil, nil}, {item("b"), nil}}, nil, "fold 0: the data has no valid items: no such split"},
		"no learner":   {[]*fixed{nil, {item("b"), nil}}, nil, "fold 0: train returned no learner, and no error"},
		"classes":      {[]*fixed{{item("a"), nil}, {three, nil}}, nil, "fold 1: its classes are [cat], those of fold 0 [cat dog]"},
		"labels":       {[]*fixed{{item("a"), nil}, {unlabelled, nil}}, nil, "fold 1: its items have other targets"},
		"text":         {[]*fixed{{&fastnb.Preds{Kept: [][]float32{{1}}}, nil}, {item("b"), nil}}, nil, "keeps no predictions"},
		"one test":     {[]*fixed{{item("a"), item("t")}, {item("b"), nil}}, nil, "fold 1: one of it and fold 0 has test items"},
		"other tests":  {[]*fixed{{item("a"), item("t")}, {item("b"), item("u")}}, nil, "fold 1: its 1 test items are not those of fold 0"},
		"few rows":     {[]*fixed{{item("a"), nil}, {item("b"), nil}}, []fastnb.FoldOption{rows([][]int{{0, 1}, {2}})}, "fold 0: the learner has 1 validation items, FoldRows has 2"},
		"few folds":    {[]*fixed{{item("a"), nil}, {item("b"), nil}}, []fastnb.FoldOption{rows([][]int{{0, 1}})}, "FoldRows has the rows of 1 folds (want 2)"},
		"rows from 1":  {[]*fixed{{item("a"), nil}, {item("b"), nil}}, []fastnb.FoldOption{rows([][]int{{1}, {2}})}, "row 2 of fold 1, where the folds have 2 rows (want each from 0 to 1 once)"},
		"rows twice":   {[]*fixed{{item("a"), nil}, {item("b"), nil}}, []fastnb.FoldOption{rows([][]int{{1}, {1}})}, "row 1 is in folds 0 and 1"},
		"metric":       {[]*fixed{{item("a"), nil}, {item("b"), nil}}, []fastnb.FoldOption{fastnb.FoldMetrics(metric.RMSE)}, "fold 0: metric rmse does not measure"},
	} {
		f, err := fastnb.CrossValidate(len(c.folds), func(fold int) (*fixed, error) { return c.folds[fold], nil }, c.opts...)
		if err == nil || f != nil || !strings.HasPrefix(err.Error(), "fastnb: CrossValidate: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := fastnb.CrossValidate[*fixed](2, nil); err == nil || !strings.Contains(err.Error(), "train is nil") {
		t.Errorf("no train: %v", err)
	}
}

// Learners whose train forgets the fold are told after two.
func TestCrossValidateSameData(t *testing.T) {
	n := 0
	_, err := fastnb.CrossValidate(5, func(int) (*fastnb.Learner, error) {
		n++
		return fastnb.New(must(engine.Open()), synth.Clouds(t.TempDir(), 40, 16, 3), synth.Net(3))
	})
	if err == nil || n != 2 {
		t.Errorf("after %d learners: %v", n, err)
	}
}
