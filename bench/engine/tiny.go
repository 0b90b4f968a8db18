package main

import (
	"iter"
	"os"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
)

// rows is data of 3200 rows of 8 numbers, with their sum to be found.
type rows struct{ dir string }

const rowCount, rowBatch, rowWidth = 3200, 16, 8

func (r rows) Len(s fastnb.Split) int                 { return map[fastnb.Split]int{fastnb.Train: rowCount}[s] }
func (r rows) BatchSize() int                         { return rowBatch }
func (r rows) Prepare(in []*graph.Node) []*graph.Node { return in }
func (r rows) Classes() []string                      { return nil }
func (r rows) Labels(fastnb.Split) []int              { return nil }
func (r rows) Names(fastnb.Split) []string            { return nil }
func (r rows) Fingerprint(fastnb.Split) string        { return "rows" }
func (r rows) Dir() string                            { return r.dir }
func (r rows) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		order := v.Order(r.Len(v.Split))
		for i := range v.NumBatches(len(order), rowBatch) {
			if !yield(batch(order[i*rowBatch:(i+1)*rowBatch]), nil) {
				return
			}
		}
	}
}

func batch(items []int) fastnb.Batch {
	x, y := make([]float32, rowBatch*rowWidth), make([]float32, rowBatch)
	for i, item := range items {
		for j := range rowWidth {
			x[i*rowWidth+j] = float32((item*(j+3))%17)/17 - 0.5
			y[i] += x[i*rowWidth+j]
		}
	}
	return fastnb.Batch{Items: items, Labels: tensors.FromFlatDataAndDimensions(y, rowBatch, 1),
		Inputs: []*tensors.Tensor{tensors.FromFlatDataAndDimensions(x, rowBatch, rowWidth)}}
}

func tiny(be compute.Backend) (*fastnb.Learner, error) {
	dir, err := os.MkdirTemp("", "tiny")
	if err != nil {
		return nil, err
	}
	m := fastnb.FromFunc("tiny", func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("two"), nn.ReLU(nn.Dense(s.In("one"), x, 16)), 1)
	}, fastnb.Group{"/one", "/two"})
	return fastnb.New(be, rows{dir}, m)
}
