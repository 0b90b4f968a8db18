package metric

import "math"

// Jaccard is the share of the items predicted to be of a class or being of it that are both. Of two classes it is that
// of class 1; of more, the mean over the classes; of several labels, predicted above .5, that of each item's labels,
// then the mean over the items, where an item without labels, predicted or true, counts 0. JaccardBy has other
// averages.
var Jaccard = Metric{Name: "jaccard", Score: perClass(jaccard), Targets: jaccardOfItems.labels,
	counted: &jaccardOfItems}

var jaccardOfItems = counted{jaccard, Samples}

// HammingLoss is the share of all labels, of all items, that are wrong: predicted above .5, or not, where they should
// not be; At sets another threshold. As scikit-learn's hamming_loss.
var HammingLoss = Metric{Name: "hamming_loss", Lower: true, Targets: func(p, t []float32, cols int) float64 {
	if !fitsLabels(p, t, cols) {
		return math.NaN()
	}
	wrong := 0
	for i := range p {
		if (p[i] > .5) != (t[i] > .5) {
			wrong++
		}
	}
	return float64(wrong) / float64(len(p))
}}

// SubsetAccuracy is the share of items all labels of which are right: predicted above .5 where they are there, and
// not where not; At sets another threshold. As scikit-learn's accuracy_score of several labels.
var SubsetAccuracy = Metric{Name: "subset_accuracy", Targets: func(p, t []float32, cols int) float64 {
	if !fitsLabels(p, t, cols) {
		return math.NaN()
	}
	var right float64
	for _, c := range tallyRows(p, t, cols) {
		if c.fp+c.fn == 0 {
			right++
		}
	}
	return right / float64(len(p)/cols)
}}
