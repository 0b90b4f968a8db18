package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// Every fit of the learner stops when an epoch has made nothing better.
func ExampleWithCallbacks() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel(),
		fastnb.WithCallbacks(&callback.EarlyStopping{Patience: 1})))
	for range 2 {
		ok(learn.Fit(fastnb.LR(0), 20))
		fmt.Println(len(learn.Recorder.Epochs), "epochs")
	}
	// Output:
	// 2 epochs
	// 2 epochs
}
