package metric

import (
	"fmt"
	"math"
)

// Outputs and targets of a regression are rows of numbers, [n*cols] each; those of several labels per item are
// probabilities and 0 or 1, a column per label. The score of no numbers, and of slices that do not fit together, is
// NaN.

// MSE is the mean squared error of a regression.
var MSE = Metric{Name: "mse", Lower: true, Targets: each(meanSquare)}

// RMSE is the root of MSE: an error in the target's own unit.
var RMSE = Metric{Name: "rmse", Lower: true, Targets: each(rootMeanSquare)}

// MAE is the mean absolute error of a regression.
var MAE = Metric{Name: "mae", Lower: true, Targets: each(func(p, t []float32) float64 {
	return mean(p, t, func(p, t float64) float64 { return math.Abs(p - t) })
})}

// R2 is the share of the targets' variance that is explained, 1 at best; of several columns the mean. A column whose
// targets are all equal has none and is left out; NaN where all are so. As scikit-learn's r2_score, but for those.
var R2 = Metric{Name: "r2", Targets: perColumn(r2)}

func r2(p, t []float32) float64 {
	return unexplained(meanSquare(p, t), t)
}

// unexplained is 1 less the share of the targets' variance that is left.
func unexplained(left float64, t []float32) float64 {
	if spread := variance(t); spread > 0 {
		return 1 - left/spread
	}
	return math.NaN()
}

func variance(t []float32) float64 {
	centre := mean(t, t, func(t, _ float64) float64 { return t })
	return mean(t, t, func(t, _ float64) float64 { return (t - centre) * (t - centre) })
}

// RMSPE is the root of the mean squared error in shares of the target, the score of the Rossmann competition. Items
// whose target is 0 are left out, as there.
var RMSPE = Metric{Name: "rmspe", Lower: true, Targets: each(rmspe(func(x float64) float64 { return x }))}

// ExpRMSPE is RMSPE of a model of the logarithm: of exp(output) and exp(target). The course calls it exp_rmspe.
var ExpRMSPE = Metric{Name: "exp_rmspe", Lower: true, Targets: each(rmspe(math.Exp))}

// AccuracyThresh is the share of all labels, of all items, on whose right side of the threshold the probability lies.
func AccuracyThresh(thresh float64) Metric {
	return Metric{Name: "accuracy_thresh", Targets: each(func(p, t []float32) float64 {
		return mean(p, t, func(p, t float64) float64 {
			if (p > thresh) == (t > .5) {
				return 1
			}
			return 0
		})
	})}
}

// FBetaThresh is FBeta of several labels per item, where a label is predicted above the threshold: of each item, then
// the mean over the items, as scikit-learn's average="samples". An item without labels, predicted or true, scores 0.
// It is At(FBetaBy(beta, Samples), thresh).
func FBetaThresh(beta, thresh float64) Metric {
	m := At(FBetaBy(beta, Samples), thresh)
	m.Name = fmt.Sprintf("f%g", beta)
	return m
}

func labelCounts(p, t []float32, thresh float64) (c counts) {
	for k := range p {
		switch predicted, is := float64(p[k]) > thresh, t[k] > .5; {
		case predicted && is:
			c.tp++
		case predicted:
			c.fp++
		case is:
			c.fn++
		}
	}
	return c
}

// each makes a score of all numbers alike, in whichever column they are.
func each(score func(p, t []float32) float64) func(p, t []float32, cols int) float64 {
	return func(p, t []float32, _ int) float64 {
		if len(p) != len(t) || len(t) == 0 {
			return math.NaN()
		}
		return score(p, t)
	}
}

func mean(p, t []float32, f func(p, t float64) float64) float64 {
	var sum float64
	for i := range p {
		sum += f(float64(p[i]), float64(t[i]))
	}
	return sum / float64(len(p))
}

func meanSquare(p, t []float32) float64 {
	return mean(p, t, func(p, t float64) float64 { return (p - t) * (p - t) })
}

func rootMeanSquare(p, t []float32) float64 { return math.Sqrt(meanSquare(p, t)) }

func rmspe(value func(float64) float64) func(p, t []float32) float64 {
	return func(p, t []float32) float64 {
		var sum, n float64
		for i := range p {
			if truth := value(float64(t[i])); truth != 0 {
				miss := (truth - value(float64(p[i]))) / truth
				sum, n = sum+miss*miss, n+1
			}
		}
		return math.Sqrt(sum / n)
	}
}
