package fastnb

import (
	"errors"
	"fmt"

	pkgerrors "github.com/pkg/errors"
)

// Sentinel errors. What the library returns wraps them; test with errors.Is.
var (
	// ErrStop is returned by a callback to end the fit in good order; Fit then returns nil.
	ErrStop = errors.New("stop")

	// ErrInterrupted says that the user stopped a fit or a sweep. What was learned so far is in the learner.
	ErrInterrupted = errors.New("interrupted")

	// ErrNaN says that the training or validation loss stopped being a finite number. If it was the validation loss
	// alone, weights and history are saved in the checkpoint "diverged". Metrics may take any value.
	ErrNaN = errors.New("loss is not a number")

	// ErrNoSplit says that the data has no such split.
	ErrNoSplit = errors.New("no such split")

	// ErrNoCheckpoint says that there is no checkpoint of that name.
	ErrNoCheckpoint = errors.New("no such checkpoint")

	// ErrBadCheckpoint says that a checkpoint is damaged or belongs to another model.
	ErrBadCheckpoint = errors.New("unusable checkpoint")

	// ErrShortSweep says that a sweep ended before a learning rate could be suggested.
	ErrShortSweep = errors.New("the sweep is too short to suggest a learning rate")
)

// ItemError says what is wrong with an item that is given to be predicted and can't be: a row with a column that the
// model does not know, a user that no rating is of. Whoever gave the item can mend it; any other error of a prediction
// is of the model, its data or its engine. Test with errors.As.
type ItemError struct{ Err error }

// Error returns the text of Err.
func (e *ItemError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ItemError) Unwrap() error { return e.Err }

// caught runs a graph-building or engine call and turns its panic into an error.
func caught(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = traced(e)
			} else {
				err = fmt.Errorf("%v", r)
			}
		}
	}()
	return f()
}

// traced gives an error a stack trace if it has none, as a mistake like an index out of range in a user's model: the
// notebook tells the line by it.
func traced(err error) error {
	var has interface{ StackTrace() pkgerrors.StackTrace }
	if errors.As(err, &has) {
		return err
	}
	return pkgerrors.WithStack(err)
}
