package fastnb

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/internal/verb"
)

// FineTune trains the last layer group alone, for one epoch (FrozenEpochs), and then everything for a number of epochs
// at half the rate, spread geometrically over the layer groups (LRMult). Each part is one cycle: in the first the rate
// rises almost to the end; in the second it starts at a fifth (Div) and rises during the first three tenths (PctStart).
// That is fastai v2's fine_tune. All other options apply to both parts.
//
// lr 0 stands for a rate that suits the optimizer: for SGD .01 times the root of the batch size, which is .04 of 16 and
// .08 of 64, with LRMult 10 and Clip(2); for others v2's 2e-3, with LRMult 100. A step of SGD is proportional to the
// gradient, which is small on photos like those the net knows and large on others, so its norm is clipped, and large
// batches, which take fewer steps, take longer ones; Adam's steps are about the same size on all. What FineTune reaches
// on four sets of photos, beside fastai and a linear probe, is in bench/RESULTS.md.
//
// The options are checked before anything trains. Afterwards everything is unfrozen.
func (l *Learner) FineTune(epochs int, lr float64, opts ...FineTuneOption) (err error) {
	defer verb.Name(&err, "fastnb: FineTune")
	defaults := tunes(l.graphs.optimizer, l.feed.data.BatchSize())
	opts = append([]FineTuneOption{Clip(defaults.clip)}, opts...)
	c := newFitConfig("FineTune", opts, FineTuneOption.fineTune)
	f, err := defaults.with(epochs, lr, c.tuning)
	if err != nil {
		return err
	}
	head, all, err := f.fits(l, epochs, c)
	if err != nil {
		return err
	}
	if goesOn := all.resume && all.filesOf(l).isInPart(all.part); f.frozen > 0 && !goesOn {
		l.Freeze()
		if err := l.run(LR(f.lr), head); err != nil {
			return err
		}
	}
	l.Unfreeze()
	return l.run(LRSlice(f.lr/2/f.mult, f.lr/2), all)
}

// fits are FineTune's two fits by what is asked of both, checked before anything is frozen.
func (f fineTune) fits(l *Learner, epochs int, both fitConfig) (head, all fitConfig, err error) {
	both.start = *l.clock
	head, all = both, both
	if err := all.oneCycle(epochs, f.div, f.up); err != nil {
		return head, all, err
	}
	all.part = 2
	if err := all.check(l.feed.data); err != nil || f.frozen == 0 {
		return head, all, err
	}
	if err := head.oneCycle(f.frozen, 25, 0.99); err != nil {
		return head, all, err
	}
	head.part = 1
	_, err = l.newRun(LR(f.lr), head)
	return head, all, err
}

// fineTune is what FineTune was asked for.
type fineTune struct {
	frozen            int // epochs
	lr, mult, div, up float64
	clip              float64
}

// tunes is FineTune's rate, LRMult and Clip by default, for an optimizer and a batch size.
func tunes(o optim.Optimizer, batch int) fineTune {
	if _, sgd := o.(optim.SGD); sgd {
		return fineTune{lr: .01 * math.Sqrt(float64(batch)), mult: 10, clip: 2}
	}
	return fineTune{lr: 2e-3, mult: 100}
}

// with returns the defaults f with what was given in their place, checked.
func (f fineTune) with(epochs int, lr float64, t tuning) (fineTune, error) {
	own := f.lr
	if lr != 0 {
		f.lr = lr
	}
	f.frozen, f.mult = given(t.frozenEpochs, 1), given(t.lrMult, f.mult)
	switch {
	case epochs < 1 || f.frozen < 0:
		return f, fmt.Errorf("%d epochs and FrozenEpochs(%d) (want 1 or more, and 0 or more)", epochs, f.frozen)
	case !(f.lr > 0) || math.IsInf(f.lr, 0):
		return f, fmt.Errorf("learning rate %g (want a finite number above 0, or 0 for %g)", lr, own)
	case !(f.mult > 0) || math.IsInf(f.mult, 0):
		return f, fmt.Errorf("LRMult(%g) (want a finite number above 0)", f.mult)
	}
	var err error
	f.div, f.up, err = t.cycle(5, .3)
	return f, err
}
