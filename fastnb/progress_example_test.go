package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// lines is a Progress that prints the shape of a fit; nb.NewProgress shows one in a notebook.
type lines struct{ batches int }

func (p *lines) Begin(epochs, batchesPerEpoch int, columns []string) {
	fmt.Println(epochs, "epochs of", batchesPerEpoch, "batches:", columns)
}
func (p *lines) Batch(epoch, batch int, loss float64) { p.batches++ }
func (p *lines) Epoch(row []string)                   { fmt.Println("epoch", row[0]) }
func (p *lines) End(err error)                        { fmt.Println(p.batches, "batches, error", err) }

func ExampleProgress() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3),
		fastnb.WithProgress(&lines{})))
	ok(learn.Fit(fastnb.LR(0.05), 2))
	// Output:
	// 2 epochs of 12 batches: [epoch train_loss valid_loss accuracy time]
	// epoch 0
	// epoch 1
	// 24 batches, error <nil>
}
