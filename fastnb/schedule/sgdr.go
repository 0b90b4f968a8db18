package schedule

// SGDR is the factor of the peak learning rate under cosine annealing with warm restarts, as fast.ai 0.7 does it:
// each cycle falls from 1 towards 0 along a cosine and is mult times as long as the one before; in the first twentieth
// of the first cycle, and there alone, the factor is 1/100. At the very end (pct = 1) it is 0. Less than one
// cycle, or a mult below 1, counts as 1.
// Loshchilov and Hutter, SGDR, https://arxiv.org/abs/1608.03983.
func SGDR(cycles, mult int) Schedule {
	parts := []Part{Schedule(firstCycle).For(1)}
	length := 1.0
	for range cycles - 1 {
		length *= float64(max(mult, 1))
		parts = append(parts, Cos(1, 0).For(length))
	}
	return Combine(parts...)
}

func firstCycle(pct float64) float64 {
	if before(pct, 1./20) {
		return 1. / 100
	}
	return Cos(1, 0)(pct)
}

// SumGeom returns the number of epochs of n cycles of which the first has a epochs and each next one r times as
// many: a + a*r + ... (n terms).
func SumGeom(a, r, n int) int {
	sum := 0
	for range n {
		sum += a
		a *= r
	}
	return sum
}
