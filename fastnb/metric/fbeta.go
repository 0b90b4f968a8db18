package metric

import (
	"fmt"
	"math"
)

// Precision is the share of right ones among the items predicted to be of a class. Of two classes it is that of
// class 1; of more, the mean over the classes. 0 where nothing was predicted.
var Precision = Metric{Name: "precision", Score: perClass(func(c counts) float64 { return share(c.tp, c.tp+c.fp) })}

// Recall is the share of the items of a class that were found. Of two classes it is that of class 1; of more, the
// mean over the classes. 0 where there are none.
var Recall = Metric{Name: "recall", Score: perClass(func(c counts) float64 { return share(c.tp, c.tp+c.fn) })}

// FBeta is the weighted harmonic mean of Precision and Recall, in which recall has beta times the weight; FBeta(1) is
// F1. Of two classes it is that of class 1; of more, the mean over the classes.
func FBeta(beta float64) Metric {
	b2 := beta * beta
	return Metric{Name: fmt.Sprintf("f%g", beta), Score: perClass(func(c counts) float64 {
		return share((1+b2)*c.tp, (1+b2)*c.tp+b2*c.fn+c.fp)
	})}
}

// counts holds what was found, falsely found and missed of one class.
type counts struct{ tp, fp, fn float64 }

// perClass makes a score of class 1 of two, or of the mean over more.
func perClass(score func(counts) float64) func([]float32, int, []int) float64 {
	return func(probs []float32, classes int, labels []int) float64 {
		if !fits(probs, classes, labels) {
			return math.NaN()
		}
		of := tally(Confusion(Predicted(probs, classes), labels, classes))
		if classes == 2 {
			return score(of[1])
		}
		var sum float64
		for _, c := range of {
			sum += score(c)
		}
		return sum / float64(classes)
	}
}

// tally reads the counts of each class off a confusion matrix.
func tally(confusion [][]int) []counts {
	of := make([]counts, len(confusion))
	for a, row := range confusion {
		for p, n := range row {
			if a == p {
				of[a].tp += float64(n)
				continue
			}
			of[a].fn += float64(n)
			of[p].fp += float64(n)
		}
	}
	return of
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
