package nn_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A window of 7 x 7 pixels in two parts, as in the Inception nets: 14 weights for each pair of channels in place of 49.
func ExampleWidth() {
	s, x := input(2, 17, 17, 8)
	x = nn.Conv(s.In("row"), x, 8, 1, nn.Width(7), nn.SamePad)
	x = nn.Conv(s.In("column"), x, 8, 7, nn.Width(1), nn.SamePad)
	fmt.Println(x.Shape())
	fmt.Println(s.Store().GetVariable("/row/weight").Shape(), s.Store().GetVariable("/column/weight").Shape())
	// Output:
	// (Float32)[2, 17, 17, 8]
	// (Float32)[1, 7, 8, 8] (Float32)[7, 1, 8, 8]
}

// What becomes of the pixels at the rims: the last of five rows and columns is lost, or has a window of its own; and
// a mean is smaller by the zeros around the image, or isn't.
func ExampleCeilMode() {
	pixels := make([]float32, 25)
	for i := range pixels {
		pixels[i] = 1
	}
	image := tensors.FromFlatDataAndDimensions(pixels, 1, 5, 5, 1)
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{
			nn.MaxPool(x, 2), nn.MaxPool(x, 2, nn.CeilMode),
			nn.AvgPool(x, 4, nn.Pad(2)), nn.AvgPool(x, 4, nn.Pad(2), nn.CountIncludePad(false)),
		}
	}, image)
	for _, out := range outs {
		fmt.Println(out.Shape().Dimensions, floats(out))
	}
	// Output:
	// [1 2 2 1] [1 1 1 1]
	// [1 3 3 1] [1 1 1 1 1 1 1 1 1]
	// [1 2 2 1] [0.25 0.375 0.375 0.5625]
	// [1 2 2 1] [1 1 1 1]
}

// The activations of MobileNetV3 of -4, -1, 0, 1 and 8.
func ExampleHardSwish() {
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{nn.HardSigmoid(x), nn.HardSwish(x)}
	}, []float32{-4, -1, 0, 1, 8})
	for _, out := range outs {
		fmt.Printf("%.2f\n", floats(out))
	}
	// Output:
	// [0.00 0.33 0.50 0.67 1.00]
	// [-0.00 -0.33 0.00 0.67 8.00]
}

// Each of two tokens takes from the values of three others; the last of these is not attended to.
func ExampleAttention() {
	out := model.MustCallOnce(device(), model.NewStore(), func(s *model.Scope, q, k *graph.Node) *graph.Node {
		unheard := graph.Const(q.Graph(), [][][][]float32{{{{0, 0, -1e9}}}})
		return nn.Attention(s, q, k, k, 1, nn.Scores(unheard), nn.WeightDropout(.1)) // which is off outside of training
	}, [][][]float32{{{9, 0}, {0, 9}}}, [][][]float32{{{1, 0}, {0, 1}, {5, 5}}})
	fmt.Println(out.Shape())
	fmt.Printf("%.2f\n", floats(out))
	// Output:
	// (Float32)[1, 2, 2]
	// [1.00 0.00 0.00 1.00]
}

// A block that begins by adding next to nothing to its input.
func ExampleLayerScale() {
	out := model.MustCallOnce(device(), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
		return graph.Add(x, nn.LayerScale(s.In("scale"), nn.Dense(s.In("fc"), x, 2), 1e-6))
	}, [][]float32{{1, 3}, {10, 30}})
	fmt.Printf("%.2f\n", floats(out))
	// Output: [1.00 3.00 10.00 30.00]
}

// A layer of one's own: what it learns is a number for each pair of channels, and one to start with for all.
func ExampleParam() {
	store := model.NewStore()
	var small nn.Init = nn.Normal(.1)
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		w := nn.Param(s, "weight", x, small, 2, 3)
		gain := nn.Param(s, "gain", x, nn.Filled(0), 1)
		return graph.Mul(graph.Dot(x, w).Product(), graph.ExpandAxes(gain, 0))
	}, [][]float32{{1, 3}, {10, 30}})
	fmt.Println(out.Shape(), store.GetVariable("/weight").Shape(), floats(out)[0] == 0)
	// Output: (Float32)[2, 3] (Float32)[2, 3] true
}
