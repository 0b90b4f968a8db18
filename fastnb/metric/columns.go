package metric

import "math"

// PerLabel returns the score of each label, or of each column of numbers, by itself: [cols], NaN where the metric has
// no meaning for a column. Nil where it has no Targets, and for slices that do not fit together.
func PerLabel(m Metric, outputs, targets []float32, cols int) []float64 {
	if m.Targets == nil || !fitsNumbers(outputs, targets, cols) {
		return nil
	}
	scores := make([]float64, cols)
	for k := range scores {
		scores[k] = m.Targets(column(outputs, cols, k), column(targets, cols, k), 1)
	}
	return scores
}

// PerClass returns the score of each class against the rest, [classes], of a metric that measures several labels: the
// probabilities of the class are held against the items' being of it. Nil where PerLabel is.
func PerClass(m Metric, probs []float32, classes int, labels []int) []float64 {
	if !fits(probs, classes, labels) {
		return nil
	}
	return PerLabel(m, probs, oneHot(labels, classes), classes)
}

// oneHot writes classes as rows of 0 with a 1.
func oneHot(labels []int, classes int) []float32 {
	rows := make([]float32, len(labels)*classes)
	for i, class := range labels {
		rows[i*classes+class] = 1
	}
	return rows
}

func column(all []float32, cols, k int) []float32 {
	c := make([]float32, 0, len(all)/cols)
	for i := k; i < len(all); i += cols {
		c = append(c, all[i])
	}
	return c
}

// perColumn makes a score of the mean over the columns that it has a meaning for.
func perColumn(score func(p, t []float32) float64) func(p, t []float32, cols int) float64 {
	return func(p, t []float32, cols int) float64 {
		if !fitsNumbers(p, t, cols) {
			return math.NaN()
		}
		scores := make([]float64, cols)
		for k := range scores {
			scores[k] = score(column(p, cols, k), column(t, cols, k))
		}
		return meaningful(scores)
	}
}

// perLabel is perColumn of targets that are 0 or 1.
func perLabel(score func(p, t []float32) float64) func(p, t []float32, cols int) float64 {
	mean := perColumn(score)
	return func(p, t []float32, cols int) float64 {
		if !fitsLabels(p, t, cols) {
			return math.NaN()
		}
		return mean(p, t, cols)
	}
}

// oneVsRest makes a score of classes of one of labels: that of class 1 of two, else the mean over the classes that it
// has a meaning for.
func oneVsRest(score func(p, t []float32) float64) func(probs []float32, classes int, labels []int) float64 {
	return func(probs []float32, classes int, labels []int) float64 {
		if !fits(probs, classes, labels) {
			return math.NaN()
		}
		truth := oneHot(labels, classes)
		if classes == 2 {
			return score(column(probs, 2, 1), column(truth, 2, 1))
		}
		return perColumn(score)(probs, truth, classes)
	}
}

// meaningful is the mean of those that are numbers, NaN where none is.
func meaningful(scores []float64) float64 {
	var sum, n float64
	for _, x := range scores {
		if !math.IsNaN(x) {
			sum, n = sum+x, n+1
		}
	}
	return sum / n
}
