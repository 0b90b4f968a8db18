package fastnb

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
)

// Loss is what is minimised, and the activation that goes with it.
type Loss struct {
	Name string

	// Rows maps the model's output and the labels to one loss per row, [rows].
	Rows func(output, labels *graph.Node) *graph.Node

	// Activate turns the model's output into predictions; softmax for CrossEntropy. Nil leaves it as it is.
	Activate func(output *graph.Node) *graph.Node
}

// CrossEntropy is the loss of a classifier with one label per item; the model's outputs are logits and its
// predictions probabilities.
var CrossEntropy = Loss{
	Name:     "cross-entropy",
	Rows:     func(logits, labels *graph.Node) *graph.Node { return nn.CrossEntropy(logits, labels) },
	Activate: func(logits *graph.Node) *graph.Node { return graph.Softmax(logits, -1) },
}

// MeanSquared is the loss of a regression.
var MeanSquared = Loss{
	Name: "mse",
	Rows: func(output, labels *graph.Node) *graph.Node { return nn.MSE(output, labels) },
}

// Absolute is the loss of a regression that minds outliers less: the mean absolute error.
var Absolute = Loss{
	Name: "mae",
	Rows: func(output, labels *graph.Node) *graph.Node { return nn.L1(output, labels) },
}

// BinaryCrossEntropy is the loss of a classifier with any number of labels per item, [n, labels] of 0 or 1; the model's
// outputs are logits and its predictions a probability for each label.
var BinaryCrossEntropy = Loss{
	Name:     "binary cross-entropy",
	Rows:     func(logits, labels *graph.Node) *graph.Node { return nn.BCEWithLogits(logits, labels) },
	Activate: graph.Sigmoid,
}

// Predictions makes predictions of a model's output, [rows, outputs] both, by Activate.
func (l Loss) Predictions(output *graph.Node) *graph.Node {
	if l.Activate == nil {
		return output
	}
	return l.Activate(output)
}
