package metric

import "math"

// Kappa is how much better than chance the most probable classes agree with the right ones, 1 at best and 0 for chance:
// (p-e) / (1-e), where p is the accuracy and e what it would be if predictions and classes, each as frequent as they
// are, had nothing to do with each other. NaN where one class is all that is predicted and true.
// Cohen 1960, https://doi.org/10.1177/001316446002000104; as scikit-learn's cohen_kappa_score.
var Kappa = Metric{Name: "kappa", Score: func(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	var right, chance float64
	n := float64(len(labels))
	for _, c := range tally(probs, classes, labels) {
		right += c.tp / n
		chance += (c.tp + c.fp) / n * (c.tp + c.fn) / n
	}
	return 1 - (1-right)/(1-chance)
}}

// QuadraticKappa is Kappa of classes that have an order, in which a miss counts as the square of its distance: the
// score of competitions with grades. Of numbers, in one column, outputs are rounded to whole ones within the targets'
// range. NaN where one class is all that is predicted and true.
var QuadraticKappa = Metric{Name: "quadratic_kappa", Score: quadraticKappa, Targets: quadraticOfNumbers}

func quadraticKappa(probs []float32, classes int, labels []int) float64 {
	if !fits(probs, classes, labels) {
		return math.NaN()
	}
	p, t := make([]float64, len(labels)), make([]float64, len(labels))
	for i, class := range Predicted(probs, classes) {
		p[i], t[i] = float64(class), float64(labels[i])
	}
	return quadratic(p, t)
}

func quadraticOfNumbers(outputs, targets []float32, cols int) float64 {
	if cols != 1 || !fitsNumbers(outputs, targets, cols) {
		return math.NaN()
	}
	p, t := make([]float64, len(outputs)), make([]float64, len(outputs))
	low, high := math.Inf(1), math.Inf(-1)
	for i, x := range targets {
		t[i] = math.RoundToEven(float64(x))
		low, high = min(low, t[i]), max(high, t[i])
	}
	for i, x := range outputs {
		p[i] = min(max(math.RoundToEven(float64(x)), low), high)
	}
	return quadratic(p, t)
}

// quadratic is 1 less the mean square of the distances divided by what it would be by chance: that of any prediction
// and any class.
func quadratic(p, t []float64) float64 {
	var off, sumP, sumT, squares float64
	for i := range p {
		off += (p[i] - t[i]) * (p[i] - t[i])
		sumP, sumT, squares = sumP+p[i], sumT+t[i], squares+p[i]*p[i]+t[i]*t[i]
	}
	n := float64(len(p))
	chance := squares - 2*sumP*sumT/n
	if chance <= 0 {
		return math.NaN()
	}
	return 1 - off/chance
}
