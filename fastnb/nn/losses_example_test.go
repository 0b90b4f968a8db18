package nn_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Logits that tell nothing cost the logarithm of the number of classes, right ones little.
func ExampleCrossEntropy() {
	outs := graph.MustExecOnceN(device(), func(logits, labels *graph.Node) []*graph.Node {
		smooth := nn.CrossEntropy(logits, labels, nn.LabelSmoothing(0.1))
		return []*graph.Node{nn.CrossEntropy(logits, labels), smooth}
	}, [][]float32{{0, 0}, {4, 0}}, []int32{1, 0})
	fmt.Printf("%.3f\n%.3f\n", floats(outs[0]), floats(outs[1]))
	// Output:
	// [0.693 0.018]
	// [0.693 0.218]
}

// A row that is right by far costs next to nothing, so that the others are what is trained on.
func ExampleFocal() {
	outs := graph.MustExecOnceN(device(), func(logits, labels *graph.Node) []*graph.Node {
		return []*graph.Node{nn.CrossEntropy(logits, labels), nn.Focal(logits, labels, 2)}
	}, [][]float32{{0, 0}, {4, 0}}, []int32{1, 0})
	fmt.Printf("%.5f\n%.5f\n", floats(outs[0]), floats(outs[1]))
	// Output:
	// [0.69315 0.01815]
	// [0.17329 0.00001]
}

func ExampleBinaryFocal() {
	out := graph.MustExecOnce(device(), func(logits, targets *graph.Node) *graph.Node {
		return nn.BinaryFocal(logits, targets, 2)
	}, [][]float32{{0, 0}, {5, -5}}, [][]float32{{1, 0}, {1, 0}})
	fmt.Printf("%.5f\n", floats(out))
	// Output: [0.17329 0.00000]
}

// Any number of labels per item.
func ExampleBCEWithLogits() {
	out := graph.MustExecOnce(device(), func(logits, targets *graph.Node) *graph.Node {
		return nn.BCEWithLogits(logits, targets)
	}, [][]float32{{0, 0}, {5, -5}}, [][]float32{{1, 0}, {1, 0}})
	fmt.Printf("%.3f\n", floats(out))
	// Output: [0.693 0.007]
}

// The losses of a regression: one for each row.
func ExampleMSE() {
	outs := graph.MustExecOnceN(device(), func(predictions, targets *graph.Node) []*graph.Node {
		return []*graph.Node{nn.MSE(predictions, targets), nn.L1(predictions, targets)}
	}, [][]float32{{1, 2}, {0, 0}}, [][]float32{{1, 4}, {1, 1}})
	fmt.Println(floats(outs[0]), floats(outs[1]))
	// Output: [2 1] [1 1]
}

// Scores of many classes and their loss in one, some rows at a time. The label of the last row is none.
func ExampleLinearCrossEntropy() {
	outs := graph.MustExecOnceN(device(), func(x, w, b, labels *graph.Node) []*graph.Node {
		losses := nn.LinearCrossEntropy(x, w, b, labels, false)
		return []*graph.Node{losses.Sum, losses.Rows, losses.Hits}
	}, [][]float32{{1, 0}, {0, 1}, {1, 1}}, [][]float32{{9, 0}, {0, 9}}, []float32{0, 0}, []int32{0, 0, -1})
	fmt.Printf("%.2f %.2f %.0f\n", floats(outs[0]), floats(outs[1]), floats(outs[2]))
	// Output: [9.00] [0.00 9.00 0.00] [1 0 0]
}

// The mean loss of the rows that have a label, and its gradient by the weights, of which each class has a row: all rows
// that have a label have the first one, so a step raises that class's weights and lowers the other's.
func ExampleLinearLosses() {
	outs := graph.MustExecOnceN(device(), func(x, w, b, labels *graph.Node) []*graph.Node {
		var losses nn.LinearLosses = nn.LinearCrossEntropy(x, w, b, labels, true)
		known := graph.GreaterOrEqual(labels, graph.ZerosLike(labels))
		labelled := graph.ReduceAllSum(graph.ConvertDType(known, x.DType()))
		mean := graph.Div(losses.Sum, labelled)
		return []*graph.Node{mean, graph.Gradient(mean, w)[0]}
	}, [][]float32{{1, 0}, {0, 1}, {1, 1}}, [][]float32{{0, 0}, {0, 0}}, []float32{0, 0}, []int32{0, 0, -1})
	fmt.Printf("%.3f %.2f\n", floats(outs[0]), floats(outs[1]))
	// Output: [0.693] [-0.25 -0.25 0.25 0.25]
}

// L2 regularisation of one layer: it is minimised with the loss, and not shown in it.
func ExamplePenalize() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		nn.Penalize(s, graph.MulScalar(graph.ReduceAllSum(graph.Square(x)), 0.5))
		return nn.Penalties(x.Graph())[0]
	}, []float32{1, 3})
	fmt.Println(floats(out))
	// Output: [5]
}
