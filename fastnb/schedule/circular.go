package schedule

// Circular is the factor of the peak learning rate in one cycle of fast.ai 0.7's use_clr=(div, cutDiv): in a line
// from 1/div to 1 over the first 1/cutDiv of the cycle, and in a line back. 0.7 rounds the turn to a whole batch.
// Its defaults are 4 and 8; that with a large div is the slanted triangle of ULMFiT, https://arxiv.org/abs/1801.06146.
func Circular(div, cutDiv float64) Schedule {
	return Combine(Linear(1/div, 1).For(1/cutDiv), Linear(1, 1/div).For(1-1/cutDiv))
}

// CircularMom is the momentum that goes with Circular: from high to low where the learning rate rises, and back.
func CircularMom(high, low, cutDiv float64) Schedule {
	return Combine(Linear(high, low).For(1/cutDiv), Linear(low, high).For(1-1/cutDiv))
}

// CircularBeta is the factor of the peak learning rate in fast.ai 0.7's use_clr_beta=(div, pct), its 1cycle: in a
// line from 1/div to 1 and as long back, and over the last pct hundredths of the cycle on to 1/div/100. 0.7 rounds
// the turns to whole batches; its defaults are 10 and 10.
func CircularBeta(div, pct float64) Schedule {
	half := (1 - pct/100) / 2
	low := 1 / div
	return Combine(Linear(low, 1).For(half), Linear(1, low).For(half), Linear(low, low/100).For(pct/100))
}

// CircularBetaMom is the momentum that goes with CircularBeta: from high to low, back, and then high.
func CircularBetaMom(high, low, pct float64) Schedule {
	half := (1 - pct/100) / 2
	return Combine(Linear(high, low).For(half), Linear(low, high).For(half), Const(high).For(pct/100))
}
