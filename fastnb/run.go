package fastnb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/trace"
)

// run is a fit in progress.
type run struct {
	*Learner
	fitConfig
	rates, decays []float64 // per trained layer group
	batches       int       // per epoch
	epoch, batch  int       // where we are
	ema           metric.EMA
	begun         time.Time // of the epoch
	callbacks     []any
}

// run fits as c says: epochs of batches, each followed by validation.
func (l *Learner) run(lrs LRs, c fitConfig) error {
	r, err := l.newRun(lrs, c)
	if err != nil {
		return err
	}
	if err := r.begin(); errors.Is(err, ErrStop) {
		return nil
	} else if err != nil {
		return err
	}
	ctx, release := interruptible(r.ctx)
	defer release()
	r.ctx = ctx
	trace.Mark("fit")
	r.progress.Begin(r.epochs, r.batches, r.columns())
	err = r.end(r.train())
	r.progress.End(err)
	return err
}

// newRun checks everything that can be checked before any work.
func (l *Learner) newRun(lrs LRs, c fitConfig) (*run, error) {
	if err := l.checkBatch(); err != nil {
		return nil, err
	}
	groups := len(l.trained())
	rates, err := lrs.of(groups)
	if err != nil && l.precompute {
		err = fmt.Errorf("%w: Precompute is on, so only the head trains", err)
	}
	if err != nil {
		return nil, err
	}
	if err := checkCallbacks(slices.Concat(l.callbacks, c.extra)); err != nil {
		return nil, err
	}
	decays, err := c.wds.of(groups)
	if err != nil {
		return nil, fmt.Errorf("weight decay: %w", err)
	}
	batches := View{Shuffle: true}.NumBatches(l.data.Len(Train), l.data.BatchSize())
	return &run{Learner: l, fitConfig: c, rates: rates, decays: decays, batches: batches}, c.check(l, batches)
}

// check tells what would only show later: a fit that can't be counted, a step that can't be done, a checkpoint that can't
// be saved.
func (c *fitConfig) check(l *Learner, batches int) error {
	if err := errors.Join(c.checkLength(batches), c.checkGiven()); err != nil || c.cycleSave == "" {
		return err
	}
	if _, err := l.newCheckpointPath(cycleName(c.cycleSave, c.cycles)); err != nil {
		return fmt.Errorf("CycleSave: %w", err)
	}
	return nil
}

func (r *run) begin() error {
	if err := r.open(); err != nil {
		return err
	}
	if err := r.checkKept(); err != nil {
		return err
	}
	if !r.keepOptimizer {
		if err := r.resetOptimizer(); err != nil {
			return err
		}
	}
	r.Recorder = &Recorder{Metrics: metricNames(r.metrics), Fit: r.info()}
	r.ema = metric.EMA{Beta: 0.98}
	r.callbacks = slices.Concat(r.Learner.callbacks, r.extra)
	return each(r.callbacks, func(c FitBeginner) error { return c.BeginFit(r.Learner) })
}

