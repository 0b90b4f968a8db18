package metric

import (
	"fmt"
	"math"
)

// Precision is the share of right ones among the items predicted to be of a class. Of two classes it is that of
// class 1; of more, the mean over the classes. 0 where nothing was predicted. PrecisionBy has other averages.
var Precision = Metric{Name: "precision", Score: perClass(precision)}

// Recall is the share of the items of a class that were found. Of two classes it is that of class 1; of more, the
// mean over the classes. 0 where there are none. RecallBy has other averages.
var Recall = Metric{Name: "recall", Score: perClass(recall)}

// FBeta is the weighted harmonic mean of Precision and Recall, in which recall has beta times the weight; FBeta(1) is
// F1. Of two classes it is that of class 1; of more, the mean over the classes. FBetaBy has other averages.
func FBeta(beta float64) Metric {
	return Metric{Name: fmt.Sprintf("f%g", beta), Score: perClass(fbeta(beta))}
}

// counts holds what was found, falsely found and missed of one class.
type counts struct{ tp, fp, fn float64 }

// perClass makes a score of class 1 of two, or of the mean over more.
func perClass(score func(counts) float64) func([]float32, int, []int) float64 {
	return func(probs []float32, classes int, labels []int) float64 {
		if !fits(probs, classes, labels) {
			return math.NaN()
		}
		of := tally(probs, classes, labels)
		if classes == 2 {
			return score(of[1])
		}
		return counted{score, Macro}.over(of)
	}
}

// tally counts by classes what the most probable ones are.
func tally(probs []float32, classes int, labels []int) []counts {
	of := make([]counts, classes)
	for i, p := range Predicted(probs, classes) {
		if a := labels[i]; a == p {
			of[a].tp++
		} else {
			of[a].fn++
			of[p].fp++
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
