package fastnb

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/verb"
)

// Report says how well each class is predicted: scikit-learn's classification_report, with zero_division=0. It is a
// table that nb.ShowTable shows.
type Report struct {
	Classes  []ClassScore // in the order of Preds.Classes
	Averages []ClassScore // macro and weighted; of several labels micro before them, samples after them
	Accuracy float64      // of one class each; NaN of several labels
	Items    int
}

// ClassScore is how well a class is predicted, or what the average of the classes is.
type ClassScore struct {
	Name                  string
	Precision, Recall, F1 float64
	Support               int // how many items are of the class; of an average, of all classes
}

// Report returns precision, recall, F1 and support of each class, and their averages. Of several labels those above a
// threshold are predicted, one for all classes or one for each; .5 without any. Items of one class each take none:
// their most probable class is predicted. An error tells if there are no labels, or numbers.
func (p *Preds) Report(thresholds ...float64) (r *Report, err error) {
	defer verb.Name(&err, "fastnb: Report")
	if err := p.checkTruth(); err != nil {
		return nil, err
	}
	if err := p.checkThresholds(thresholds); err != nil {
		return nil, err
	}
	if p.kind() == oneClass {
		if len(thresholds) > 0 {
			return nil, fmt.Errorf("thresholds %v: items of one class each have none; leave them out", thresholds)
		}
		r = p.report(hardClasses(p.Predicted(), len(p.Classes)), hardClasses(p.Labels, len(p.Classes)))
		r.Accuracy, r.Averages = p.Accuracy(), r.Averages[1:3]
		return r, nil
	}
	hard := make([][]float32, len(p.Probs))
	for i := range hard {
		hard[i] = hardRow(p.above(i, thresholds), len(p.Classes))
	}
	return p.report(hard, p.Targets), nil
}

// report scores predictions of 0 and 1.
func (p *Preds) report(hard, truth [][]float32) *Report {
	r := &Report{Accuracy: math.NaN(), Items: len(hard)}
	flat, right := slices.Concat(hard...), slices.Concat(truth...)
	precision, recall, f1 := metric.PrecisionBy, metric.RecallBy, func(avg metric.Average) metric.Metric {
		return metric.FBetaBy(1, avg)
	}
	each := func(of func(metric.Average) metric.Metric) []float64 {
		return metric.PerLabel(of(metric.Macro), flat, right, len(p.Classes))
	}
	ps, rs, fs, all := each(precision), each(recall), each(f1), 0
	for k := range ps {
		support := 0
		for _, row := range truth {
			support += int(row[k])
		}
		all += support
		r.Classes = append(r.Classes, ClassScore{p.Classes[k], ps[k], rs[k], fs[k], support})
	}
	for _, avg := range []metric.Average{metric.Micro, metric.Macro, metric.Weighted, metric.Samples} {
		score := func(m metric.Metric) float64 { return m.Targets(flat, right, len(p.Classes)) }
		r.Averages = append(r.Averages, ClassScore{avg.String() + " avg", score(precision(avg)), score(recall(avg)),
			score(f1(avg)), all})
	}
	return r
}

// hardClasses writes classes as rows of 0 with a 1.
func hardClasses(of []int, classes int) [][]float32 {
	rows := make([][]float32, len(of))
	for i, class := range of {
		rows[i] = hardRow([]int{class}, classes)
	}
	return rows
}

func hardRow(there []int, classes int) []float32 {
	row := make([]float32, classes)
	for _, class := range there {
		row[class] = 1
	}
	return row
}

// Header returns the names of the columns of Rows.
func (r *Report) Header() []string { return []string{"class", "precision", "recall", "f1", "support"} }

// Rows returns a row for each class, the accuracy of items of one class each, and a row for each average.
func (r *Report) Rows() [][]string {
	var rows [][]string
	for _, c := range r.Classes {
		rows = append(rows, c.row())
	}
	if !math.IsNaN(r.Accuracy) {
		rows = append(rows, []string{"accuracy", "", "", figure(r.Accuracy, 3), strconv.Itoa(r.Items)})
	}
	for _, c := range r.Averages {
		rows = append(rows, c.row())
	}
	return rows
}

func (c ClassScore) row() []string {
	return []string{shown(c.Name), figure(c.Precision, 3), figure(c.Recall, 3), figure(c.F1, 3), strconv.Itoa(c.Support)}
}

// String returns the table as lines of text.
func (r *Report) String() string { return textTable(r.Header(), r.Rows()) }

// HTML returns the table as HTML that leaves its colours to the page.
func (r *Report) HTML() string { return htmlTable(r.Header(), r.Rows(), 1) }
