package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// budget ends a fit after so many batches.
type budget int

// EndBatch makes it a fastnb.BatchEnder.
func (b budget) EndBatch(l *fastnb.Learner) error {
	if len(l.Recorder.Loss) >= int(b) {
		return fastnb.ErrStop
	}
	return nil
}

var _ fastnb.BatchEnder = budget(0)

func ExampleBatchEnder() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 10, fastnb.Callbacks(budget(30)))) // of 12 batches an epoch
	fmt.Println(len(learn.Recorder.Loss), "batches,", len(learn.Recorder.Epochs), "whole epochs")
	// Output: 30 batches, 2 whole epochs
}
