package metric

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// TopK is the share of items whose class is among the k most probable ones; TopK(1) is Accuracy. Of equals the first
// is the more probable. NaN for k below 1. As scikit-learn's top_k_accuracy_score, which takes the last of equals.
func TopK(k int) Metric {
	return Metric{Name: fmt.Sprintf("top_%d", k), Score: func(probs []float32, classes int, labels []int) float64 {
		if k < 1 {
			return math.NaN()
		}
		return meanOfRanks(probs, classes, labels, func(rank int) float64 {
			if rank <= k {
				return 1
			}
			return 0
		})
	}}
}

// MAPAt is the mean average precision of the k most probable classes, MAP@k, as competitions have it. Of one class each
// it is the mean of 1/rank of the right class, 0 beyond k. Of several labels it is, item by item, the sum of the
// precisions at the ranks of the true labels within k, divided by the number of these labels, k at most; an item
// without labels counts 0. Of equals the first is the more probable. NaN for k below 1.
func MAPAt(k int) Metric {
	return Metric{Name: fmt.Sprintf("map@%d", k), Targets: mapOfLabels(k),
		Score: func(probs []float32, classes int, labels []int) float64 {
			if k < 1 {
				return math.NaN()
			}
			return meanOfRanks(probs, classes, labels, func(rank int) float64 {
				if rank <= k {
					return 1 / float64(rank)
				}
				return 0
			})
		}}
}

// meanOfRanks is the mean of a score of the right class's rank, 1 for the most probable.
func meanOfRanks(probs []float32, classes int, labels []int, score func(rank int) float64) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	var sum float64
	for i, class := range labels {
		sum += score(rankOf(probs[i*classes:(i+1)*classes], class))
	}
	return sum / float64(len(labels))
}

func rankOf(row []float32, class int) int {
	rank := 1
	for k, p := range row {
		if p > row[class] || p == row[class] && k < class {
			rank++
		}
	}
	return rank
}

func mapOfLabels(k int) func(p, t []float32, cols int) float64 {
	return func(p, t []float32, cols int) float64 {
		if k < 1 || !fitsLabels(p, t, cols) {
			return math.NaN()
		}
		var sum float64
		for i := 0; i < len(p); i += cols {
			sum += precisionAt(p[i:i+cols], t[i:i+cols], k)
		}
		return sum / float64(len(p)/cols)
	}
}

// precisionAt is the average precision of one item within its k most probable labels.
func precisionAt(p, t []float32, k int) float64 {
	order := make([]int, len(p))
	truth := 0
	for i := range order {
		if order[i] = i; t[i] > .5 {
			truth++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	var sum, found float64
	for at, label := range order[:min(k, len(order))] {
		if t[label] > .5 {
			found++
			sum += found / float64(at+1)
		}
	}
	return share(sum, float64(min(truth, k)))
}
