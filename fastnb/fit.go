package fastnb

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb/schedule"
)

var errNoMoms = errors.New("Moms belong to FitOneCycle and FineTune; Fit has Momentum")

// Fit trains for a number of cycles. Without CycleLen a cycle is an epoch at a constant learning rate; with it the
// learning rate falls along a cosine within each cycle and starts anew (SGDR: Loshchilov, Hutter 2017,
// https://arxiv.org/abs/1608.03983), each cycle CycleMult times as long as the one before, and the first
// twentieth of the first cycle runs at a hundredth of the rate, as in fast.ai 0.7. lrs is one learning rate, or
// one per layer group (with Precompute on, the head is the only one).
//
// An interrupt (SIGINT, a notebook's stop button) ends the fit after the running batch, of training, validation or precomputing, with ErrInterrupted; weights
// and history stay in the learner and are saved in the checkpoint "interrupted".
func (l *Learner) Fit(lrs LRs, cycles int, opts ...FitOption) error {
	c := newFitConfig(opts)
	c.verb = "Fit"
	if c.moms != nil {
		return failed("Fit", errNoMoms)
	}
	if err := c.tuning.given(false); err != nil {
		return failed("Fit", err)
	}
	if err := c.plan(cycles); err != nil {
		return failed("Fit", err)
	}
	return failed("Fit", l.run(lrs, c))
}

// FitSchedule trains for a number of epochs with the learning rates multiplied by lr, and with momentum mom, both
// over the whole fit: any policy that can be drawn. A rate below 0 or a momentum that is not 0 or more and below 1 ends the fit.
func (l *Learner) FitSchedule(lrs LRs, epochs int, lr, mom schedule.Schedule, opts ...FitOption) error {
	c := newFitConfig(opts)
	if c.moms != nil {
		return failed("FitSchedule", errNoMoms)
	}
	if err := c.tuning.given(false); err != nil {
		return failed("FitSchedule", err)
	}
	c, err := scheduled("FitSchedule", epochs, lr, mom, opts)
	if err != nil {
		return failed("FitSchedule", err)
	}
	return failed("FitSchedule", l.run(lrs, c))
}

// scheduled is what a fit along schedules was asked to do.
func scheduled(verb string, epochs int, lr, mom schedule.Schedule, opts []FitOption) (fitConfig, error) {
	c := newFitConfig(opts)
	switch {
	case epochs < 1:
		return c, fmt.Errorf("%d epochs (want 1 or more)", epochs)
	case lr == nil || mom == nil:
		return c, errors.New("a schedule is nil (want one of the learning rate and one of the momentum: schedule.Const(1), schedule.Const(.9))")
	case c.cyclic || c.cycleMult > 1 || c.mom != nil:
		return c, errors.New("CycleLen, CycleMult and Momentum belong to Fit")
	}
	c.verb, c.epochs, c.lr, c.mom = verb, epochs, lr, mom
	return c, nil
}

// FitOneCycle trains for a number of epochs along one cycle: the learning rate rises from a 25th of lrs to lrs in the
// first quarter and falls to 1e-5 of lrs, both along cosines, while the momentum goes from .95 to .85 and back
// (Smith 2018, https://arxiv.org/abs/1803.09820; the shape is fastai v2's); Div, PctStart and Moms are others.
func (l *Learner) FitOneCycle(lrs LRs, epochs int, opts ...FitOption) error {
	t := newFitConfig(opts).tuning
	if err := t.given(true); err != nil {
		return failed("FitOneCycle", err)
	}
	div, up, err := t.cycle(25, .25)
	if err != nil {
		return failed("FitOneCycle", err)
	}
	c, err := oneCycle("FitOneCycle", epochs, div, up, opts)
	if err != nil {
		return failed("FitOneCycle", err)
	}
	return failed("FitOneCycle", l.run(lrs, c))
}

// oneCycle is a fit that starts at a div-th of its rates and reaches them after the share up of it.
func oneCycle(verb string, epochs int, div, up float64, opts []FitOption) (fitConfig, error) {
	moms := Moms{0.95, 0.85, 0.95}
	if m := newFitConfig(opts).moms; m != nil {
		moms = *m
	}
	for _, m := range moms {
		if !(m >= 0 && m < 1) {
			return fitConfig{}, fmt.Errorf("the momenta Moms%v (want 0 or more, below 1 each)", moms)
		}
	}
	return scheduled(verb, epochs, schedule.OneCycle(1, div, 1e5, up), schedule.OneCycleMom(moms[0], moms[1], moms[2], up), opts)
}

// run fits as c says.
func (l *Learner) run(lrs LRs, c fitConfig) error {
	r, err := l.newRun(lrs, c)
	if err != nil {
		return err
	}
	return r.fit()
}

// newRun is a fit that was not begun, of which everything is checked that can be checked before any work.
func (l *Learner) newRun(lrs LRs, c fitConfig) (*run, error) {
	r := &run{
		config: c, net: l.net, feed: l.feed, stepper: l.stepper, clock: l.clock, show: l.show, metrics: l.metrics,
		hooks: hooks{l, slices.Concat(l.callbacks, c.extra)}, files: &fitFiles{l.feed, l.save, l.Load},
	}
	return r, r.check(lrs)
}
