package metric

import (
	"fmt"
	"math"
)

// Brier is the mean squared error of probabilities. Of two classes it is that of class 1's; of more, the sum over the
// classes; of several labels, the mean over the labels. As scikit-learn's brier_score_loss.
var Brier = Metric{Name: "brier", Lower: true, Score: brier, Targets: func(p, t []float32, cols int) float64 {
	if !fitsLabels(p, t, cols) {
		return math.NaN()
	}
	return meanSquare(p, t)
}}

func brier(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	truth := oneHot(labels, classes)
	if classes == 2 {
		return meanSquare(column(probs, 2, 1), column(truth, 2, 1))
	}
	return meanSquare(probs, truth) * float64(classes)
}

// CalibrationError is the expected calibration error: how far probabilities are from how often they come true. Items
// are sorted by the probability of their most probable class into bins of equal width, and it is the mean, by their
// numbers of items, of the distances between mean probability and accuracy. Of several labels each label's
// probability counts. Of 15 bins it is that of Guo et al. 2017, arXiv:1706.04599. NaN for less than one bin.
func CalibrationError(bins int) Metric {
	return Metric{Name: fmt.Sprintf("ece_%d", bins), Lower: true,
		Score: func(probs []float32, classes int, labels []int) float64 {
			if !fits(probs, classes, labels) {
				return math.NaN()
			}
			p, right := Confidence(probs, classes, labels)
			return calibrationError(p, right, bins)
		},
		Targets: func(p, t []float32, cols int) float64 {
			if !fitsLabels(p, t, cols) {
				return math.NaN()
			}
			return calibrationError(p, positives(t), bins)
		}}
}

func calibrationError(p []float32, right []bool, bins int) float64 {
	predicted, actual, counts := Calibration(p, right, bins)
	sum, n := 0., 0
	for i, count := range counts {
		sum, n = sum+float64(count)*math.Abs(predicted[i]-actual[i]), n+count
	}
	return sum / float64(n) // 0/0 is NaN
}

// Confidence returns the probability of each item's most probable class, and whether that is the right one: what
// Calibration wants of items of one class each. Nil for slices that do not fit together.
func Confidence(probs []float32, classes int, labels []int) (p []float32, right []bool) {
	if !fits(probs, classes, labels) {
		return nil, nil
	}
	for i, class := range Predicted(probs, classes) {
		p, right = append(p, probs[i*classes+class]), append(right, class == labels[i])
	}
	return p, right
}

func positives(t []float32) []bool {
	is := make([]bool, len(t))
	for i, x := range t {
		is[i] = x > .5
	}
	return is
}
