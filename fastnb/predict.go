package fastnb

import (
	"context"
	"slices"

	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/tensors"
)

// Predict returns the predictions for a split, unaugmented and in its order. Labels and Loss are those of the split,
// nil and 0 for Test. ErrNoSplit if the data has no such split.
func (l *Learner) Predict(split Split) (p *Preds, err error) {
	defer verb.Name(&err, "fastnb: Predict")
	return l.predict(l.feed, split)
}

// PredictOn is Predict on a split of other data with the same inputs: new items, or a table with a column changed. They
// are prepared as the model was trained, whatever they were made with, and an error tells if they can't be, such as if
// they have other classes; see Fitted. The learner's own data stay as they are.
func (l *Learner) PredictOn(data Data, split Split) (p *Preds, err error) {
	defer verb.Name(&err, "fastnb: PredictOn")
	if data, err = l.gate().prepared(data, split); err != nil {
		return nil, err
	}
	other := newFeed(l.graphs, data)
	defer l.graphs.forgetOpaque(other.prep)
	return l.predict(other, split)
}

// Validate returns the loss and the metrics on the valid split, in the order of WithMetrics. Each item counts once,
// in a ragged last batch too.
func (l *Learner) Validate() (loss float64, metrics []float64, err error) {
	defer verb.Name(&err, "fastnb: Validate")
	p, err := l.predict(l.feed, Valid)
	if err != nil {
		return 0, nil, err
	}
	return p.Loss, p.scores(l.metrics), nil
}

// predict opens the learner and reads a split of a feed.
func (l *Learner) predict(f *feed, split Split) (*Preds, error) {
	defer l.show.note("")
	if err := checkItems(f.data, split); err != nil {
		return nil, err
	}
	if err := l.Open(); err != nil {
		return nil, err
	}
	return predict(context.Background(), f, View{Split: split})
}

// predict reads one view and collects what the model says of it. When ctx is done it returns ErrInterrupted.
func predict(ctx context.Context, f *feed, v View) (*Preds, error) {
	p := truth(f.data, v.Split)
	if err := f.graphs.net.resetStates(); err != nil {
		return nil, err
	}
	rows, weights, kept := make([][]float32, f.data.Len(v.Split)), 0., false
	for b, err := range f.read(ctx, v) {
		if err != nil {
			return nil, err
		}
		outs, err := f.graphs.infer(b, f.prep, f.precompute)
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
		p.Loss, weights, kept = p.Loss+loss, weights+weight, f.graphs.net.model.Losses != nil && b.Labels != nil
	}
	if weights > 0 {
		p.Loss /= weights
	}
	if p.Probs = rows; kept {
		p.Probs, p.Kept = nil, rows
	}
	return p, nil
}

// truth returns what the data know of a split, without predictions.
func truth(data Data, split Split) *Preds {
	p := &Preds{Classes: data.Classes(), Labels: data.Labels(split), Names: data.Names(split)}
	if d, ok := data.(Targeted); ok {
		p.Targets = d.Targets(split)
	}
	if d, ok := data.(Logarithmic); ok {
		p.Logs = d.Logs()
	}
	return p
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
