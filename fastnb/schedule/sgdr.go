package schedule

import "math"

// SGDR is the factor of the peak learning rate under cosine annealing with warm restarts, as fast.ai 0.7 does it:
// each cycle falls from 1 towards 0 along a cosine and is mult times as long as the one before; in the first twentieth
// of the first cycle, and there alone, the factor is 1/100. At the very end (pct = 1) it is 0. Less than one
// cycle, or a mult below 1, counts as 1.
// Loshchilov and Hutter, SGDR, https://arxiv.org/abs/1608.03983.
func SGDR(cycles, mult int) Schedule {
	c := restarts{cycles: float64(max(cycles, 1)), mult: float64(max(mult, 1))}
	if c.mult > 1 { // of more the first ones are over before the first batch
		c.cycles = min(c.cycles, math.Floor(1000/math.Log2(c.mult)))
	}
	return func(pct float64) float64 {
		cycle, share := c.at(within(pct))
		if cycle == 0 {
			return firstCycle(share)
		}
		return Cos(1, 0)(share)
	}
}

// restarts are cycles each mult times as long as the one before. Lengths are in first cycles.
type restarts struct{ cycles, mult float64 }

// at returns the cycle that runs after the share pct of all, and which share of it is over. It takes no longer for more
// cycles. Where two cycles meet, the later one starts, rounding aside: that of pct, and that of i/n and the product.
func (c restarts) at(pct float64) (cycle, share float64) {
	all := c.length(c.cycles)
	done := pct * all
	cycle = min(c.begun(done*(1+4e-16)+min(tolerance*all, 1e-7)), c.cycles-1)
	return cycle, within((done - c.length(cycle)) / math.Pow(c.mult, cycle))
}

// begun returns the cycle that runs when so much is over.
func (c restarts) begun(done float64) float64 {
	if c.mult == 1 {
		return math.Floor(done)
	}
	cycle := math.Floor(math.Log1p(done*(c.mult-1)) / math.Log(c.mult))
	if c.length(cycle+1) <= done { // the logarithms are rounded
		return cycle + 1
	}
	if c.length(cycle) > done {
		return cycle - 1
	}
	return cycle
}

// length returns how long so many cycles are together.
func (c restarts) length(cycles float64) float64 {
	if c.mult == 1 {
		return cycles
	}
	return (math.Pow(c.mult, cycles) - 1) / (c.mult - 1)
}

func firstCycle(pct float64) float64 {
	if before(pct, 1./20) {
		return 1. / 100
	}
	return Cos(1, 0)(pct)
}

// SumGeom returns the number of epochs of n cycles of which the first has a epochs and each next one r times as
// many: a + a*r + ... (n terms). None of them is below 0. It is math.MaxInt where that is more than an int can hold.
func SumGeom(a, r, n int) int {
	switch {
	case a <= 0 || n <= 0:
		return 0
	case r <= 0:
		return a
	case r == 1 && n <= math.MaxInt/a:
		return a * n
	case r == 1:
		return math.MaxInt
	}
	sum := a
	for range n - 1 { // at most 62 times
		if sum > (math.MaxInt-a)/r {
			return math.MaxInt
		}
		sum = a + r*sum
	}
	return sum
}
