package nn_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Sequences of 6 times, two of them, of 3 numbers each, to a hidden state of 5.
func ExampleLSTM() {
	s, x := input(6, 2, 3)
	zero := graph.Zeros(x.Graph(), shapes.Make(dtypes.Float32, 2, 5))
	hs, lastH, lastC := nn.LSTM(s.In("lstm"), x, zero, zero, nn.WeightDrop(0.5))
	fmt.Println(hs.Shape(), lastH.Shape(), lastC.Shape())
	fmt.Println(s.Store().GetVariable("/lstm/weight_hh").Shape()) // four gates
	// Output:
	// (Float32)[6, 2, 5] (Float32)[2, 5] (Float32)[2, 5]
	// (Float32)[5, 20]
}

func ExampleGRU() {
	s, x := input(6, 2, 3)
	zero := graph.Zeros(x.Graph(), shapes.Make(dtypes.Float32, 2, 5))
	hs, last := nn.GRU(s.In("gru"), x, zero, nn.BPTT(3)) // the gradient stops after three times
	fmt.Println(hs.Shape(), last.Shape())
	// Output: (Float32)[6, 2, 5] (Float32)[2, 5]
}

// A plain recurrent layer whose state goes on as it is at first; of padded sequences only some times are computed.
func ExampleRNN() {
	s, x := input(6, 2, 3)
	zero := graph.Zeros(x.Graph(), shapes.Make(dtypes.Float32, 2, 5))
	longest := graph.Const(x.Graph(), int32(4))
	hs, last := nn.RNN(s.In("rnn"), x, zero, nn.IdentityInit, nn.Steps(longest))
	fmt.Println(hs.Shape(), last.Shape())
	// Output: (Float32)[6, 2, 5] (Float32)[2, 5]
}

// A state goes from one batch to the next until it is reset; it is no weight.
func ExampleState() {
	store := model.NewStore()
	sums := model.MustNewExec(device(), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		sum := nn.State(s.In("layer"), "sum", 2)
		sum.SetNodeValue(graph.Add(sum.NodeValue(x.Graph()), x))
		return sum.NodeValue(x.Graph())
	})
	fmt.Println(floats(sums.MustCall([]float32{1, 10})[0]))
	fmt.Println(floats(sums.MustCall([]float32{1, 10})[0]))
	if err := nn.ResetStates(store); err != nil { // as nn.Zero(store, nn.IsState)
		fmt.Println(err)
	}
	fmt.Println(floats(sums.MustCall([]float32{1, 10})[0]))
	// Output:
	// [1 10]
	// [2 20]
	// [1 10]
}

// Any variables can be set to zero: here all but the states.
func ExampleZero() {
	store := model.NewStore()
	store.VariableWithValue("/layer/weight", []float32{5})
	err := nn.Zero(store, func(path string) bool { return !nn.IsState(path) })
	fmt.Println(floats(store.GetVariable("/layer/weight").MustValue()), err)
	// Output: [0] <nil>
}
