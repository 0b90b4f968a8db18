package fastnb_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
)

// The epoch table of a fit that is over, of a checkpoint for instance.
func ExampleRecorder_Row() {
	r := fastnb.Recorder{Metrics: []string{"accuracy"}, Fit: fastnb.FitInfo{Valid: 50}, Epochs: []fastnb.Epoch{
		{TrainLoss: .5, ValidLoss: .375, Metrics: []float64{.875}, Seconds: 61},
		{TrainLoss: .25, ValidLoss: .3125, Metrics: []float64{.9375}, Seconds: 60},
	}}
	fmt.Println(r.Header())
	for i := range r.Epochs {
		fmt.Println(r.Row(i))
	}
	// Output:
	// [epoch train_loss valid_loss accuracy time]
	// [0 0.500000 0.375000 0.875000 01:01]
	// [1 0.250000 0.312500 0.937500 01:00]
}
