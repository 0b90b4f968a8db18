package metric

import (
	"fmt"
	"math"
)

// Average says how the scores of several classes or labels become one.
type Average int

const (
	// Macro is the mean over the classes, each alike. One that is neither there nor predicted counts as 0.
	Macro Average = iota

	// Micro is the score of all classes' right, false and missed ones together. Of one class each, of precision,
	// recall and F-beta, it is the accuracy.
	Micro

	// Weighted is the mean over the classes by how many items of each there are.
	Weighted

	// Samples is the mean over the items, of several labels only. An item without labels, true or predicted, counts
	// as 0.
	Samples

	// Binary is the score of class 1 of two, or of a single label.
	Binary
)

// String returns scikit-learn's name of an average.
func (a Average) String() string {
	if names := []string{"macro", "micro", "weighted", "samples", "binary"}; a >= 0 && int(a) < len(names) {
		return names[a]
	}
	return fmt.Sprintf("Average(%d)", int(a))
}

// PrecisionBy is Precision by an average of your choice, of one class each and of several labels, of which those above
// .5 are predicted; At sets another threshold. As scikit-learn's precision_score, labels of all classes, with
// zero_division=0. NaN for an average that the items do not have: Samples of one class each, Binary of many classes.
func PrecisionBy(avg Average) Metric { return averaged("precision", avg, precision) }

// RecallBy is Recall by an average of your choice; see PrecisionBy. As recall_score.
func RecallBy(avg Average) Metric { return averaged("recall", avg, recall) }

// FBetaBy is FBeta by an average of your choice; see PrecisionBy. As fbeta_score.
func FBetaBy(beta float64, avg Average) Metric {
	return averaged(fmt.Sprintf("f%g", beta), avg, fbeta(beta))
}

// JaccardBy is the share of what is predicted or true that is both, by an average of your choice; see PrecisionBy. As
// jaccard_score.
func JaccardBy(avg Average) Metric { return averaged("jaccard", avg, jaccard) }

func averaged(name string, avg Average, score func(counts) float64) Metric {
	c := counted{score, avg}
	return Metric{Name: name + "_" + avg.String(), Score: c.classes, Targets: c.labels, counted: &c}
}

func precision(c counts) float64 { return share(c.tp, c.tp+c.fp) }
func recall(c counts) float64    { return share(c.tp, c.tp+c.fn) }
func jaccard(c counts) float64   { return share(c.tp, c.tp+c.fp+c.fn) }

func fbeta(beta float64) func(counts) float64 {
	b2 := beta * beta
	return func(c counts) float64 { return share((1+b2)*c.tp, (1+b2)*c.tp+b2*c.fn+c.fp) }
}

// counted is a score that looks at nothing but how many are right, false and missed.
type counted struct {
	score func(counts) float64
	avg   Average
}

// classes is the score of items of one class each.
func (c counted) classes(probs []float32, classes int, labels []int) float64 {
	if c.avg == Samples || c.avg == Binary && classes != 2 || !fits(probs, classes, labels) {
		return math.NaN()
	}
	of := tally(probs, classes, labels)
	if c.avg == Binary {
		return c.score(of[1])
	}
	return c.over(of)
}

// labels is the score of items of several labels each.
func (c counted) labels(p, t []float32, cols int) float64 {
	if !fitsLabels(p, t, cols) || c.avg == Binary && cols != 1 {
		return math.NaN()
	}
	if c.avg == Samples {
		return c.over(tallyRows(p, t, cols))
	}
	return c.over(tallyColumns(p, t, cols))
}

// over makes one score of several.
func (c counted) over(of []counts) float64 {
	var sum, weights float64
	var all counts
	for _, k := range of {
		all = counts{all.tp + k.tp, all.fp + k.fp, all.fn + k.fn}
		weight := 1.
		if c.avg == Weighted {
			weight = k.tp + k.fn
		}
		sum, weights = sum+weight*c.score(k), weights+weight
	}
	switch {
	case c.avg == Micro:
		return c.score(all)
	case c.avg < 0 || c.avg > Binary:
		return math.NaN()
	}
	return share(sum, weights)
}

// tallyRows counts by items what is above .5.
func tallyRows(p, t []float32, cols int) []counts {
	of := make([]counts, len(p)/cols)
	for i := range of {
		of[i] = labelCounts(p[i*cols:(i+1)*cols], t[i*cols:(i+1)*cols], .5)
	}
	return of
}

// tallyColumns counts by labels what is above .5.
func tallyColumns(p, t []float32, cols int) []counts {
	of := make([]counts, cols)
	for i := range p {
		of[i%cols].add(p[i] > .5, t[i] > .5, 1)
	}
	return of
}

// add counts a label n times.
func (c *counts) add(predicted, is bool, n float64) {
	switch {
	case predicted && is:
		c.tp += n
	case predicted:
		c.fp += n
	case is:
		c.fn += n
	}
}

// fitsLabels tells whether there is a row of probabilities for each row of labels, 0 or 1.
func fitsLabels(p, t []float32, cols int) bool {
	if !fitsNumbers(p, t, cols) {
		return false
	}
	for _, x := range t {
		if x != 0 && x != 1 {
			return false
		}
	}
	return true
}

// fitsNumbers tells whether there is a row of outputs for each row of targets, and all are numbers.
func fitsNumbers(p, t []float32, cols int) bool {
	return len(p) == len(t) && cols > 0 && len(p) >= cols && len(p)%cols == 0 && !hasNaN(p) && !hasNaN(t)
}

func hasNaN(all []float32) bool {
	for _, x := range all {
		if x != x {
			return true
		}
	}
	return false
}
