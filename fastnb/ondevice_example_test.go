package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// few is data whose training items fit on the device.
type few struct{ *synth.Data }

// OnDevice returns all training items as one batch.
func (d few) OnDevice() (fastnb.Batch, bool) {
	all := *d.Data
	all.Size = all.Len(fastnb.Train)
	for batch, err := range all.Batches(fastnb.View{Split: fastnb.Train}) {
		return fastnb.Batch{Inputs: batch.Inputs, Labels: batch.Labels}, err == nil
	}
	return fastnb.Batch{}, false
}

// calls counts how often the device was called, and the batches.
type calls struct{ device, batches int }

// EndBatches makes it a fastnb.BatchesEnder.
func (c *calls) EndBatches(l *fastnb.Learner) error {
	c.device, c.batches = c.device+1, len(l.Recorder.Loss)
	return nil
}

var _ fastnb.BatchesEnder = &calls{}

// Many steps in one call of the device.
func ExampleOnDevice() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	var data fastnb.OnDevice = few{synth.Line(dir, 200, 10)}
	learn := must(fastnb.New(must(engine.Open()), data.(fastnb.Data), synth.LineModel()))
	c := &calls{}
	ok(learn.Fit(fastnb.LR(0.1), 2, fastnb.Callbacks(c)))
	fmt.Println(c.batches, "batches; fewer calls:", c.device < c.batches)
	// Output: 40 batches; fewer calls: true
}
