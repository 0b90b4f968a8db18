package fastnb_test

import (
	"fmt"
	"iter"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// squares are 100 numbers of 0 to 1 and their squares: about the least that can be learned from. It validates on the
// items that it trains on.
type squares struct{ dir string }

const numbers, rows = 100, 20 // items, and those of a batch

func (squares) Len(s fastnb.Split) int {
	if s == fastnb.Test {
		return 0 // there is no such split
	}
	return numbers
}

func (squares) BatchSize() int                             { return rows }
func (squares) Prepare(inputs []*graph.Node) []*graph.Node { return inputs }
func (squares) Classes() []string                          { return nil } // a regression
func (squares) Labels(fastnb.Split) []int                  { return nil }
func (squares) Names(s fastnb.Split) []string              { return make([]string, squares{}.Len(s)) }
func (squares) Fingerprint(s fastnb.Split) string          { return s.String() }
func (d squares) Dir() string                              { return d.dir }

// Targets makes it a fastnb.Targeted, whose metrics are a regression's.
func (squares) Targets(fastnb.Split) [][]float32 {
	targets := make([][]float32, numbers)
	for i := range targets {
		targets[i] = []float32{square(i)}
	}
	return targets
}

func square(item int) float32 { return number(item) * number(item) }

func number(item int) float32 { return float32(item) / numbers }

// Batches reads the items in the order of the view. The last item of a ragged last batch would be repeated; here there
// is none.
func (d squares) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		order := v.Order(numbers)
		for i := range v.NumBatches(numbers, rows) {
			items := order[i*rows : (i+1)*rows]
			x, y := make([][]float32, rows), make([][]float32, rows)
			for row, item := range items {
				x[row], y[row] = []float32{number(item)}, []float32{square(item)}
			}
			batch := fastnb.Batch{Items: items, Labels: tensors.FromValue(y)}
			batch.Inputs = []*tensors.Tensor{tensors.FromValue(x)}
			if !yield(batch, nil) {
				return
			}
		}
	}
}

// Data of your own.
func ExampleData() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), squares{dir}, synth.LineModel(), fastnb.WithMetrics(metric.R2)))
	ok(learn.Fit(fastnb.LR(0.1), 20))
	preds := must(learn.Predict(fastnb.Valid))
	fmt.Printf("%d items; a line explains %.0f%% of the spread\n", len(preds.Probs), 100*preds.Score(metric.R2))
	// Output: 100 items; a line explains 94% of the spread
}

var _ fastnb.Targeted = squares{}