func (r *run) train() error {
	for r.epoch = range r.epochs {
		if err := r.trainEpoch(); err != nil {
			return err
		}
		if err := r.endEpoch(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) trainEpoch() error {
	r.begun, r.batch = time.Now(), 0
	view := View{Split: Train, Shuffle: true, Augment: true, Seed: mix(r.seed, r.passes)}
	r.passes++
	if err := nn.ResetStates(r.store); err != nil {
		return err
	}
	for bs, err := range inGroups(r.read(r.ctx, view), r.atOnce) {
		if err != nil {
			return err
		}
		if err := r.trainBatches(bs); err != nil {
			return err
		}
	}
	return nil
}

// atOnce returns how many batches the next call may train on: one where a callback wants to be called after each.
func (r *run) atOnce() int {
	if hasAny[BatchEnder](r.callbacks) {
		return 1
	}
	return r.Learner.atOnce()
}

func (r *run) trainBatches(bs []Batch) error {
	hs := make([]hyper, len(bs))
	for i := range hs {
		hs[i] = r.hyper(r.batch + i)
		if err := hs[i].check(); err != nil {
			return fmt.Errorf("%w in epoch %d, batch %d", err, r.epoch, r.batch+i)
		}
	}
	losses, err := r.trainOn(bs, hs)
	if err != nil {
		return err
	}
	for i, loss := range losses {
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return r.diverged(hs[i])
		}
		r.record(hs[i], loss)
		r.progress.Batch(r.epoch, r.batch, r.ema.Value())
		r.batch++
	}
	if r.ctx.Err() != nil {
		return ErrInterrupted
	}
	return r.endBatches()
}

// endBatches calls the callbacks that want to be called after batches.
func (r *run) endBatches() error {
	stop := each(r.callbacks, func(c BatchEnder) error { return c.EndBatch(r.Learner) })
	if stop != nil && !errors.Is(stop, ErrStop) {
		return stop
	}
	if err := each(r.callbacks, func(c BatchesEnder) error { return c.EndBatches(r.Learner) }); err != nil {
		return err
	}
	return stop
}

// hyper returns the hyper-parameters of a batch of the running epoch.
func (r *run) hyper(batch int) hyper {
	pct := float64(r.epoch*r.batches+batch) / float64(r.epochs*r.batches)
	h := hyper{wd: r.decays, mom: r.mom(pct), clip: r.clip, lr: slices.Clone(r.rates)}
	for i := range h.lr {
		h.lr[i] *= r.lr(pct)
	}
	return h
}

// check tells what a schedule gave that no step can be done with.
func (h hyper) check() error {
	for _, lr := range h.lr {
		if !(lr >= 0) || math.IsInf(lr, 0) {
			return fmt.Errorf("the schedule gives a learning rate of %g (want a finite one, 0 or more)", lr)
		}
	}
	if !(h.mom >= 0 && h.mom < 1) {
		return fmt.Errorf("the schedule gives a momentum of %g (want 0 or more, below 1)", h.mom)
	}
	return nil
}

func (r *run) record(h hyper, loss float64) {
	rec := r.Recorder
	r.ema.Add(loss)
	rec.LR = append(rec.LR, h.lr[len(h.lr)-1])
	rec.Mom = append(rec.Mom, h.mom)
	rec.RawLoss = append(rec.RawLoss, loss)
	rec.Loss = append(rec.Loss, r.ema.Value())
}

func (r *run) diverged(h hyper) error {
	return fmt.Errorf("%w in epoch %d, batch %d, at learning rate %.3g; try a lower one (LRFind shows which), or Clip",
		ErrNaN, r.epoch, r.batch, h.lr[len(h.lr)-1])
}

// divergedInValidation keeps what was learned: the training losses were finite, so the fault may be the validation items'.
func (r *run) divergedInValidation() error {
	err := fmt.Errorf("%w: the validation loss of epoch %d; try a lower learning rate (LRFind shows which), or Clip", ErrNaN, r.epoch)
	if saved := r.Save("diverged"); saved != nil {
		return errors.Join(err, saved)
	}
	return fmt.Errorf("%w, or look for validation items that are not as the training items; weights and history are in the checkpoint \"diverged\"", err)
}

func (r *run) endEpoch() error {
	e := Epoch{TrainLoss: r.ema.Value(), Batches: len(r.Recorder.Loss)}
	if r.data.Len(Valid) > 0 {
		p, err := r.predict(r.ctx, View{Split: Valid})
		if err != nil {
			return err
		}
		if math.IsNaN(p.Loss) || math.IsInf(p.Loss, 0) {
			return r.divergedInValidation()
		}
		e.ValidLoss, e.Metrics = p.Loss, p.scores(r.metrics)
	}
	e.Seconds = time.Since(r.begun).Seconds()
	r.Recorder.Epochs = append(r.Recorder.Epochs, e)
	r.showEpoch(r.epoch, e)
	if err := r.saveCycle(); err != nil {
		return err
	}
	return each(r.callbacks, func(c EpochEnder) error { return c.EndEpoch(r.Learner) })
}

// saveCycle saves the checkpoint of a cycle that ends with this epoch.
func (r *run) saveCycle() error {
	cycle, ends := r.cycleEnd(r.epoch + 1)
	if r.cycleSave == "" || !ends {
		return nil
	}
	return r.Save(cycleName(r.cycleSave, cycle))
}

// cycleName is the name of the checkpoint of a cycle.
func cycleName(save string, cycle int) string { return fmt.Sprintf("%s_cyc_%d", save, cycle) }

// end runs the last callbacks and says how the fit ended: a callback's ErrStop is a good end.
func (r *run) end(err error) error {
	if errors.Is(err, ErrStop) {
		err = nil
	}
	if errors.Is(err, ErrInterrupted) {
		err = r.interrupted()
	}
	return errors.Join(err, each(r.callbacks, func(c FitEnder) error { return c.EndFit(r.Learner) }))
}

func (r *run) interrupted() error {
	if err := r.Save("interrupted"); err != nil {
		return errors.Join(ErrInterrupted, err)
	}
	return fmt.Errorf("%w in epoch %d after %d of %d batches; weights and history are in the checkpoint \"interrupted\"",
		ErrInterrupted, r.epoch, r.batch, r.batches)
}

// interruptible returns ctx, done also when the user interrupts.
func interruptible(ctx context.Context) (context.Context, func()) {
	return signal.NotifyContext(ctx, os.Interrupt)
}
