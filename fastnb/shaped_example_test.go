package fastnb_test

import (
	"fmt"
	"iter"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// scans is data that counts how often it is read.
type scans struct {
	*synth.Data
	n *int
}

func (d scans) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	*d.n++
	return d.Data.Batches(v)
}

// InputShapes makes it a fastnb.Shaped: every batch has 20 rows of one number.
func (d scans) InputShapes() []shapes.Shape {
	return []shapes.Shape{shapes.Make(dtypes.Float32, 20, 1)}
}

// A model is opened without a look at the items.
func ExampleShaped() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	n := 0
	var data fastnb.Shaped = scans{synth.Line(dir, 200, 20), &n}
	learn := must(fastnb.New(must(engine.Open()), data.(fastnb.Data), synth.LineModel()))
	ok(learn.Save("start"))
	fmt.Println("read", n, "times to save what was never trained")
	// Output: read 0 times to save what was never trained
}
