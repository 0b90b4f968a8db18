package fastnb_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// Three nets, each trained without a third of the rows: every row is predicted by the one that has not seen it, and the
// test rows by the mean of all.
func ExampleCrossValidate() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	heights := []float64{10, 90, 20, 80, 15, 85, 25, 75, 30, 70, 35, 65}
	table := must(tabular.NewTable(tabular.Numbers("height", heights),
		tabular.Texts("kind", strings.Fields("fern rose fern rose fern rose fern rose fern rose fern rose"))))
	test := must(tabular.NewTable(tabular.Numbers("height", []float64{12, 88})))
	folds := [][]int{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}}

	f := must(fastnb.CrossValidate(3, func(fold int) (*tabular.Learner, error) {
		data := must(tabular.FromTable(table, tabular.Class("kind"), tabular.Conts("height"), tabular.ValidRows(folds[fold]),
			tabular.TestTable(test), tabular.WorkDir(dir)))
		learn := must(tabular.NewLearner(data, tabular.Layers(8), tabular.With(fastnb.WithProgress(nil))))
		return learn, learn.Fit(fastnb.LR(.1), 20)
	}, fastnb.FoldRows(folds), fastnb.FoldDir(dir), fastnb.FoldMetrics(metric.Accuracy)))

	fmt.Println(f.Header()[:4])
	for _, row := range f.Rows() {
		fmt.Println(row[0], row[1], row[3])
	}
	fmt.Println(len(f.OOF.Probs), "rows,", len(f.Test.Probs), "to predict")
	fmt.Println(strings.Count(f.HTML(), "<tr"), "lines of a page")
	var first fastnb.FoldScore = f.Folds[0]
	fmt.Println(first.Items, "items in the first fold")
	// Output:
	// [fold items loss accuracy]
	// 0 4 1.0000
	// 1 4 1.0000
	// 2 4 1.0000
	// mean  1.0000
	// spread  0.0000
	// all 12 1.0000
	// 12 rows, 2 to predict
	// 7 lines of a page
	// 4 items in the first fold
}

// Learners of several kinds, each by test-time augmentation.
func ExampleFoldTTA() {
	answers := photos
	train := func(fold int) (fastnb.Predictor, error) {
		if fold == 0 {
			return &fixed{valid: answers}, nil
		}
		return nil, fmt.Errorf("no net for fold %d yet", fold)
	}
	_, err := fastnb.CrossValidate(2, train, fastnb.FoldTTA(fastnb.Augmented(8)))
	fmt.Println(err)
	// Output: fastnb: CrossValidate: fold 1: no net for fold 1 yet
}
