package fastnb

import (
	"errors"
	"fmt"
)

// Sentinel errors. What the library returns wraps them; test with errors.Is.
var (
	// ErrStop is returned by a callback to end the fit in good order; Fit then returns nil.
	ErrStop = errors.New("stop")

	// ErrInterrupted says that the user stopped a fit or a sweep. What was learned so far is in the learner.
	ErrInterrupted = errors.New("interrupted")

	// ErrNaN says that the training or validation loss stopped being a finite number.
	ErrNaN = errors.New("loss is not a number")

	// ErrNoSplit says that the data has no such split.
	ErrNoSplit = errors.New("no such split")

	// ErrNoCheckpoint says that there is no checkpoint of that name.
	ErrNoCheckpoint = errors.New("no such checkpoint")

	// ErrBadCheckpoint says that a checkpoint is damaged or belongs to another model.
	ErrBadCheckpoint = errors.New("unusable checkpoint")
)

// failed turns an error of one of the learner's verbs into fastnb's form.
func failed(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("fastnb: %s: %w", verb, err)
}

// caught runs a graph-building or engine call and turns its panic into an error.
func caught(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = e
			} else {
				err = fmt.Errorf("%v", r)
			}
		}
	}()
	return f()
}
