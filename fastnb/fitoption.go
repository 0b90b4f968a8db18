package fastnb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fastnb/fastnb/fastnb/schedule"
)

// FitOption is an option of Fit.
type FitOption interface{ fit(*fitConfig) }

// OneCycleOption is an option of FitOneCycle.
type OneCycleOption interface{ oneCycle(*fitConfig) }

// ScheduleOption is an option of FitSchedule.
type ScheduleOption interface{ schedule(*fitConfig) }

// FineTuneOption is an option of FineTune.
type FineTuneOption interface{ fineTune(*fitConfig) }

// SharedFitOption is an option of every fit.
type SharedFitOption interface {
	FitOption
	OneCycleOption
	ScheduleOption
	FineTuneOption
}

// SharedCycleOption is an option of the fits along one cycle.
type SharedCycleOption interface {
	OneCycleOption
	FineTuneOption
}

type (
	fitOption      func(*fitConfig)
	fineTuneOption func(*fitConfig)
	everyFit       func(*fitConfig)
	everyCycle     func(*fitConfig)
)

func (o fitOption) fit(c *fitConfig)           { o(c) }
func (o fineTuneOption) fineTune(c *fitConfig) { o(c) }
func (o everyFit) fit(c *fitConfig)            { o(c) }
func (o everyFit) oneCycle(c *fitConfig)       { o(c) }
func (o everyFit) schedule(c *fitConfig)       { o(c) }
func (o everyFit) fineTune(c *fitConfig)       { o(c) }
func (o everyCycle) oneCycle(c *fitConfig)     { o(c) }
func (o everyCycle) fineTune(c *fitConfig)     { o(c) }

// CycleLen is the number of epochs of the first cycle of SGDR: with it, Fit anneals the learning rate along a
// cosine within each cycle. Default: none, the learning rate is constant and a cycle is an epoch.
func CycleLen(epochs int) FitOption {
	return fitOption(func(c *fitConfig) { c.cycleLen, c.cyclic = epochs, true })
}

// CycleMult is how many times longer each cycle of SGDR is than the one before. Default 1.
func CycleMult(times int) FitOption { return fitOption(func(c *fitConfig) { c.cycleMult = times }) }

// Momentum is the momentum of SGD, or beta1 of Adam. Default 0.9. The other fits have a schedule of their own.
func Momentum(m float64) FitOption {
	return fitOption(func(c *fitConfig) { c.mom = schedule.Const(m) })
}

// WD is decoupled weight decay, as a share of the learning rate, for all layer groups; biases and batch norm are
// not decayed. Default 0.
func WD(share float64) SharedFitOption { return WDs(share) }

// WDs is weight decay with one value per layer group.
func WDs(shares ...float64) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.wds = LR(shares...) })
}

// Clip bounds the norm of all gradients together. Default 0: no bound.
func Clip(norm float64) SharedFitOption { return everyFit(func(c *fitConfig) { c.clip = norm }) }

// MixUp trains on mixtures of an item and another of the batch instead of the items: of the inputs that the model is
// given, and of the losses, with shares from Beta(alpha, alpha). Default: none. Zhang et al. 2017,
// https://arxiv.org/abs/1710.09412; fastai's alpha is .4.
func MixUp(alpha float64) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.mix = mixture{"MixUp", alpha} })
}

// CutMix trains on images into which a box of another of the batch is pasted, whose area has a share from Beta(alpha,
// alpha); the losses are mixed by the areas. Default: none. Yun et al. 2019, https://arxiv.org/abs/1905.04899; the
// paper's alpha is 1.
func CutMix(alpha float64) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.mix = mixture{"CutMix", alpha} })
}

// Resume goes on with a fit that was not finished, because its process was killed or the user stopped it: from where
// it was last saved, to the end that it would have had, bit for bit on the same device. It is found by where the
// learner was: its model, its seed, and how much it had trained when that fit began, so that a notebook or a program
// that is run again from its first line goes on in the fit that was not finished. Another call there, other data,
// metrics or settings are an error that says in what they differ; transforms of images, and what a callback's fields
// hold, are not compared. Where there is none the fit begins. Default false: a fit begins anew, and says if there is
// one to go on with.
func Resume(on bool) SharedFitOption { return everyFit(func(c *fitConfig) { c.resume = on }) }

