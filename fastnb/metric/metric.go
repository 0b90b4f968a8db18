// Package metric measures predictions on host slices: what the epoch table shows beside the loss.
package metric

import "math"

// Metric is a score of predictions with the name it has in tables. It measures what it has a function for: Score items
// of one class each, Targets items with numbers to be met, of a regression or of several labels.
type Metric struct {
	Name  string
	Lower bool // lower is better

	// Score measures all predictions of a split at once, so a ragged last batch does no harm. probs holds a row of
	// class probabilities for each item, [n*classes]; labels holds each item's class, [n]. The score of no items,
	// and of slices that do not fit together, is NaN.
	Score func(probs []float32, classes int, labels []int) float64

	// Targets measures outputs against targets, rows of cols numbers each, [n*cols], all of a split at once. NaN as
	// above, and where a metric of labels is given targets that are not 0 or 1.
	Targets func(outputs, targets []float32, cols int) float64

	// Kept measures what a model keeps of each item in place of its output, rows of cols numbers each, all of a split at
	// once; what they are is the model's to say.
	Kept func(rows []float32, cols int) float64

	counted *counted // what of it can be searched for thresholds quickly
}

// Accuracy is the share of items whose most probable class is the right one, 0 to 1.
var Accuracy = Metric{Name: "accuracy", Score: accuracy}

// ErrorRate is 1 - Accuracy.
var ErrorRate = Metric{Name: "error_rate", Lower: true,
	Score: func(probs []float32, classes int, labels []int) float64 { return 1 - accuracy(probs, classes, labels) }}

// LogLoss is the mean of -ln(probability of the right class), in nats. Probabilities below 1.2e-7, the float32
// rounding, count as that, as in scikit-learn. Of several labels it is the mean over all labels of -ln(probability of
// what is right, there or not).
var LogLoss = Metric{Name: "log_loss", Lower: true, Score: logLoss, Targets: logLossOfLabels}

func accuracy(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	right := 0
	for i, class := range Predicted(probs, classes) {
		if class == labels[i] {
			right++
		}
	}
	return float64(right) / float64(len(labels))
}

func logLoss(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	var sum float64
	for i, class := range labels {
		sum -= lnProb(float64(probs[i*classes+class]))
	}
	return sum / float64(len(labels))
}

func logLossOfLabels(p, t []float32, cols int) float64 {
	if !fitsLabels(p, t, cols) {
		return math.NaN()
	}
	return -mean(p, t, func(p, t float64) float64 {
		if t > .5 {
			return lnProb(p)
		}
		return lnProb(1 - p)
	})
}

// lnProb is the logarithm of a probability above 0.
func lnProb(p float64) float64 { return math.Log(min(max(p, 0x1p-23), 1)) }

// fits tells whether there is a row of probabilities, all numbers, for each label, and each label is a class.
func fits(probs []float32, classes int, labels []int) bool {
	for _, class := range labels {
		if class < 0 || class >= classes {
			return false
		}
	}
	return len(labels) > 0 && len(probs) == len(labels)*classes && !hasNaN(probs)
}

// Predicted returns the most probable class of each row of probs, [n*classes]; the first of equals.
func Predicted(probs []float32, classes int) []int {
	if classes < 1 {
		return nil
	}
	pred := make([]int, len(probs)/classes)
	for i := range pred {
		pred[i] = argmax(probs[i*classes : (i+1)*classes])
	}
	return pred
}

func argmax(row []float32) int {
	best := 0
	for i, p := range row {
		if p > row[best] {
			best = i
		}
	}
	return best
}
