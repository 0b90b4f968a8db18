package schedule

// OneCycle is the 1cycle policy as fastai v2's fit_one_cycle has it: the learning rate rises to its peak and falls
// to almost nothing, both along a cosine, while momentum does the reverse. A field that is 0 has its default, so
// OneCycle{}.LR(1e-2) is what fit_one_cycle(n, 1e-2) does.
// Smith, Super-Convergence, https://arxiv.org/abs/1708.07120.
type OneCycle struct {
	Div      float64    // the learning rate starts at the peak / Div; default 25
	DivFinal float64    // and ends at the peak / DivFinal; default 1e5
	PctStart float64    // share of the cycle in which it rises; default 0.25
	Moms     [3]float64 // momentum at start, peak and end; default 0.95, 0.85, 0.95
}

// LR returns the learning rate with the given peak.
func (c OneCycle) LR(peak float64) Schedule {
	div, final := or(c.Div, 25), or(c.DivFinal, 1e5)
	return c.upDown(peak/div, peak, peak/final)
}

// Mom returns the momentum.
func (c OneCycle) Mom() Schedule {
	if c.Moms == [3]float64{} {
		c.Moms = [3]float64{.95, .85, .95}
	}
	return c.upDown(c.Moms[0], c.Moms[1], c.Moms[2])
}

func (c OneCycle) upDown(start, middle, end float64) Schedule {
	rise := or(c.PctStart, .25)
	return Combine(Cos(start, middle).For(rise), Cos(middle, end).For(1-rise))
}

func or(v, def float64) float64 {
	if v == 0 {
		return def
	}
	return v
}
