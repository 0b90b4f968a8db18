package fastnb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/gomlx/core/graph"
)

// measured are data that are divided by their spread. It was fitted to the training items, so it belongs to the model.
type measured struct {
	*synth.Data
	spread float64
}

func (d measured) Prepare(in []*graph.Node) []*graph.Node {
	return []*graph.Node{graph.DivScalar(in[0], d.spread)}
}

// Fitted goes into every checkpoint.
func (d measured) Fitted() (string, error) { return strconv.FormatFloat(d.spread, 'g', -1, 64), nil }

// Refit returns the items prepared as those of the model were.
func (d measured) Refit(fitted string) (fastnb.Data, error) {
	spread, err := strconv.ParseFloat(fitted, 64)
	return measured{d.Data, spread}, err
}

var (
	_ fastnb.Fitted   = measured{}
	_ fastnb.Refitter = measured{}
)

// Data that are given later are prepared as the model was trained.
func ExampleFitted() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	line := synth.Line(dir, 200, 20)
	learn := must(fastnb.New(must(engine.Open()), measured{line, 0.5}, synth.LineModel()))
	ok(learn.Save("start"))
	fmt.Println(must(fastnb.ReadFitted(filepath.Join(dir, "models", "start.safetensors"))))

	ok(learn.SetData(measured{line, 3}))
	fmt.Println(learn.Data().(measured).spread)
	// Output:
	// 0.5
	// 0.5
}
