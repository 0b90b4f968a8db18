package fastnb

import (
	"errors"
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb/optim"
)

// FrozenEpochs is for how many epochs FineTune trains the last layer group alone. Default 1; 0 leaves that part out.
type FrozenEpochs int

// LRMult is how many times smaller FineTune's rate of the first layer group is than that of the last. Default 10 with
// SGD, 100 with other optimizers.
type LRMult float64

// Div is by how much FitOneCycle, and FineTune's second part, divide the rates to begin with. Default 25; FineTune's 5.
type Div float64

// PctStart is the share of a fit in which FitOneCycle's rates, and those of FineTune's second part, rise. Default .25;
// FineTune's .3.
type PctStart float64

func (o FrozenEpochs) fit(c *fitConfig) { c.tuning.frozenEpochs = (*int)(&o) }
func (o LRMult) fit(c *fitConfig)       { c.tuning.lrMult = (*float64)(&o) }
func (o Div) fit(c *fitConfig)          { c.tuning.div = (*float64)(&o) }
func (o PctStart) fit(c *fitConfig)     { c.tuning.pctStart = (*float64)(&o) }

// tuning are the options of FineTune and of one cycle; nil where they were not given.
type tuning struct {
	frozenEpochs          *int
	lrMult, div, pctStart *float64
}

var (
	errOneCycle = errors.New("Div and PctStart belong to FitOneCycle and FineTune, FrozenEpochs and LRMult to FineTune")
	errFineTune = errors.New("FrozenEpochs and LRMult belong to FineTune; FitOneCycle takes the layer groups' rates, LRSlice(a, b) spreads them")
)

// given tells what was given that a fit doesn't heed: one that isn't FineTune, or isn't one cycle either.
func (t tuning) given(oneCycle bool) error {
	switch {
	case !oneCycle && t != tuning{}:
		return errOneCycle
	case t.frozenEpochs != nil || t.lrMult != nil:
		return errFineTune
	}
	return nil
}

// cycle returns div and the share that rises, those given or else the ones that the verb has.
func (t tuning) cycle(div, up float64) (float64, float64, error) {
	div, up = given(t.div, div), given(t.pctStart, up)
	if !(div >= 1) || math.IsInf(div, 0) || !(up > 0 && up < 1) {
		return 0, 0, fmt.Errorf("Div(%g), PctStart(%g): want a finite Div of 1 or more and a share between 0 and 1", div, up)
	}
	return div, up, nil
}

func given[T any](p *T, otherwise T) T {
	if p != nil {
		return *p
	}
	return otherwise
}

// FineTune trains the last layer group with everything else frozen, then everything for a number of epochs at half the
// rate, spread geometrically over the layer groups. Both are one cycle, the first rising to its end, the second from a
// fifth in the first three tenths. The shape is that of fastai v2's fine_tune; FrozenEpochs, LRMult, Div and PctStart are
// its parts, the other options those of both fits.
//
// lr 0 stands for a rate that suits the optimizer: with SGD .04, with LRMult 10 and Clip(2), else v2's 2e-3 with LRMult
// 100. A step of SGD is as large as the gradient, so that photos like those the net knows change it little and others a
// lot, where the gradient's bound keeps it from leaping. Adam's steps are as large on the ones as on the others. The single
// runs that this rests on are in bench/RESULTS.md.
//
// The options are checked before anything trains. Afterwards everything is unfrozen.
func (l *Learner) FineTune(epochs int, lr float64, opts ...FitOption) error {
	f, err := l.newFineTune(epochs, lr, newFitConfig(opts).tuning)
	if err != nil {
		return failed("FineTune", err)
	}
	head, all, err := l.parts(f, epochs, append([]FitOption{f.clip}, opts...))
	if err != nil {
		return failed("FineTune", err)
	}
	if f.frozen > 0 {
		l.Freeze()
		if err := l.run(LR(f.lr), head); err != nil {
			return failed("FineTune", err)
		}
	}
	l.Unfreeze()
	return failed("FineTune", l.run(LRSlice(f.lr/2/f.mult, f.lr/2), all))
}

// parts are FineTune's two fits, checked before anything is frozen.
func (l *Learner) parts(f fineTune, epochs int, opts []FitOption) (head, all fitConfig, err error) {
	all, err = oneCycle("FineTune", epochs, f.div, f.up, opts)
	if err != nil {
		return head, all, err
	}
	batches := View{Shuffle: true}.NumBatches(l.data.Len(Train), l.data.BatchSize())
	if err := all.check(l, batches); err != nil || f.frozen == 0 {
		return head, all, err
	}
	if head, err = oneCycle("FineTune", f.frozen, 25, 0.99, opts); err == nil {
		_, err = l.newRun(LR(f.lr), head)
	}
	return head, all, err
}

// fineTune is what FineTune was asked for.
type fineTune struct {
	frozen            int // epochs
	lr, mult, div, up float64
	clip              Clip
}

// tunes is FineTune's rate, LRMult and Clip by default.
func (l *Learner) tunes() fineTune {
	if _, sgd := l.optimizer.(optim.SGD); sgd {
		return fineTune{lr: .04, mult: 10, clip: 2}
	}
	return fineTune{lr: 2e-3, mult: 100}
}

func (l *Learner) newFineTune(epochs int, lr float64, t tuning) (f fineTune, err error) {
	f = l.tunes()
	if lr != 0 {
		f.lr = lr
	}
	f.frozen, f.mult = given(t.frozenEpochs, 1), given(t.lrMult, f.mult)
	switch {
	case epochs < 1 || f.frozen < 0:
		return f, fmt.Errorf("%d epochs and FrozenEpochs(%d) (want 1 or more, and 0 or more)", epochs, f.frozen)
	case !(f.lr > 0) || math.IsInf(f.lr, 0):
		return f, fmt.Errorf("learning rate %g (want a finite number above 0, or 0 for %g)", lr, l.tunes().lr)
	case !(f.mult > 0) || math.IsInf(f.mult, 0):
		return f, fmt.Errorf("LRMult(%g) (want a finite number above 0)", f.mult)
	}
	f.div, f.up, err = t.cycle(5, .3)
	return f, err
}
