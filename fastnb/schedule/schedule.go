// Package schedule holds schedules of hyper-parameters: how a learning rate or a momentum moves over a fit. A
// schedule is a plain function of the share of the fit that is done, so it can be called, plotted, tested and
// joined with others.
package schedule

import "math"

// Schedule maps pct, the share of the batches already done, to a value: batch i of n uses pct = i/n. It is
// defined on [0, 1]; a fit asks for 0 up to (n-1)/n.
type Schedule func(pct float64) float64

// Const stays at v.
func Const(v float64) Schedule {
	return func(float64) float64 { return v }
}

// Linear goes from a to b in a straight line.
func Linear(a, b float64) Schedule {
	return func(pct float64) float64 { return a + pct*(b-a) }
}

// Cos goes from a to b along half a cosine wave, flat at both ends.
func Cos(a, b float64) Schedule {
	return func(pct float64) float64 { return a + (b-a)*(1-math.Cos(math.Pi*pct))/2 }
}

// Exp goes from a to b by equal factors. Neither end may be 0 and both have the same sign. The learning-rate
// finder is Exp(1e-5, 10).
func Exp(a, b float64) Schedule {
	return func(pct float64) float64 { return a * math.Pow(b/a, pct) }
}

// Poly goes from a to b as pct to the power p; Poly(a, b, 1) is Linear(a, b).
func Poly(a, b, p float64) Schedule {
	return func(pct float64) float64 { return a + (b-a)*math.Pow(pct, p) }
}

// Times returns the schedule multiplied by f: SGDR(3, 2).Times(1e-2) has a peak of 0.01.
func (s Schedule) Times(f float64) Schedule {
	return func(pct float64) float64 { return f * s(pct) }
}

// Values returns the schedule's value for each of n batches.
func (s Schedule) Values(n int) []float64 {
	vs := make([]float64, max(n, 0))
	for i := range vs {
		vs[i] = s(float64(i) / float64(n))
	}
	return vs
}
