package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// lengths are data in a unit, which nothing can make another.
type lengths struct {
	*synth.Data
	unit string
}

// Fitted goes into every checkpoint.
func (d lengths) Fitted() (string, error) { return d.unit, nil }

// CheckFitted refuses what was measured in another unit.
func (d lengths) CheckFitted(unit string) error {
	if unit != d.unit {
		return fmt.Errorf("the model has learned from %s, these are %s", d.unit, unit)
	}
	return nil
}

var _ fastnb.FittedChecker = lengths{}

// Data that differ from those of the model are refused.
func ExampleFittedChecker() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	line := synth.Line(dir, 200, 20)
	learn := must(fastnb.New(must(engine.Open()), lengths{line, "metres"}, synth.LineModel()))
	fmt.Println(learn.SetData(lengths{line, "metres"}))
	fmt.Println(learn.SetData(lengths{line, "miles"}))
	// Output:
	// <nil>
	// fastnb: SetData: the model has learned from metres, these are miles
}
