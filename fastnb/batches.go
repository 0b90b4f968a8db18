package fastnb

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

var errNoBatch = errors.New("the data yielded no batch")

// until yields the batches as long as ctx is not done, and then ErrInterrupted.
func until(ctx context.Context, batches iter.Seq2[Batch, error]) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for b, err := range batches {
			if ctx.Err() != nil {
				yield(Batch{}, ErrInterrupted)
				return
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// after yields the batches but the first n.
func after(n int, batches iter.Seq2[Batch, error]) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for b, err := range batches {
			if n > 0 && err == nil {
				n--
				continue
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// first returns the first batch and breaks off.
func first(batches iter.Seq2[Batch, error]) (Batch, error) {
	for b, err := range batches {
		return b, err
	}
	return Batch{}, errNoBatch
}

// inGroups yields batches in groups of at most n() at a time, asked before each group; a batch that is not of a
// set that is kept on the device is a group of its own.
func inGroups(batches iter.Seq2[Batch, error], n func() int) iter.Seq2[[]Batch, error] {
	return func(yield func([]Batch, error) bool) {
		var group []Batch
		want := n()
		for b, err := range batches {
			if err != nil {
				if len(group) == 0 || yield(group, nil) {
					yield(nil, err)
				}
				return
			}
			if group = append(group, b); len(group) < want && b.set != nil {
				continue
			}
			if !yield(group, nil) {
				return
			}
			group, want = nil, n()
		}
		if len(group) > 0 {
			yield(group, nil)
		}
	}
}

// inputShapes returns the shapes of an unaugmented batch's inputs: what the data know, or those of the first batch.
func inputShapes(data Data, split Split) ([]shapes.Shape, error) {
	if d, ok := data.(Shaped); ok {
		return d.InputShapes(), nil
	}
	b, err := first(data.Batches(View{Split: split}))
	if err != nil {
		return nil, err
	}
	return shapesOf(b.Inputs), nil
}

func shapesOf(ts []*tensors.Tensor) []shapes.Shape {
	all := make([]shapes.Shape, len(ts))
	for i, t := range ts {
		all[i] = t.Shape()
	}
	return all
}

// shapesText says the shapes of tensors, for a key.
func shapesText(ts []*tensors.Tensor) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Shape().String())
	}
	return b.String()
}
