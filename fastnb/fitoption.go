package fastnb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fastnb/fastnb/fastnb/schedule"
)

// FitOption is an option of Fit, FitOneCycle, FitSchedule and FineTune.
type FitOption interface{ fit(*fitConfig) }

// CycleLen is the number of epochs of the first cycle of SGDR: with it, Fit anneals the learning rate along a
// cosine within each cycle. Default: none, the learning rate is constant and a cycle is an epoch.
type CycleLen int

// CycleMult is how many times longer each cycle of SGDR is than the one before. Default 1.
type CycleMult int

// WD is decoupled weight decay, as a share of the learning rate, for all layer groups; biases and batch norm are
// not decayed. Default 0.
type WD float64

// WDs is weight decay with one value per layer group.
type WDs []float64

// Momentum is the momentum of SGD, or beta1 of Adam, for Fit. Default 0.9. The other fits have a schedule of their own.
type Momentum float64

// Moms are the momenta of FitOneCycle and FineTune: at the start, where the learning rate is highest, and at the end.
// Default {.95, .85, .95}; for text fastai takes {.8, .7, .8}.
type Moms [3]float64

func (o Moms) fit(c *fitConfig) { c.moms = &o }

// Clip bounds the norm of all gradients together. Default 0: no bound.
type Clip float64

// MixUp trains on mixtures of an item and another of the batch instead of the items: of the inputs that the model is
// given, and of the losses, with shares from Beta(alpha, alpha). Default: none. Zhang et al. 2017,
// https://arxiv.org/abs/1710.09412; fastai's alpha is .4.
type MixUp float64

// CutMix trains on images into which a box of another of the batch is pasted, whose area has a share from Beta(alpha,
// alpha); the losses are mixed by the areas. Default: none. Yun et al. 2019, https://arxiv.org/abs/1905.04899; the
// paper's alpha is 1.
type CutMix float64

func (o MixUp) fit(c *fitConfig)  { c.mix = mixture{"MixUp", float64(o)} }
func (o CutMix) fit(c *fitConfig) { c.mix = mixture{"CutMix", float64(o)} }

// Resume goes on with a fit that was not finished, because its process was killed or the user stopped it: from where it
// was last saved, to the end that it would have had, bit for bit on the same device. The call, the data and the learner's
// options must be those of that fit; another one is an error that says in what they differ. Where there is none the fit
// begins. Default false: a fit begins anew, and says if there is one to go on with.
func Resume(on bool) FitOption { return fitOption(func(c *fitConfig) { c.resume = on }) }

// SaveEvery is how often a fit saves itself, in the checkpoint "unfinished", which is removed when the fit has come to
// its end. Default 5 minutes; 0 is never.
func SaveEvery(d time.Duration) FitOption { return fitOption(func(c *fitConfig) { c.saveEvery = d }) }

// KeepNothing is SaveEvery(0).
func KeepNothing() FitOption { return SaveEvery(0) }

// CycleSave saves a checkpoint NAME_cyc_K at the end of every cycle, after its last batch, K counted from 0. A name that no
// file can have is an error before the first batch.
type CycleSave string

// KeepOptimizer goes on with the optimizer's state of the fit before. Default: every fit starts anew.
type KeepOptimizer bool

func (o CycleLen) fit(c *fitConfig)      { c.cycleLen, c.cyclic = int(o), true }
func (o CycleMult) fit(c *fitConfig)     { c.cycleMult = int(o) }
func (o WD) fit(c *fitConfig)            { c.wds = LR(float64(o)) }
func (o WDs) fit(c *fitConfig)           { c.wds = LR(o...) }
func (o Momentum) fit(c *fitConfig)      { c.mom = schedule.Const(float64(o)) }
func (o Clip) fit(c *fitConfig)          { c.clip = float64(o) }
func (o CycleSave) fit(c *fitConfig)     { c.cycleSave = string(o) }
func (o KeepOptimizer) fit(c *fitConfig) { c.keepOptimizer = bool(o) }

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

type fitOption func(*fitConfig)

func (o fitOption) fit(c *fitConfig) { o(c) }

// Callbacks adds callbacks to one fit.
func Callbacks(cs ...any) FitOption {
	return fitOption(func(c *fitConfig) { c.extra = append(c.extra, cs...) })
}

// Until ends the fit when ctx is done, as the user's interrupt does.
func Until(ctx context.Context) FitOption { return fitOption(func(c *fitConfig) { c.ctx = ctx }) }

