package metric

import "math"

// At is a metric of several labels where a label is predicted above a threshold of your choice, in place of .5: one
// threshold for all labels, or one for each, in their order. It gives the metric 1 for what is predicted and 0 for
// what is not. NaN for another number of thresholds. BestThreshold and BestThresholds find them.
func At(m Metric, thresholds ...float64) Metric {
	score := m.Targets
	if score == nil {
		return Metric{Name: m.Name, Lower: m.Lower}
	}
	return Metric{Name: m.Name, Lower: m.Lower, counted: m.counted, Targets: func(p, t []float32, cols int) float64 {
		if len(thresholds) != 1 && len(thresholds) != cols || !fitsNumbers(p, t, cols) {
			return math.NaN()
		}
		return score(decided(p, cols, thresholds), t, cols)
	}}
}

// decided is 1 for what is above its threshold, else 0.
func decided(p []float32, cols int, thresholds []float64) []float32 {
	hard := make([]float32, len(p))
	for i, x := range p {
		thresh := thresholds[0]
		if len(thresholds) > 1 {
			thresh = thresholds[i%cols]
		}
		if float64(x) > thresh {
			hard[i] = 1
		}
	}
	return hard
}