// SaveEvery is how often a fit saves itself, and also when it is stopped: in a checkpoint of its own, whose name begins
// with "unfinished-" and which is removed when the fit has come to its end. Default 5 minutes; 0 is never.
func SaveEvery(d time.Duration) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.saveEvery = d })
}

// KeepNothing is SaveEvery(0).
func KeepNothing() SharedFitOption { return SaveEvery(0) }

// CycleSave saves a checkpoint NAME_cyc_K at the end of every cycle, after its last batch, K counted from 0. With Fit
// it needs CycleLen; the other fits are one cycle. A name that no file can have is an error before the first batch.
func CycleSave(name string) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.cycleSave = name })
}

// KeepOptimizer goes on with the optimizer's state of the fit before. Default: every fit starts anew.
func KeepOptimizer(keep bool) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.keepOptimizer = keep })
}

// Callbacks adds callbacks to one fit.
func Callbacks(cs ...any) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.extra = append(c.extra, cs...) })
}

// Until ends the fit when ctx is done, as the user's interrupt does.
func Until(ctx context.Context) SharedFitOption {
	return everyFit(func(c *fitConfig) { c.ctx = ctx })
}

// Moms sets the momentum at the start of the cycle, at the peak of the learning rate, and at the end. Default .95, .85,
// .95; for text fastai takes .8, .7, .8.
func Moms(start, top, end float64) SharedCycleOption {
	return everyCycle(func(c *fitConfig) { c.moms = [3]float64{start, top, end} })
}

// Div is what the learning rates are divided by at the start of the cycle. Default 25; in FineTune's second part 5.
func Div(div float64) SharedCycleOption {
	return everyCycle(func(c *fitConfig) { c.tuning.div = &div })
}

// PctStart is the share of the fit in which the rates rise. Default .25; of FineTune's second part .3.
func PctStart(share float64) SharedCycleOption {
	return everyCycle(func(c *fitConfig) { c.tuning.pctStart = &share })
}

// FrozenEpochs is for how many epochs FineTune trains the last layer group alone. Default 1; 0 leaves that part out.
func FrozenEpochs(epochs int) FineTuneOption {
	return fineTuneOption(func(c *fitConfig) { c.tuning.frozenEpochs = &epochs })
}

// LRMult is how many times smaller FineTune's rate of the first layer group is than that of the last. Default 10 with
// SGD, 100 with other optimizers.
func LRMult(times float64) FineTuneOption {
	return fineTuneOption(func(c *fitConfig) { c.tuning.lrMult = &times })
}

// tuning are the options of FineTune and of one cycle; nil where they were not given.
type tuning struct {
	frozenEpochs          *int
	lrMult, div, pctStart *float64
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
	moms                [3]float64 // of one cycle
	cycleSave           string
	keepOptimizer       bool
	resume              bool
	saveEvery           time.Duration
	part                int    // of FineTune
	start               clock  // where FineTune began
	tuning              tuning // of one cycle
	extra               []any  // callbacks
	ctx                 context.Context
	epochs              int
}

// newFitConfig is what a verb was asked for with these options, each of which apply sets.
func newFitConfig[O any](verb string, opts []O, apply func(O, *fitConfig)) fitConfig {
	c := fitConfig{
		verb: verb, cycleLen: 1, cycleMult: 1, wds: LR(0), ctx: context.Background(),
		lr: schedule.Const(1), moms: [3]float64{.95, .85, .95}, saveEvery: 5 * time.Minute,
	}
	for _, o := range opts {
		apply(o, &c)
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
		return fmt.Errorf("%d cycles with CycleLen(%d), CycleMult(%d) are more batches than can be counted "+
			"(want fewer cycles, or a smaller CycleMult)", c.cycles, c.cycleLen, c.cycleMult)
	}
	return fmt.Errorf("%d epochs of %d batches are more than can be counted (want fewer epochs)", c.epochs, batches)
}

// cycleEnd returns the number of the cycle that ends after so many epochs; false if none does. What is no Fit is one
// cycle.
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
