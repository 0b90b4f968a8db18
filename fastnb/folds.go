package fastnb

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/natural"
	"gonum.org/v1/gonum/stat"
)

// Folds is what CrossValidate comes to.
type Folds struct {
	OOF     *Preds      // out-of-fold: every item as predicted by the learner that has not seen it; Loss is the mean
	Test    *Preds      // the test items, the mean of the learners' predictions; nil without a test split
	Folds   []FoldScore // of each fold
	Metrics []string    // names of what was measured
	Scores  []float64   // the metrics of OOF as a whole
}

// FoldScore is how good the learner of one fold is on its validation items.
type FoldScore struct {
	Items   int
	Loss    float64   // as Preds.Loss has it
	Metrics []float64 // in the order of Folds.Metrics
	Time    time.Duration
}

// foldPart is what one fold predicts, as a file keeps it.
type foldPart struct {
	Valid   *Preds
	Test    *Preds // nil without a test split
	Seconds float64
}

// foldParts are the parts of the folds so far.
type foldParts struct {
	rows  [][]int // of the whole, of each fold; nil where names say the order
	parts []*foldPart
	fold  map[string]int // by name of an item, the fold that has it
}

// add takes the next fold's part, if it goes with those before.
func (f *foldParts) add(p *foldPart) error {
	if err := f.fits(p); err != nil {
		return err
	}
	for k, before := range f.parts {
		if slices.Equal(before.Valid.Names, p.Valid.Names) && p.Valid.Names != nil {
			return twice(p.Valid.Names[0], k)
		}
	}
	if f.rows == nil { // names tell the items apart
		if err := f.addNames(p.Valid.Names); err != nil {
			return err
		}
	}
	f.parts = append(f.parts, p)
	return nil
}

// addNames tells which item has a name that another one has.
func (f *foldParts) addNames(names []string) error {
	if f.fold == nil {
		f.fold = map[string]int{}
	}
	here := len(f.parts)
	for _, name := range names {
		switch k, is := f.fold[name]; {
		case is && k == here:
			return fmt.Errorf("two of its validation items are called %q; give FoldRows, the rows that they are of the whole",
				name)
		case is:
			return twice(name, k)
		}
		f.fold[name] = here
	}
	return nil
}

// twice tells that an item is validated again, after fold k.
func twice(name string, k int) error {
	return fmt.Errorf("%q is a validation item of this fold and of fold %d (want each item in one fold: "+
		"does train take the validation items of the fold that it is given?)", name, k)
}

// fits tells why a part is not of the same whole as those before.
func (f *foldParts) fits(p *foldPart) error {
	k := len(f.parts)
	switch v := p.Valid; {
	case v.Kept != nil:
		return errors.New("the model keeps no predictions of its items that could be put together")
	case len(v.Probs) == 0:
		return errors.New("there are no validation items")
	case f.rows != nil && len(f.rows[k]) != len(v.Probs):
		return fmt.Errorf("the learner has %d validation items, FoldRows has %d rows of this fold", len(v.Probs),
			len(f.rows[k]))
	case f.rows == nil && len(v.Names) != len(v.Probs):
		return errors.New("the validation items have no names; give FoldRows, the rows that they are of the whole")
	case k == 0:
		return nil
	}
	first := f.parts[0]
	if err := alike(first.Valid, p.Valid); err != nil {
		return err
	}
	if (first.Test == nil) != (p.Test == nil) {
		return errors.New("one of it and fold 0 has test items, the other has none")
	}
	if p.Test != nil && (!slices.Equal(first.Test.Names, p.Test.Names) || len(first.Test.Probs) != len(p.Test.Probs)) {
		return fmt.Errorf("its %d test items are not those of fold 0 in the same order", len(p.Test.Probs))
	}
	return nil
}

// alike tells in what the predictions of two folds differ.
func alike(a, b *Preds) error {
	switch {
	case !slices.Equal(a.Classes, b.Classes):
		return fmt.Errorf("its classes are %v, those of fold 0 %v (want each class in the training items of every fold: "+
			"make the folds by class)", b.Classes, a.Classes)
	case len(a.Probs[0]) != len(b.Probs[0]), (a.Labels == nil) != (b.Labels == nil),
		(a.Targets == nil) != (b.Targets == nil), a.Logs != b.Logs:
		return errors.New("its items have other targets than those of fold 0")
	}
	return nil
}

// checkFoldRows tells what is not each row of a whole once.
func checkFoldRows(rows [][]int) error {
	n := len(slices.Concat(rows...))
	fold := slices.Repeat([]int{-1}, n)
	for k, of := range rows {
		for _, row := range of {
			switch {
			case row < 0 || row >= n:
				return fmt.Errorf("FoldRows: row %d of fold %d, where the folds have %d rows (want each from 0 to %d once)",
					row, k, n, n-1)
			case fold[row] >= 0:
				return fmt.Errorf("FoldRows: row %d is in folds %d and %d (want it in one)", row, fold[row], k)
			}
			fold[row] = k
		}
	}
	return nil
}

