package fastnb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/tensors"
)

var errNoBatch = errors.New("the data yielded no batch")

// Predict returns the predictions for a split, unaugmented and in its order. Labels and Loss are those of the split,
// nil and 0 for Test. ErrNoSplit if the data has no such split.
func (l *Learner) Predict(split Split) (*Preds, error) {
	p, err := l.predictSplit(View{Split: split})
	return p, failed("Predict", err)
}

// PredictOn is Predict on a split of other data with the same inputs: new items, or a table with a column changed. They
// are prepared as the model was trained, whatever they were made with, and an error tells if they can't be, such as if
// they have other classes; see Fitted. The learner's own data stay as they are.
func (l *Learner) PredictOn(data Data, split Split) (*Preds, error) {
	p, err := l.predictOn(data, split)
	return p, failed("PredictOn", err)
}

func (l *Learner) predictOn(data Data, split Split) (*Preds, error) {
	data, err := l.prepared(data, split)
	if err != nil {
		return nil, err
	}
	if err := l.open(); err != nil {
		return nil, err
	}
	defer func(own Data, programs map[string]string, precompute bool) {
		l.forgetOpaque()
		l.data, l.programs, l.precompute = own, programs, precompute
	}(l.data, l.programs, l.precompute)
	l.data, l.programs, l.precompute = data, nil, false
	return l.predictSplit(View{Split: split})
}

// Validate returns the loss and the metrics on the valid split, in the order of WithMetrics. Each item counts once,
// in a ragged last batch too.
func (l *Learner) Validate() (loss float64, metrics []float64, err error) {
	p, err := l.predictSplit(View{Split: Valid})
	if err != nil {
		return 0, nil, failed("Validate", err)
	}
	return p.Loss, p.scores(l.metrics), nil
}

func (l *Learner) predictSplit(v View) (*Preds, error) {
	defer l.note("")
	if l.data.Len(v.Split) == 0 {
		return nil, fmt.Errorf("the data has no %s items: %w", v.Split, ErrNoSplit)
	}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l.predict(context.Background(), v)
}

// predict reads one view and collects what the model says of it. When ctx is done it returns ErrInterrupted.
func (l *Learner) predict(ctx context.Context, v View) (*Preds, error) {
	p := &Preds{Classes: l.data.Classes(), Labels: l.data.Labels(v.Split), Names: l.data.Names(v.Split)}
	if d, ok := l.data.(Targeted); ok {
		p.Targets = d.Targets(v.Split)
	}
	if err := nn.ResetStates(l.store); err != nil {
		return nil, err
	}
	rows, weights, kept := make([][]float32, l.data.Len(v.Split)), 0., false
	for b, err := range l.read(ctx, v) {
		if err != nil {
			return nil, err
		}
		outs, err := l.infer(b)
		if err != nil {
			return nil, err
		}
		if err := place(rows, b.Items, outs[0]); err != nil {
			return nil, err
		}
		loss, weight, err := sums(len(b.Items), outs[1:])
		if err != nil {
			return nil, err
		}
		p.Loss, weights, kept = p.Loss+loss, weights+weight, l.model.Losses != nil && b.Labels != nil
	}
	if weights > 0 {
		p.Loss /= weights
	}
	if p.Probs = rows; kept {
		p.Probs, p.Kept = nil, rows
	}
	return p, nil
}

// read yields the batches of a view: the data's, cached activations where the head trains on those, or rows of what is
// kept on the device. When ctx is done it yields ErrInterrupted.
func (l *Learner) read(ctx context.Context, v View) iter.Seq2[Batch, error] {
	if v.Split == Train && v.Shuffle {
		if set := l.resident(); set != nil {
			return l.rows(ctx, v, set)
		}
	}
	if !l.precompute {
		return until(ctx, l.data.Batches(v))
	}
	a, err := l.activations(ctx, v.Split)
	if err != nil {
		return func(yield func(Batch, error) bool) { yield(Batch{}, err) }
	}
	return until(ctx, a.batches(v, l.data.BatchSize()))
}

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

// first returns the first batch and breaks off.
func first(batches iter.Seq2[Batch, error]) (Batch, error) {
	for b, err := range batches {
		return b, err
	}
	return Batch{}, errNoBatch
}

// place puts a batch's rows in their places.
func place(rows [][]float32, items []int, out *tensors.Tensor) error {
	flat, err := tensors.CopyFlatData[float32](out)
	if err != nil {
		return err
	}
	cols := len(flat) / out.Shape().Dim(0)
	for row, item := range items {
		rows[item] = flat[row*cols : (row+1)*cols : (row+1)*cols]
	}
	return nil
}

// sums adds up the losses of the first n rows, and their weights, 1 each if there are none. Without losses both are 0.
func sums(n int, outs []*tensors.Tensor) (loss, weight float64, err error) {
	if len(outs) == 0 {
		return 0, 0, nil
	}
	losses, err := tensors.CopyFlatData[float32](outs[0])
	if err != nil {
		return 0, 0, err
	}
	weights := slices.Repeat([]float32{1}, n)
	if len(outs) > 1 {
		if weights, err = tensors.CopyFlatData[float32](outs[1]); err != nil {
			return 0, 0, err
		}
	}
	for i, x := range losses[:n] {
		if w := float64(weights[i]); w > 0 {
			loss, weight = loss+w*float64(x), weight+w
		}
	}
	return loss, weight, nil
}
