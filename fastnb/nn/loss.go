package nn

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// CrossEntropyOption is LabelSmoothing.
type CrossEntropyOption interface{ crossEntropy(*crossEntropyConfig) }

type crossEntropyConfig struct{ smoothing float64 }

// LabelSmoothing spreads this share of each target evenly over all classes. Default 0. Szegedy et al. 2016,
// arXiv:1512.00567; as PyTorch's label_smoothing.
type LabelSmoothing float64

func (l LabelSmoothing) crossEntropy(c *crossEntropyConfig) { c.smoothing = float64(l) }

// CrossEntropy returns -log softmax(logits)[label] for each row, in nats: logits [n, classes] and integer labels [n]
// to [n]. A label outside 0..classes-1 counts as matching no class.
func CrossEntropy(logits, labels *graph.Node, opts ...CrossEntropyOption) *graph.Node {
	var c crossEntropyConfig
	for _, o := range opts {
		o.crossEntropy(&c)
	}
	logits = wide(logits)
	logProbs := graph.LogSoftmax(logits, -1)
	hit := graph.Equal(graph.Iota(logits.Graph(), shapes.Make(labels.DType(), logits.Shape().Dimensions...), 1),
		graph.ExpandAxes(labels, -1))
	loss := graph.Neg(graph.ReduceSum(graph.Where(hit, logProbs, graph.ZerosLike(logProbs)), -1))
	if c.smoothing == 0 {
		return loss
	}
	return graph.Add(graph.MulScalar(loss, 1-c.smoothing), graph.MulScalar(graph.ReduceMean(logProbs, -1), -c.smoothing))
}

// BCEWithLogits returns the mean binary cross entropy of each row, in nats: logits [n, ...] and targets of the same
// shape in [0, 1] to [n]. It is stable for any logit.
func BCEWithLogits(logits, targets *graph.Node) *graph.Node {
	logits = wide(logits)
	return perRow(customVJP(
		func(in []*graph.Node) *graph.Node {
			x, t := in[0], in[1]
			return graph.Add(graph.Sub(graph.Max(x, graph.ZerosLike(x)), graph.Mul(x, t)),
				graph.Log1P(graph.Exp(graph.Neg(graph.Abs(x)))))
		},
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			return []*graph.Node{graph.Mul(dy, graph.Sub(graph.Sigmoid(in[0]), in[1])), graph.Neg(graph.Mul(dy, in[0]))}
		}, logits, graph.ConvertDType(targets, logits.DType())))
}

// MSE returns the mean squared error of each row: [n, ...] twice to [n].
func MSE(predictions, targets *graph.Node) *graph.Node {
	predictions = wide(predictions)
	return perRow(graph.Square(graph.Sub(predictions, graph.ConvertDType(targets, predictions.DType()))))
}

// L1 returns the mean absolute error of each row: [n, ...] twice to [n].
func L1(predictions, targets *graph.Node) *graph.Node {
	predictions = wide(predictions)
	return perRow(graph.Abs(graph.Sub(predictions, graph.ConvertDType(targets, predictions.DType()))))
}

// wide makes half-precision outputs float32, in which losses are taken.
func wide(x *graph.Node) *graph.Node { return graph.ConvertDType(x, keep(x.DType())) }

// perRow takes the mean over all axes but the first.
func perRow(x *graph.Node) *graph.Node {
	if x.Rank() == 1 {
		return x
	}
	return graph.ReduceMean(graph.Reshape(x, x.Shape().Dim(0), -1), 1)
}