// fitConfig is what a fit was asked to do.
type fitConfig struct {
	verb                string // that was called
	cycles              int    // of Fit
	cyclic              bool
	cycleLen, cycleMult int
	wds                 LRs
	mom                 schedule.Schedule // over the fit
	lr                  schedule.Schedule // factor of the learning rates, over the fit
	clip                float64
	mix                 mixture
	moms                *Moms // of one cycle
	cycleSave           string
	keepOptimizer       bool
	resume              bool
	saveEvery           time.Duration
	part                int    // of FineTune
	tuning              tuning // of one cycle
	extra               []any  // callbacks
	ctx                 context.Context
	epochs              int
}

func newFitConfig(opts []FitOption) fitConfig {
	c := fitConfig{
		cycleLen: 1, cycleMult: 1, wds: LR(0), ctx: context.Background(),
		lr: schedule.Const(1), saveEvery: 5 * time.Minute,
	}
	for _, o := range opts {
		o.fit(&c)
	}
	return c
}

// plan sets epochs and the learning rate's schedule for cycles cycles. It takes no longer for more of them.
func (c *fitConfig) plan(cycles int) error {
	switch {
	case cycles < 1:
		return fmt.Errorf("%d cycles (want 1 or more)", cycles)
	case c.cycleLen < 1 || c.cycleMult < 1:
		return fmt.Errorf("CycleLen(%d), CycleMult(%d): both must be 1 or more", c.cycleLen, c.cycleMult)
	case !c.cyclic && (c.cycleMult > 1 || c.cycleSave != ""):
		return fmt.Errorf("CycleMult and CycleSave need CycleLen")
	}
	c.cycles, c.epochs = cycles, schedule.SumGeom(c.cycleLen, c.cycleMult, cycles)
	if c.cyclic {
		c.lr = schedule.SGDR(cycles, c.cycleMult)
	}
	if c.mom == nil {
		c.mom = schedule.Const(0.9)
	}
	if m := c.mom(0); !(m >= 0 && m < 1) {
		return fmt.Errorf("Momentum(%g) (want 0 or more, below 1)", m)
	}
	return nil
}

// checkLength tells whether epochs of so many batches can be counted: the share of a fit that is done is a float64.
func (c *fitConfig) checkLength(batches int) error {
	const most = 1 << 53
	switch {
	case c.epochs <= most/max(batches, 1):
		return nil
	case c.cycles > 0:
		return fmt.Errorf("%d cycles with CycleLen(%d), CycleMult(%d) are more batches than can be counted (want fewer cycles, or a smaller CycleMult)",
			c.cycles, c.cycleLen, c.cycleMult)
	}
	return fmt.Errorf("%d epochs of %d batches are more than can be counted (want fewer epochs)", c.epochs, batches)
}

// cycleEnd returns the number of the cycle that ends after so many epochs; false if none does. What is no Fit is one cycle.
func (c *fitConfig) cycleEnd(epochs int) (cycle int, ends bool) {
	switch {
	case c.cycles == 0:
		return 0, epochs == c.epochs
	case c.cycleMult == 1:
		return epochs/c.cycleLen - 1, epochs%c.cycleLen == 0
	}
	end := c.cycleLen
	for n := end; end < epochs; cycle++ {
		n *= c.cycleMult
		end += n
	}
	return cycle, end == epochs
}

// checkGiven tells which setting is none that a step can be done with.
func (c *fitConfig) checkGiven() error {
	if c.ctx == nil {
		return errors.New("the context of Until is nil (want one, or no Until)")
	}
	if !(c.clip >= 0) || math.IsInf(c.clip, 0) {
		return fmt.Errorf("Clip(%g) (want a finite norm, 0 for no bound)", c.clip)
	}
	return c.mix.check()
}

// check tells what would only show later: a fit of data that can't be counted, a step that can't be done, a checkpoint
// that can't be saved.
func (c *fitConfig) check(data Data) error {
	err := errors.Join(c.checkLength(trainBatches(data)), c.checkGiven())
	if err != nil || c.cycleSave == "" {
		return err
	}
	if _, err := newCheckpointPath(data.Dir(), cycleName(c.cycleSave, c.cycles)); err != nil {
		return fmt.Errorf("CycleSave: %w", err)
	}
	return nil
}

// trainBatches returns the number of batches of a training epoch.
func trainBatches(data Data) int {
	return View{Shuffle: true}.NumBatches(data.Len(Train), data.BatchSize())
}

// cycleName is the name of the checkpoint of a cycle.
func cycleName(save string, cycle int) string { return fmt.Sprintf("%s_cyc_%d", save, cycle) }
