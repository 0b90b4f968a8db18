package nn_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func device() compute.Backend {
	be, err := engine.Open()
	if err != nil {
		log.Fatal(err)
	}
	return be
}

// input returns a graph's input of the given shape, and the scope for a net's variables. Nothing is computed.
func input(dims ...int) (s *model.Scope, x *graph.Node) {
	g := graph.NewGraph(device(), "example")
	return model.NewStore().RootScope(), graph.Parameter(g, "x", shapes.Make(dtypes.Float32, dims...))
}

// floats returns the numbers of a result.
func floats(t *tensors.Tensor) []float32 { return tensors.MustCopyFlatData[float32](t) }

func ExampleConv() {
	s, x := input(2, 32, 32, 3) // two images of 32 x 32 pixels
	x = nn.Conv(s.In("conv1"), x, 16, 7, nn.Stride(2), nn.Pad(3), nn.NoBias)
	fmt.Println(x.Shape())
	x = nn.Conv(s.In("depthwise"), x, 16, 3, nn.Groups(16), nn.SamePad)
	fmt.Println(x.Shape())
	x = nn.Conv(s.In("wide"), x, 8, 3, nn.Dilation(2))
	fmt.Println(x.Shape())
	fmt.Println(s.Store().GetVariable("/depthwise/weight").Shape())
	// Output:
	// (Float32)[2, 16, 16, 16]
	// (Float32)[2, 16, 16, 16]
	// (Float32)[2, 12, 12, 8]
	// (Float32)[3, 3, 1, 16]
}

// A linear layer after two others, each with the start of its weights that suits what follows.
func ExampleDense() {
	s, x := input(5, 20)
	x = nn.ReLU(nn.Dense(s.In("first"), x, 50))
	x = graph.Tanh(nn.Dense(s.In("second"), x, 30, nn.Gain(5./3)))
	x = nn.Dense(s.In("out"), x, 10, nn.UniformInit)
	fmt.Println(x.Shape(), s.Store().GetVariable("/second/weight").Shape())
	// Output: (Float32)[5, 10] (Float32)[50, 30]
}

// In training each channel gets mean 0 and variance 1; the running statistics follow by a tenth.
func ExampleBatchNorm() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		return nn.BatchNorm(s.In("bn"), x, nn.Momentum(0.1), nn.Eps(1e-5))
	}, [][]float32{{1, 10}, {3, 30}})
	fmt.Printf("%.2f\n", floats(out))
	fmt.Printf("%.2f\n", floats(store.GetVariable("/bn/running_mean").MustValue()))
	// Output:
	// [-1.00 -1.00 1.00 1.00]
	// [0.20 2.00]
}

// Fine-tuning a head on a body that is frozen: in training too, the body's batch norms use their statistics and keep
// them. With BNFreezeParam on the root scope the head's would as well.
func ExampleFrozenParam() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		body, head := s.In("body"), s.In("head")
		body.SetGraphParam(x.Graph(), nn.FrozenParam, true)
		return nn.BatchNorm(head, nn.BatchNorm(body, x))
	}, [][]float32{{1, 10}, {3, 30}})
	fmt.Printf("%.2f\n", floats(out))
	for _, part := range []string{"body", "head"} {
		fmt.Printf("%s %.2f\n", part, floats(store.GetVariable("/"+part+"/running_mean").MustValue()))
	}
	// Output:
	// [-1.00 -1.00 1.00 1.00]
	// body [0.00 0.00]
	// head [0.20 2.00]
}

// What each layer of a net gives.
func ExampleWatch() {
	model.MustCallOnce(device(), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
		nn.Watch(x.Graph(), func(layer string, output *graph.Node) {
			fmt.Println(layer, output.Shape().Dimensions)
		})
		x = nn.ReLU(nn.BatchNorm(s.In("bn1"), nn.Conv(s.In("conv1"), x, 4, 3, nn.NoBias)))
		return nn.Dense(s.In("head").In("fc"), nn.GlobalAvg(x), 2)
	}, tensors.FromFlatDataAndDimensions(make([]float32, 8*8*3), 1, 8, 8, 3))
	// Output:
	// /conv1 [1 6 6 4]
	// /bn1 [1 6 6 4]
	// /head/fc [1 2]
}

// Outside of training the running statistics are used. A bound keeps what they never met from being absurd.
func ExampleBound() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.BatchNorm(s.In("bn"), x, nn.Bound(8))
	}, [][]float32{{1}, {500}})
	fmt.Printf("%.2f\n", floats(out))
	// Output: [1.00 8.00]
}

func ExampleLayerNorm() {
	out := model.MustCallOnce(device(), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.LayerNorm(s.In("ln"), x)
	}, [][]float32{{1, 3}, {10, 30}})
	fmt.Printf("%.2f\n", floats(out))
	// Output: [-1.00 1.00 -1.00 1.00]
}

