package fastnb

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/gomlx/gomlx/core/tensors"
)

// A callback is any value that has one or more of these methods. The learner's Recorder says where the fit is. An
// error ends the fit and is returned by it, but for ErrStop, which ends it in good order.
type (
	// FitBeginner is called before the first batch. Of a fit that goes on (see Resume) the Recorder has its epochs so
	// far: a callback that counts or compares takes those in.
	FitBeginner interface{ BeginFit(*Learner) error }
	// Resumer is a callback with state of its own, which the Recorder does not hold. FitState is called whenever the fit
	// is saved and returns that state as UTF-8 text; when the fit is resumed, ResumeFit gets it, in place of BeginFit.
	Resumer interface {
		FitState(*Learner) (string, error)
		ResumeFit(l *Learner, state string) error
	}
	// EpochBeginner is called before every training epoch. It may freeze and unfreeze layer groups, or set other data
	// of as many batches: larger images, say.
	EpochBeginner interface{ BeginEpoch(*Learner) error }
	// BatchBeginner is called before every training batch of a fit, and may change what the step is given. Every step is
	// then a call of the device, and training items that would be kept there are sent batch by batch. LRFind does not
	// call it.
	BatchBeginner interface{ BeginBatch(*Learner, *Step) error }
	// BatchEnder is called after every training batch.
	BatchEnder interface{ EndBatch(*Learner) error }
	// BatchesEnder is called after one training batch or several: as many as the device does in one call. It does not slow
	// such calls, which a BatchEnder would split.
	BatchesEnder interface{ EndBatches(*Learner) error }
	// EpochEnder is called after every epoch's validation.
	EpochEnder interface{ EndEpoch(*Learner) error }
	// FitEnder is called when the fit is over, however it ended, if every BeginFit let it begin.
	FitEnder interface{ EndFit(*Learner) error }
)

// Step is what a training step is given. A BatchBeginner may change it, and put other tensors in place of its own:
// those of the same shapes and types use the graph that is compiled already, others get one of their own, which stays
// until the learner gets other data. With Precompute on, the input is a batch of activations.
type Step struct {
	Batch  Batch
	LR, WD []float64 // learning rate and weight decay of each layer group that an optimizer sees; the number stays
	Mom    float64   // momentum, or Adam's beta1
}

// hooks are the callbacks of a fit and the learner that they are called with.
type hooks struct {
	learner   *Learner
	callbacks []any
}

// check tells which value is no callback: one whose methods belong to its pointer, say.
func (h hooks) check() error {
	for _, c := range h.callbacks {
		switch c.(type) {
		case FitBeginner, EpochBeginner, BatchBeginner, BatchEnder, BatchesEnder, EpochEnder, FitEnder:
		default:
			return fmt.Errorf("a %T is no callback: it has none of BeginFit, BeginEpoch, BeginBatch, EndBatch, EndBatches, "+
				"EndEpoch, EndFit (want a pointer to it?)", c)
		}
	}
	return nil
}

// beginFit gives the learner a history and calls those that want to be called before the first batch. Of a fit that
// goes on, kept is what the callbacks kept of it.
func (h hooks) beginFit(r *Recorder, kept []string) error {
	h.learner.Recorder = r
	i := 0
	return each(h.callbacks, func(c any) error {
		i++
		if s, ok := c.(Resumer); ok && kept != nil {
			return s.ResumeFit(h.learner, kept[i-1])
		}
		if b, ok := c.(FitBeginner); ok {
			return b.BeginFit(h.learner)
		}
		return nil
	})
}

// states returns what each callback wants to be kept of a fit.
func (h hooks) states() ([]string, error) {
	states := make([]string, len(h.callbacks))
	for i, c := range h.callbacks {
		s, ok := c.(Resumer)
		if !ok {
			continue
		}
		var err error
		if states[i], err = s.FitState(h.learner); err != nil {
			return nil, err
		}
		if !utf8.ValidString(states[i]) {
			return nil, fmt.Errorf("what the FitState of %T gives is not UTF-8; have it give JSON or base64", c)
		}
	}
	return states, nil
}

// recorder is where the learner's history is kept now: a callback may load another.
func (h hooks) recorder() *Recorder { return h.learner.Recorder }

func (h hooks) beginEpoch() error {
	return each(h.callbacks, func(c EpochBeginner) error { return c.BeginEpoch(h.learner) })
}

// beforeEachBatch tells whether a callback wants to be called before each batch.
func (h hooks) beforeEachBatch() bool { return hasAny[BatchBeginner](h.callbacks) }

// beginBatch has the callbacks change a step.
func (h hooks) beginBatch(b *Batch, rates *hyper) error {
	if !h.beforeEachBatch() {
		return nil
	}
	s := &Step{Batch: *b, LR: slices.Clone(rates.lr), WD: slices.Clone(rates.wd), Mom: rates.mom}
	s.Batch.Inputs = slices.Clone(b.Inputs) // the data may keep theirs
	err := each(h.callbacks, func(c BatchBeginner) error { return c.BeginBatch(h.learner, s) })
	if err == nil {
		err = s.check(len(rates.lr), len(b.Inputs))
	}
	*b, rates.lr, rates.wd, rates.mom = s.Batch, s.LR, s.WD, s.Mom
	return err
}

// check tells what is missing of a step for so many layer groups and inputs.
func (s *Step) check(groups, inputs int) error {
	if len(s.LR) != groups || len(s.WD) != groups {
		return fmt.Errorf("BeginBatch gives %d learning rates and %d weight decays for %d layer groups (want one each)",
			len(s.LR), len(s.WD), groups)
	}
	if len(s.Batch.Inputs) != inputs {
		return fmt.Errorf("BeginBatch gives %d inputs (want %d, as the data have)", len(s.Batch.Inputs), inputs)
	}
	for _, t := range append([]*tensors.Tensor{s.Batch.Labels}, s.Batch.Inputs...) {
		if err := t.CheckValid(); err != nil {
			return fmt.Errorf("BeginBatch gives labels or an input that hold nothing: %w", err)
		}
	}
	return nil
}

// afterEachBatch tells whether a callback wants to be called after each batch.
func (h hooks) afterEachBatch() bool { return hasAny[BatchEnder](h.callbacks) }

// endBatches calls the callbacks that want to be called after batches.
func (h hooks) endBatches() error {
	stop := each(h.callbacks, func(c BatchEnder) error { return c.EndBatch(h.learner) })
	if stop != nil && !errors.Is(stop, ErrStop) {
		return stop
	}
	if err := each(h.callbacks, func(c BatchesEnder) error { return c.EndBatches(h.learner) }); err != nil {
		return err
	}
	return stop
}

func (h hooks) endEpoch() error {
	return each(h.callbacks, func(c EpochEnder) error { return c.EndEpoch(h.learner) })
}

func (h hooks) endFit() error {
	return each(h.callbacks, func(c FitEnder) error { return c.EndFit(h.learner) })
}

// each calls f on the callbacks that are of type T, and returns the first error. After ErrStop the others are still
// called.
func each[T any](callbacks []any, f func(T) error) error {
	var stop error
	for _, c := range callbacks {
		t, ok := c.(T)
		if !ok {
			continue
		}
		if err := f(t); errors.Is(err, ErrStop) {
			stop = err
		} else if err != nil {
			return err
		}
	}
	return stop
}

// hasAny tells whether one of the callbacks is of type T.
func hasAny[T any](callbacks []any) bool {
	for _, c := range callbacks {
		if _, ok := c.(T); ok {
			return true
		}
	}
	return false
}
