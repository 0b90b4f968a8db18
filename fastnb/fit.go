package fastnb

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb/schedule"
	"github.com/fastnb/fastnb/internal/verb"
)

// Fit trains for a number of cycles. Without CycleLen a cycle is an epoch at a constant learning rate; with it the
// learning rate falls along a cosine within each cycle and starts anew (SGDR: Loshchilov, Hutter 2017,
// https://arxiv.org/abs/1608.03983), each cycle CycleMult times as long as the one before, and the first
// twentieth of the first cycle runs at a hundredth of the rate, as in fast.ai 0.7. lrs is one learning rate, or
// one per layer group (with Precompute on, the head is the only one).
//
// An interrupt (SIGINT, a notebook's stop button) ends the fit after the running batch, of training, validation or
// precomputing, with ErrInterrupted; weights and history stay in the learner and are saved in the checkpoint
// "interrupted".
func (l *Learner) Fit(lrs LRs, cycles int, opts ...FitOption) (err error) {
	defer verb.Name(&err, "fastnb: Fit")
	c := newFitConfig("Fit", opts, FitOption.fit)
	if err := c.plan(cycles); err != nil {
		return err
	}
	return l.run(lrs, c)
}

// FitSchedule trains for a number of epochs with the learning rates multiplied by lr, and with momentum mom, both over
// the whole fit: any policy that can be drawn. A rate below 0 or a momentum that is not 0 or more and below 1 ends the
// fit.
func (l *Learner) FitSchedule(
	lrs LRs, epochs int, lr, mom schedule.Schedule, opts ...ScheduleOption,
) (err error) {
	defer verb.Name(&err, "fastnb: FitSchedule")
	c := newFitConfig("FitSchedule", opts, ScheduleOption.schedule)
	if err := c.along(epochs, lr, mom); err != nil {
		return err
	}
	return l.run(lrs, c)
}

// along makes it a fit along schedules.
func (c *fitConfig) along(epochs int, lr, mom schedule.Schedule) error {
	switch {
	case epochs < 1:
		return fmt.Errorf("%d epochs (want 1 or more)", epochs)
	case lr == nil || mom == nil:
		return errors.New("a schedule is nil (want one of the learning rate and one of the momentum: " +
			"schedule.Const(1), schedule.Const(.9))")
	}
	c.epochs, c.lr, c.mom = epochs, lr, mom
	return nil
}

// FitOneCycle trains for a number of epochs along one cycle: the learning rate rises from a 25th of lrs to lrs in the
// first quarter and falls to 1e-5 of lrs, both along cosines, while the momentum goes from .95 to .85 and back
// (Smith 2018, https://arxiv.org/abs/1803.09820; the shape is fastai v2's); Div, PctStart and Moms are others.
func (l *Learner) FitOneCycle(lrs LRs, epochs int, opts ...OneCycleOption) (err error) {
	defer verb.Name(&err, "fastnb: FitOneCycle")
	c := newFitConfig("FitOneCycle", opts, OneCycleOption.oneCycle)
	div, up, err := c.tuning.cycle(25, .25)
	if err != nil {
		return err
	}
	if err := c.oneCycle(epochs, div, up); err != nil {
		return err
	}
	return l.run(lrs, c)
}

// oneCycle makes it a fit that starts at a div-th of its rates and reaches them after the share up of it.
func (c *fitConfig) oneCycle(epochs int, div, up float64) error {
	for _, m := range c.moms {
		if !(m >= 0 && m < 1) {
			return fmt.Errorf("the momenta Moms%v (want 0 or more, below 1 each)", c.moms)
		}
	}
	mom := schedule.OneCycleMom(c.moms[0], c.moms[1], c.moms[2], up)
	return c.along(epochs, schedule.OneCycle(1, div, 1e5, up), mom)
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
		hooks: hooks{l, slices.Concat(l.callbacks, c.extra)}, files: c.filesOf(l),
	}
	return r, r.check(lrs)
}

// filesOf are the files of a fit of a learner, which begins where the learner is, but for a part of FineTune.
func (c fitConfig) filesOf(l *Learner) *fitFiles {
	return &fitFiles{l.feed, l.save, l.Load, cmp.Or(c.start, *l.clock)}
}
