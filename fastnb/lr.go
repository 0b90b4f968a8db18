package fastnb

import (
	"fmt"
	"math"
)

// LRs are learning rates: one for the whole model or one per layer group, from input to output.
type LRs struct {
	values []float64
	spread bool // two ends of a geometric spread
}

// LR returns one learning rate, or one per layer group.
func LR(rates ...float64) LRs { return LRs{values: rates} }

// LRSlice returns learning rates spread geometrically over the layer groups, first for the first group and last
// for the last; for one group it is last. fastai v2 writes slice(first, last).
func LRSlice(first, last float64) LRs {
	return LRs{values: []float64{first, last}, spread: true}
}

// of returns the learning rate of each of n layer groups.
func (r LRs) of(n int) ([]float64, error) {
	for _, v := range r.values {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("learning rate %g (want a finite number, 0 or more)", v)
		}
	}
	switch {
	case r.spread:
		return r.geometric(n)
	case len(r.values) == n:
		return append([]float64(nil), r.values...), nil
	case len(r.values) == 1:
		return repeat(r.values[0], n), nil
	case n == 1:
		return nil, fmt.Errorf("%d learning rates for 1 layer group (want 1)", len(r.values))
	}
	return nil, fmt.Errorf("%d learning rates for %d layer groups (want 1 or %d)", len(r.values), n, n)
}

func (r LRs) geometric(n int) ([]float64, error) {
	first, last := r.values[0], r.values[1]
	if first <= 0 || last <= 0 {
		return nil, fmt.Errorf("LRSlice(%g, %g): both ends must be above 0", first, last)
	}
	rates := repeat(last, n)
	for i := range n - 1 {
		rates[i] = first * math.Pow(last/first, float64(i)/float64(n-1))
	}
	return rates, nil
}

func repeat(v float64, n int) []float64 {
	vs := make([]float64, n)
	for i := range vs {
		vs[i] = v
	}
	return vs
}