// whole puts the parts together and measures them; nil metrics are those of what the items have.
func (f *foldParts) whole(ms []metric.Metric) *Folds {
	all := &Folds{OOF: f.outOfFold(), Test: f.test()}
	if ms == nil {
		ms = usualMetrics(all.OOF)
	}
	all.Metrics = metricNames(ms)
	for _, p := range f.parts {
		all.Folds = append(all.Folds, FoldScore{len(p.Valid.Probs), p.Valid.Loss, p.Valid.scores(ms),
			time.Duration(p.Seconds * float64(time.Second))})
	}
	all.Scores = all.OOF.scores(ms)
	return all
}

// measure tells which metric does not measure what predicted items have.
func measure(ms []metric.Metric, p *Preds) error {
	for _, m := range ms {
		if p.Labels != nil && m.Score == nil || p.Labels == nil && m.Targets == nil {
			return fmt.Errorf("metric %s does not measure what the items have; give FoldMetrics others", m.Name)
		}
	}
	return nil
}

// usualMetrics are those of classes, of several labels or of numbers.
func usualMetrics(p *Preds) []metric.Metric {
	switch {
	case p.Labels != nil:
		return []metric.Metric{metric.Accuracy}
	case p.Classes != nil:
		return []metric.Metric{metric.AccuracyThresh(.5)}
	}
	return []metric.Metric{metric.RMSE}
}

// outOfFold returns the validation items of all folds in the order of the whole.
func (f *foldParts) outOfFold() *Preds {
	all := &Preds{Classes: f.parts[0].Valid.Classes, Logs: f.parts[0].Valid.Logs}
	var loss float64
	for _, part := range f.parts {
		p := part.Valid
		all.Probs, all.Labels = append(all.Probs, p.Probs...), append(all.Labels, p.Labels...)
		all.Targets, all.Names = append(all.Targets, p.Targets...), append(all.Names, p.Names...)
		loss += p.Loss * float64(len(p.Probs))
	}
	order := f.order(all.Names)
	all.Probs, all.Labels = permuted(all.Probs, order), permuted(all.Labels, order)
	all.Targets, all.Names = permuted(all.Targets, order), permuted(all.Names, order)
	all.Loss = loss / float64(len(all.Probs))
	return all
}

// order returns which of the items, fold after fold, stands at each place of the whole.
func (f *foldParts) order(names []string) []int {
	rows := slices.Concat(f.rows...)
	order := make([]int, max(len(rows), len(names)))
	for i := range order {
		order[i] = i
	}
	if f.rows == nil {
		slices.SortStableFunc(order, func(a, b int) int { return natural.Compare(names[a], names[b]) })
		return order
	}
	for i, row := range rows {
		order[row] = i
	}
	return order
}

// permuted returns x in an order, nil where there is nothing.
func permuted[T any](x []T, order []int) []T {
	if len(x) == 0 {
		return nil
	}
	y := make([]T, len(order))
	for i, from := range order {
		y[i] = x[from]
	}
	return y
}

// test returns the mean of the folds' predictions for the test items, nil where there are none.
func (f *foldParts) test() *Preds {
	if f.parts[0].Test == nil {
		return nil
	}
	views := make([][][]float32, len(f.parts))
	for i, p := range f.parts {
		views[i] = p.Test.Probs
	}
	mean := *f.parts[0].Test
	mean.Probs, mean.Loss = average(views, 1/float64(len(views))), 0
	return &mean
}

// Header returns the names of the columns of Rows.
func (f *Folds) Header() []string {
	header := []string{"fold", "items", "loss"}
	for _, m := range f.Metrics {
		header = append(header, shown(m))
	}
	return append(header, "time")
}

// Rows returns a row per fold, then their mean and their spread (the standard deviation over folds, with n-1), and at
// last what OOF as a whole scores: of a metric that is no mean over items, such as an AUC, that is not the mean.
func (f *Folds) Rows() [][]string {
	var rows [][]string
	var time time.Duration
	for k, s := range f.Folds {
		rows = append(rows, foldRow(fmt.Sprint(k), fmt.Sprint(s.Items), s.Loss, s.Metrics, minutes(s.Time)))
		time += s.Time
	}
	mean, spread := f.overFolds()
	rows = append(rows, foldRow("mean", "", mean[0], mean[1:], ""), foldRow("spread", "", spread[0], spread[1:], ""))
	return append(rows, foldRow("all", fmt.Sprint(len(f.OOF.Probs)), f.OOF.Loss, f.Scores, minutes(time)))
}

// overFolds returns mean and spread over folds of the loss and of each metric.
func (f *Folds) overFolds() (means, spreads []float64) {
	for i := range 1 + len(f.Metrics) {
		var x []float64
		for _, s := range f.Folds {
			x = append(x, append([]float64{s.Loss}, s.Metrics...)[i])
		}
		m, s := stat.MeanStdDev(x, nil)
		means, spreads = append(means, m), append(spreads, s)
	}
	return means, spreads
}

func foldRow(name, items string, loss float64, metrics []float64, time string) []string {
	row := []string{name, items, figure(loss, 4)}
	for _, m := range metrics {
		row = append(row, figure(m, 4))
	}
	return append(row, time)
}

// String returns the table as lines of text.
func (f *Folds) String() string { return textTable(f.Header(), f.Rows()) }

// HTML returns the table as HTML that leaves its colours to the page.
func (f *Folds) HTML() string { return htmlTable(f.Header(), f.Rows(), 1) }
