package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// goal ends a fit when the accuracy has reached it. A callback is any value with one of the methods BeginFit,
// BeginEpoch, BeginBatch, EndBatch, EndBatches, EndEpoch and EndFit.
type goal float64

// BeginFit refuses a learner that measures no accuracy.
func (g goal) BeginFit(l *fastnb.Learner) error {
	if len(l.Recorder.Metrics) == 0 || l.Recorder.Metrics[0] != "accuracy" {
		return fmt.Errorf("no accuracy is measured")
	}
	return nil
}

// EndEpoch ends the fit in good order.
func (g goal) EndEpoch(l *fastnb.Learner) error {
	if epochs := l.Recorder.Epochs; epochs[len(epochs)-1].Metrics[0] >= float64(g) {
		return fastnb.ErrStop
	}
	return nil
}

// EndFit is called however the fit ended.
func (g goal) EndFit(l *fastnb.Learner) error {
	fmt.Println("fewer than 50 epochs:", len(l.Recorder.Epochs) < 50)
	return nil
}

var (
	_ fastnb.FitBeginner = goal(0)
	_ fastnb.EpochEnder  = goal(0)
	_ fastnb.FitEnder    = goal(0)
)

func ExampleEpochEnder() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 50, fastnb.Callbacks(goal(0.8))))
	// Output: fewer than 50 epochs: true
}
