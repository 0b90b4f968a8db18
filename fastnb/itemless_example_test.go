package fastnb_test

import (
	"errors"
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// opened are the data of a model that came without its items, as from a file.
type opened struct{ measured }

func (opened) Len(fastnb.Split) int { return 0 }

// NoItems says what gives some.
func (opened) NoItems() error {
	return errors.New("the model came without its items; SetData gives it some")
}

// Fitted also tells how wide the net is, so that it can be made from a checkpoint alone.
func (d opened) Fitted() (string, error) {
	spread, err := d.PreparedBy()
	return spread + ", 1 unit", err
}

// PreparedBy is what the items depend on: activations of nets of any width are kept under it.
func (d opened) PreparedBy() (string, error) { return d.measured.Fitted() }

// Refit returns the items prepared as those of the model were.
func (d opened) Refit(string) (fastnb.Data, error) { return d, nil }

var (
	_ fastnb.Itemless = opened{}
	_ fastnb.Prepared = opened{}
)

// A model without items is not trained until SetData gives it some.
func ExampleItemless() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	data := opened{measured{synth.Line(dir, 200, 20), 0.5}}
	learn := must(fastnb.New(must(engine.Open()), data, synth.LineModel()))
	fmt.Println(learn.Fit(fastnb.LR(0.1), 1))
	fmt.Println(must(data.PreparedBy()), "/", must(data.Fitted()))
	// Output:
	// fastnb: Fit: the model came without its items; SetData gives it some: no such split
	// 0.5 / 0.5, 1 unit
}
