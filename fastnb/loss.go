package fastnb

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Loss is what is minimised, and the activation that goes with it.
type Loss struct {
	Name string

	// Rows maps the model's output and the labels to one loss per row, [rows].
	Rows func(output, labels *graph.Node) *graph.Node

	// Weight tells from the labels how much each row counts in the mean, [rows]; nil is 1 each. The mean is that of
	// the weighted rows divided by the sum of the weights, in training of a batch, in validation of the split.
	Weight func(labels *graph.Node) *graph.Node

	// Activate turns the model's output into predictions; softmax for CrossEntropy. Nil leaves it as it is.
	Activate func(output *graph.Node) *graph.Node

	of    kind     // what data it is a loss of
	each  lossFunc // of several labels: the loss of each label, [rows, labels]
	sizes int      // how many classes it has weights for, 0 for any
	wrong error    // why it can't be used
}

// lossFunc maps a model's output and the labels to losses.
type lossFunc = func(output, labels *graph.Node) *graph.Node

// kind is what the items of data have.
type kind int

const (
	anyKind kind = iota
	oneClass
	severalLabels
	numbersToMeet
)

// String says what items have.
func (k kind) String() string {
	return [...]string{"no labels", "one class each", "several labels", "numbers"}[k]
}

// CrossEntropy is the loss of a classifier with one label per item; the model's outputs are logits and its
// predictions probabilities.
var CrossEntropy = Loss{
	Name:     "cross-entropy",
	Rows:     func(logits, labels *graph.Node) *graph.Node { return nn.CrossEntropy(logits, labels) },
	Activate: softmax,
	of:       oneClass,
}

func softmax(logits *graph.Node) *graph.Node { return graph.Softmax(logits, -1) }

// MeanSquared is the loss of a regression.
var MeanSquared = Loss{
	Name: "mse",
	Rows: func(output, labels *graph.Node) *graph.Node { return nn.MSE(output, labels) },
	of:   numbersToMeet,
}

// Absolute is the loss of a regression that minds outliers less: the mean absolute error.
var Absolute = Loss{
	Name: "mae",
	Rows: func(output, labels *graph.Node) *graph.Node { return nn.L1(output, labels) },
	of:   numbersToMeet,
}

// BinaryCrossEntropy is the loss of a classifier with any number of labels per item, [n, labels] of 0 or 1; the model's
// outputs are logits and its predictions a probability for each label.
var BinaryCrossEntropy = ofLabels("binary cross-entropy", func(logits, labels *graph.Node) *graph.Node {
	return nn.BCEWithLogits(logits, labels)
})

// ofLabels makes a loss of several labels; of one label a row it is that label's.
func ofLabels(name string, loss lossFunc) Loss {
	each := func(logits, labels *graph.Node) *graph.Node {
		flat := loss(graph.Reshape(logits, -1), graph.Reshape(labels, -1))
		return graph.Reshape(flat, logits.Shape().Dimensions...)
	}
	return Loss{Name: name, Rows: loss, Activate: graph.Sigmoid, of: severalLabels, each: each}
}

// Predictions makes predictions of a model's output, [rows, outputs] both, by Activate.
func (l Loss) Predictions(output *graph.Node) *graph.Node {
	if l.Activate == nil {
		return output
	}
	return l.Activate(output)
}

// mean is that of a batch's rows by their weights, a scalar; 0 where no row has any.
func (l Loss) mean(output, labels *graph.Node) *graph.Node {
	rows, weight := l.Rows(output, labels), l.weight(labels)
	if weight == nil {
		return graph.ReduceAllMean(rows)
	}
	sum := graph.ReduceAllSum(graph.Mul(rows, weight))
	return graph.Div(sum, graph.MaxScalar(graph.ReduceAllSum(weight), leastWeight))
}

// leastWeight is what a batch without weights is divided by.
const leastWeight = 1e-30

// weight is that of each row, nil for 1 each.
func (l Loss) weight(labels *graph.Node) *graph.Node {
	if l.Weight == nil {
		return nil
	}
	return graph.ConvertDType(l.Weight(labels), dtypes.Float32)
}
