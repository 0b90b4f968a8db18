package fastnb

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Weighted is a loss of classes in which each class, in the order of the data's Classes, has a weight: of rare ones a
// high one, say. An item counts as much as its class does, and the mean is divided by the sum of the weights, as
// PyTorch's cross_entropy does with weight. (Of LabelSmoothing PyTorch also weighs the classes that the share is spread
// over; here the item is weighed as a whole.) Of several labels a label that is there counts as much as its weight, one
// that is not counts 1: PyTorch's pos_weight. The loss that a fit shows, of validation too, is the weighted one.
//
// New refuses what are not as many weights as classes, a weight that is below 0 or no number, weights that are all 0,
// and a loss of numbers. The loss may be one of your own, if its labels are classes.
func Weighted(loss Loss, weights []float64) Loss {
	w := loss
	w.Name, w.sizes = fmt.Sprintf("%s, weighted by %v", loss.Name, weights), len(weights)
	if w.wrong == nil {
		w.wrong = checkWeights(loss, weights)
	}
	weights = slices.Clone(weights)
	if loss.each != nil {
		w.each = func(output, labels *graph.Node) *graph.Node {
			return graph.Mul(loss.each(output, labels), ifPresent(weights, labels))
		}
		w.Rows = func(output, labels *graph.Node) *graph.Node { return graph.ReduceMean(w.each(output, labels), -1) }
		return w
	}
	w.Weight = func(labels *graph.Node) *graph.Node {
		own := classWeight(weights, labels)
		if loss.Weight == nil {
			return own
		}
		return graph.Mul(own, graph.ConvertDType(loss.Weight(labels), own.DType()))
	}
	return w
}

func checkWeights(loss Loss, weights []float64) error {
	name := fmt.Sprintf("Weighted(%s)", loss.Name)
	switch {
	case loss.Rows == nil:
		return fmt.Errorf("%s: the loss has no Rows (CrossEntropy is one that has)", name)
	case loss.of == numbersToMeet:
		return fmt.Errorf("%s: numbers have no classes to weigh; "+
			"leave Weighted out, or give the rows weights by a Loss of your own with Weight", name)
	case len(weights) == 0:
		return fmt.Errorf("%s: there are no weights (want one for each class)", name)
	}
	var sum float64
	for i, x := range weights {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("%s: weight %d is %g (want 0 or more)", name, i, x)
		}
		sum += x
	}
	if sum == 0 {
		return fmt.Errorf("%s: all weights are 0, so there is nothing to learn", name)
	}
	return nil
}

// classWeight is the weight of each row's class, 0 for a label that is no class.
func classWeight(weights []float64, labels *graph.Node) *graph.Node {
	if labels.Rank() != 1 || !labels.DType().IsInt() {
		panic(fmt.Errorf("Weighted: the labels are %s, want a class each, as CrossEntropy does", labels.Shape()))
	}
	g, n := labels.Graph(), labels.Shape().Dim(0)
	hit := graph.Equal(graph.Iota(g, shapes.Make(labels.DType(), n, len(weights)), 1), graph.ExpandAxes(labels, -1))
	of := graph.BroadcastToDims(rowOf(weights, labels), n, len(weights))
	return graph.ReduceSum(graph.Where(hit, of, graph.ZerosLike(of)), -1)
}

// ifPresent is each label's weight where it is there, else 1.
func ifPresent(weights []float64, labels *graph.Node) *graph.Node {
	labels = graph.ConvertDType(labels, dtypes.Float32)
	more := graph.AddScalar(rowOf(weights, labels), -1)
	return graph.AddScalar(graph.Mul(labels, graph.BroadcastToDims(more, labels.Shape().Dimensions...)), 1)
}

// rowOf returns the weights as [1, classes].
func rowOf(weights []float64, in *graph.Node) *graph.Node {
	row := make([]float32, len(weights))
	for i, w := range weights {
		row[i] = float32(w)
	}
	return graph.ExpandAxes(graph.Const(in.Graph(), row), 0)
}