func ExampleMaxPool() {
	image := tensors.FromFlatDataAndDimensions([]float32{
		1, 2, 3, 4,
		5, 6, 7, 8,
	}, 1, 2, 4, 1)
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{nn.MaxPool(x, 2), nn.AvgPool(x, 2), nn.MaxPool(x, 2, nn.Stride(1)), nn.AvgPool(x, 2, nn.Pad(1))}
	}, image)
	for _, out := range outs {
		fmt.Println(out.Shape().Dimensions, floats(out))
	}
	// Output:
	// [1 1 2 1] [6 8]
	// [1 1 2 1] [3.5 5.5]
	// [1 1 3 1] [6 7 8]
	// [1 2 3 1] [0.25 1.25 1 1.25 3.25 2]
}

// From the images of a body to the features of a head.
func ExampleConcatPool() {
	image := tensors.FromFlatDataAndDimensions([]float32{1, 2, 3, 6}, 1, 2, 2, 1)
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{nn.GlobalMax(x), nn.GlobalAvg(x), nn.ConcatPool(x)}
	}, image)
	fmt.Println(floats(outs[0]), floats(outs[1]), floats(outs[2]))
	// Output: [6] [3] [6 3]
}

// What the activations make of -1, 0, 1 and 8.
func ExampleReLU() {
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{nn.ReLU(x), nn.ReLU6(x), nn.LeakyReLU(x, 0.25), nn.ELU(x, 1), nn.SELU(x)}
	}, []float32{-1, 0, 1, 8})
	for _, out := range outs {
		fmt.Printf("%.2f\n", floats(out))
	}
	// Output:
	// [0.00 0.00 1.00 8.00]
	// [0.00 0.00 1.00 6.00]
	// [-0.25 0.00 1.00 8.00]
	// [-0.63 0.00 1.00 8.00]
	// [-1.11 0.00 1.05 8.41]
}

// Activations without a corner at 0.
func ExampleGELU() {
	outs := graph.MustExecOnceN(device(), func(x *graph.Node) []*graph.Node {
		return []*graph.Node{nn.GELU(x), nn.SiLU(x), nn.Mish(x), nn.Softplus(x)}
	}, []float32{-1, 0, 1, 8})
	for _, out := range outs {
		fmt.Printf("%.2f\n", floats(out))
	}
	// Output:
	// [-0.16 0.00 0.84 8.00]
	// [-0.27 0.00 0.73 8.00]
	// [-0.30 0.00 0.87 8.00]
	// [0.31 0.69 1.31 8.00]
}

// In training half of the numbers become 0 and the others double; elsewhere nothing happens.
func ExampleDropout() {
	for _, training := range []bool{true, false} {
		store := model.NewStore()
		out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
			store.SetTraining(x.Graph(), training)
			return nn.Dropout(s, x, 0.5)
		}, make1s(1000))
		count := map[float32]int{}
		for _, v := range floats(out) {
			count[v]++
		}
		fmt.Println(count[0] > 400, count[2] > 400, count[1])
	}
	// Output:
	// true true 0
	// false false 1000
}

func make1s(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// A sequence [time, features] that loses the same features at all times.
func ExampleLocked() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		return nn.Dropout(s, x, 0.5, nn.Locked(0))
	}, [][]float32{make1s(6), make1s(6)})
	v := floats(out)
	fmt.Println(fmt.Sprint(v[:6]) == fmt.Sprint(v[6:]))
	// Output: true
}

// A learned vector of three numbers for each of seven categories.
func ExampleEmbedding() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, codes *graph.Node) *graph.Node {
		return nn.Embedding(s.In("weekday"), codes, 7, 3)
	}, [][]int32{{0, 6}, {3, 3}})
	fmt.Println(out.Shape())
	vectors, err := nn.Vectors(store, "/weekday")
	fmt.Println(len(vectors), err)
	// Output:
	// (Float32)[2, 2, 3]
	// 7 <nil>
}

func ExampleLookUp() {
	table := [][]float32{{0, 0}, {1, 10}, {2, 20}}
	out := graph.MustExecOnce(device(), func(table, codes *graph.Node) *graph.Node {
		return nn.LookUp(table, codes)
	}, table, []int32{2, 1, 9}) // there is no row 9: the nearest is taken
	fmt.Println(floats(out))
	// Output: [2 20 1 10 2 20]
}

// A word that is dropped is dropped wherever it stands.
func ExampleDropRows() {
	store := model.NewStore()
	out := model.MustCallOnce(device(), store, func(s *model.Scope, codes *graph.Node) *graph.Node {
		store.SetTraining(codes.Graph(), true)
		return nn.DropRows(s, codes, 10, 0.5, dtypes.Float32)
	}, []int32{7, 3, 7, 3})
	v := floats(out)
	fmt.Println(out.Shape(), v[0] == v[2], v[1] == v[3])
	// Output: (Float32)[4, 1] true true
}
