package metric

import (
	"math"
	"slices"
)

// Matthews is the correlation of the most probable classes with the right ones, phi of two classes: 1 at best, 0 for
// chance and where one class is all that is predicted or true. Gorodkin 2004,
// https://doi.org/10.1016/j.compbiolchem.2004.09.006; as scikit-learn's matthews_corrcoef.
var Matthews = Metric{Name: "matthews", Score: func(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	var right, both, predicted, truth float64
	n := float64(len(labels))
	for _, c := range tally(probs, classes, labels) {
		p, t := c.tp+c.fp, c.tp+c.fn
		right, both, predicted, truth = right+c.tp, both+p*t, predicted+p*p, truth+t*t
	}
	return share(right*n-both, math.Sqrt((n*n-predicted)*(n*n-truth)))
}}

// BalancedAccuracy is the mean over the classes of the share of their items that are right, each class alike. Classes
// that no item has are left out. As scikit-learn's balanced_accuracy_score.
var BalancedAccuracy = Metric{Name: "balanced_accuracy", Score: balancedAccuracy}

func balancedAccuracy(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	var sum, there float64
	for _, c := range tally(probs, classes, labels) {
		if c.tp+c.fn > 0 {
			sum, there = sum+recall(c), there+1
		}
	}
	return sum / there
}

// Pearson is the correlation of outputs and targets, -1 to 1; of several columns the mean. A column whose outputs or
// targets are all equal has none and is left out; NaN where all are so.
var Pearson = Metric{Name: "pearson", Targets: perColumn(func(p, t []float32) float64 {
	return correlation(doubles(p), doubles(t))
})}

// Spearman is the correlation of the ranks of outputs and targets: how well they are ordered. Equals share the mean of
// their ranks. Columns as those of Pearson.
var Spearman = Metric{Name: "spearman", Targets: perColumn(func(p, t []float32) float64 {
	return correlation(ranks(p), ranks(t))
})}

func correlation(p, t []float64) float64 {
	var meanP, meanT, pp, tt, pt float64
	for i := range p {
		meanP, meanT = meanP+p[i]/float64(len(p)), meanT+t[i]/float64(len(p))
	}
	for i := range p {
		a, b := p[i]-meanP, t[i]-meanT
		pp, tt, pt = pp+a*a, tt+b*b, pt+a*b
	}
	if isConstant(p) || isConstant(t) {
		return math.NaN()
	}
	return min(max(pt/math.Sqrt(pp)/math.Sqrt(tt), -1), 1)
}

func isConstant(all []float64) bool {
	return !slices.ContainsFunc(all, func(x float64) bool { return x != all[0] })
}

func doubles(all []float32) []float64 {
	wide := make([]float64, len(all))
	for i, x := range all {
		wide[i] = float64(x)
	}
	return wide
}

// ranks are counted from 1; equals have the mean of theirs.
func ranks(all []float32) []float64 {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case all[a] < all[b]:
			return -1
		case all[a] > all[b]:
			return 1
		}
		return 0
	})
	of := make([]float64, len(all))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && all[order[to]] == all[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			of[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return of
}
