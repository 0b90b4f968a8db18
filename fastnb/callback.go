package fastnb

import (
	"errors"
	"fmt"
)

// A callback is any value that has one or more of these methods. The learner's Recorder says where the fit is. An
// error ends the fit and is returned by it, but for ErrStop, which ends it in good order.
type (
	// FitBeginner is called before the first batch.
	FitBeginner interface{ BeginFit(*Learner) error }
	// BatchEnder is called after every training batch.
	BatchEnder interface{ EndBatch(*Learner) error }
	// BatchesEnder is called after one training batch or several: as many as the device does in one call. It does not slow
	// such calls, which a BatchEnder would split.
	BatchesEnder interface{ EndBatches(*Learner) error }
	// EpochEnder is called after every epoch's validation.
	EpochEnder interface{ EndEpoch(*Learner) error }
	// FitEnder is called when the fit is over, however it ended.
	FitEnder interface{ EndFit(*Learner) error }
)

// hooks are the callbacks of a fit and the learner that they are called with.
type hooks struct {
	learner   *Learner
	callbacks []any
}

// check tells which value is no callback: one whose methods belong to its pointer, say.
func (h hooks) check() error {
	for _, c := range h.callbacks {
		switch c.(type) {
		case FitBeginner, BatchEnder, BatchesEnder, EpochEnder, FitEnder:
		default:
			return fmt.Errorf("a %T is no callback: it has none of BeginFit, EndBatch, EndBatches, EndEpoch, EndFit "+
				"(want a pointer to it?)", c)
		}
	}
	return nil
}

// beginFit gives the learner a new history and calls those that want to be called before the first batch.
func (h hooks) beginFit(r *Recorder) error {
	h.learner.Recorder = r
	return each(h.callbacks, func(c FitBeginner) error { return c.BeginFit(h.learner) })
}

// recorder is where the learner's history is kept now: a callback may load another.
func (h hooks) recorder() *Recorder { return h.learner.Recorder }

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
