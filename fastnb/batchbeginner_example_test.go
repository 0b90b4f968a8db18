package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// warmUp is a callback that lets the rates rise over the first batches of each epoch.
type warmUp struct{ batches, seen int }

var (
	_ fastnb.EpochBeginner = (*warmUp)(nil)
	_ fastnb.BatchBeginner = (*warmUp)(nil)
)

// BeginEpoch implements fastnb.EpochBeginner.
func (w *warmUp) BeginEpoch(*fastnb.Learner) error {
	w.seen = 0
	return nil
}

// BeginBatch implements fastnb.BatchBeginner.
func (w *warmUp) BeginBatch(_ *fastnb.Learner, s *fastnb.Step) error {
	w.seen++
	for i := range s.LR {
		s.LR[i] *= min(1, float64(w.seen)/float64(w.batches))
	}
	return nil
}

// Rates that rise over the first four batches of each epoch; the recorder holds those that were used.
func ExampleBatchBeginner() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.08), 2, fastnb.Callbacks(&warmUp{batches: 4})))
	for _, rates := range learn.Recorder.LR[:5] {
		fmt.Printf("%.2f ", rates)
	}
	// Output: 0.02 0.04 0.06 0.08 0.08
}
