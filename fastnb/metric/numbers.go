package metric

import "math"

// MSLE is the mean squared error of the logarithms of 1 + output and 1 + target. NaN where one is -1 or below. As
// scikit-learn's mean_squared_log_error.
var MSLE = Metric{Name: "msle", Lower: true, Targets: each(meanSquareLog)}

// RMSLE is the root of MSLE: about the error in shares of the target.
var RMSLE = Metric{Name: "rmsle", Lower: true, Targets: each(func(p, t []float32) float64 {
	return math.Sqrt(meanSquareLog(p, t))
})}

// ExplainedVariance is R2 of outputs that may all be off by the same. Columns as those of R2. As scikit-learn's
// explained_variance_score.
var ExplainedVariance = Metric{Name: "explained_variance", Targets: perColumn(func(p, t []float32) float64 {
	off := mean(p, t, func(p, t float64) float64 { return p - t })
	left := mean(p, t, func(p, t float64) float64 { return (p - t - off) * (p - t - off) })
	return unexplained(left, t)
})}

func meanSquareLog(p, t []float32) float64 {
	for i := range p {
		if p[i] <= -1 || t[i] <= -1 {
			return math.NaN()
		}
	}
	return mean(p, t, func(p, t float64) float64 {
		miss := math.Log1p(p) - math.Log1p(t)
		return miss * miss
	})
}
