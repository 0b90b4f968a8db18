package metric

import "math"

// EMA is an exponential moving average without the bias towards 0 at its start: the sum of Beta^k-weighted values
// divided by the sum of the weights. fast.ai smooths training losses with Beta 0.98.
type EMA struct {
	Beta float64 // weight of the past, 0 to below 1
	sum  float64
	n    int
}

// Add takes the next value in.
func (e *EMA) Add(v float64) {
	e.sum = e.Beta*e.sum + (1-e.Beta)*v
	e.n++
}

// Value returns the average, 0 before the first Add.
func (e *EMA) Value() float64 {
	if e.n == 0 {
		return 0
	}
	return e.sum / (1 - math.Pow(e.Beta, float64(e.n)))
}
