package schedule

// OneCycle is the learning rate of the 1cycle policy as fastai v2 has it: along a cosine from peak/div up to peak in
// the first pctStart of the cycle, and along another down to peak/divFinal. v2's fit_one_cycle uses div 25,
// divFinal 1e5 and pctStart 0.25.
// Smith, Super-Convergence, https://arxiv.org/abs/1708.07120.
func OneCycle(peak, div, divFinal, pctStart float64) Schedule {
	return OneCycleMom(peak/div, peak, peak/divFinal, pctStart)
}

// OneCycleMom is the momentum that goes with OneCycle: along a cosine from start to middle in the first pctStart of
// the cycle, and along another to end. v2 uses 0.95, 0.85, 0.95 and 0.25.
func OneCycleMom(start, middle, end, pctStart float64) Schedule {
	return Combine(Cos(start, middle).For(pctStart), Cos(middle, end).For(1-pctStart))
}
