package metric

import (
	"cmp"
	"math"
	"slices"
)

// AUC is the area under the ROC curve: how often an item of a class has a higher probability of it than one of another
// class, half where they are equal; .5 is chance. Of two classes it is that of class 1; of more, the mean over the
// classes, each against the rest; of several labels the mean over the labels. A class that no item has, or all, has
// none and is left out; NaN where none is left. As scikit-learn's roc_auc_score, which refuses those.
var AUC = Metric{Name: "auc", Score: oneVsRest(auc), Targets: perLabel(auc)}

// AveragePrecision is the area under the precision-recall curve, as steps: the mean of the precisions at each item of
// a class, from the most probable on. Classes and labels become one as those of AUC do. A class that no item has is
// left out, where scikit-learn's average_precision_score counts 0.
var AveragePrecision = Metric{Name: "average_precision", Score: oneVsRest(averagePrecision),
	Targets: perLabel(averagePrecision)}

// auc is the rank sum of the positive ones, by Mann and Whitney.
func auc(p, t []float32) float64 {
	var area, tp, fp float64
	for _, s := range steps(p, t) {
		area += s.fp * (tp + s.tp/2)
		tp, fp = tp+s.tp, fp+s.fp
	}
	return area / (tp * fp) // 0/0 is NaN
}

func averagePrecision(p, t []float32) float64 {
	var sum, tp, fp float64
	for _, s := range steps(p, t) {
		tp, fp = tp+s.tp, fp+s.fp
		sum += s.tp * tp / (tp + fp)
	}
	return sum / tp
}

// step is how many items, positive and not, have one score.
type step struct{ score, tp, fp float64 }

// steps counts the items by their scores, the highest first.
func steps(p, t []float32) []step {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	var all []step
	last := math.NaN()
	for _, i := range order {
		if x := float64(p[i]); x != last {
			all, last = append(all, step{score: x}), x
		}
		s := &all[len(all)-1]
		if t[i] > .5 {
			s.tp++
		} else {
			s.fp++
		}
	}
	return all
}
