package metric

import "math"

// ROC returns the receiver operating characteristic: the share of the negative items that are taken for positive ones,
// and the share of the positive ones that are found, with each score as a threshold that is reached, from the highest
// on. The first point, (0, 0), has the threshold +Inf. Nil where the slices differ in length, a score is NaN, or all
// items are of one kind. As scikit-learn's roc_curve with drop_intermediate=False.
func ROC(scores []float32, positive []bool) (falsePositive, truePositive, thresholds []float64) {
	all, p, n := counted01(scores, positive)
	if p == 0 || n == 0 {
		return nil, nil, nil
	}
	var tp, fp float64
	for _, s := range append([]step{{score: math.Inf(1)}}, all...) {
		tp, fp = tp+s.tp, fp+s.fp
		falsePositive, truePositive = append(falsePositive, fp/n), append(truePositive, tp/p)
		thresholds = append(thresholds, s.score)
	}
	return falsePositive, truePositive, thresholds
}

// PrecisionRecall returns precision and recall with each score as a threshold that is reached, from the lowest on, and
// a last point, precision 1 and recall 0, that has no threshold. Nil where the slices differ in length, a score is
// NaN, or no item is positive. As scikit-learn's precision_recall_curve.
func PrecisionRecall(scores []float32, positive []bool) (precision, recall, thresholds []float64) {
	all, p, n := counted01(scores, positive)
	if p == 0 {
		return nil, nil, nil
	}
	tp, fp := p, n
	for i := len(all) - 1; i >= 0; i-- {
		precision, recall = append(precision, tp/(tp+fp)), append(recall, tp/p)
		thresholds = append(thresholds, all[i].score)
		tp, fp = tp-all[i].tp, fp-all[i].fp
	}
	return append(precision, 1), append(recall, 0), thresholds
}

// counted01 counts the items by their scores, the highest first, and the positive and negative ones; all 0 for slices
// that do not fit.
func counted01(scores []float32, positive []bool) (all []step, p, n float64) {
	if len(scores) != len(positive) || hasNaN(scores) {
		return nil, 0, 0
	}
	truth := make([]float32, len(positive))
	for i, is := range positive {
		if is {
			truth[i] = 1
		}
	}
	all = steps(scores, truth)
	for _, s := range all {
		p, n = p+s.tp, n+s.fp
	}
	return all, p, n
}

// Calibration returns the reliability curve of probabilities: of each of so many bins of equal width that has any
// items, their mean probability, the share of them that came true, and how many they are. A probability on the border
// of two bins is in the lower one. Nil where the slices differ in length, a probability is NaN, or there are no bins or
// more than a million.
// As scikit-learn's calibration_curve.
func Calibration(probs []float32, right []bool, bins int) (predicted, actual []float64, counts []int) {
	if bins < 1 || bins > mostBins || len(probs) != len(right) || hasNaN(probs) {
		return nil, nil, nil
	}
	sums, hits, n := make([]float64, bins), make([]float64, bins), make([]int, bins)
	for i, p := range probs {
		b := binOf(float64(p), bins)
		sums[b], n[b] = sums[b]+float64(p), n[b]+1
		if right[i] {
			hits[b]++
		}
	}
	for b, count := range n {
		if count > 0 {
			predicted, actual = append(predicted, sums[b]/float64(count)), append(actual, hits[b]/float64(count))
			counts = append(counts, count)
		}
	}
	return predicted, actual, counts
}

// mostBins is how many bins there may be.
const mostBins = 1 << 20

// binOf returns the bin of a probability; what is below 0 or above 1 is in the first and the last.
func binOf(p float64, bins int) int {
	width := 1 / float64(bins)
	b := max(0, min(int(p*float64(bins)), bins-1))
	for b > 0 && float64(b)*width >= p {
		b--
	}
	for b < bins-1 && float64(b+1)*width < p {
		b++
	}
	return b
}
