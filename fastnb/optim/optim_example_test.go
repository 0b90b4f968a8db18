package optim_test

import (
	"fmt"
	"log"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute"
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

// descend takes steps of an optimizer down a slope of 1 from 5, and returns where it was after each.
func descend(o optim.Optimizer, steps int) (path []float32) {
	store := model.NewStore()
	w := store.VariableWithValue("/weight", []float32{5})
	exec := model.MustNewExec(device(), store, func(_ *model.Scope, slope, lr, wd, momentum *graph.Node) *graph.Node {
		params := []optim.Param{{Var: w, Group: 0}}
		o.Update(store, params, []*optim.Node{slope}, optim.Hyper{LR: lr, WD: wd, Momentum: momentum})
		return slope
	})
	for range steps {
		exec.MustCall([]float32{1}, []float32{0.5}, []float32{0}, float32(0.5))
		path = append(path, tensors.MustCopyFlatData[float32](w.MustValue())...)
	}
	return path
}

// One step on two layer groups with a rate of their own: the update is a part of the graph.
func ExampleOptimizer() {
	var o optim.Optimizer = optim.SGD{}
	store := model.NewStore()
	params := []optim.Param{
		{Var: store.VariableWithValue("/body/weight", []float32{1})},
		{Var: store.VariableWithValue("/head/weight", []float32{1}), Group: 1},
	}
	model.MustCallOnce(device(), store, func(_ *model.Scope, grad, lr *graph.Node) *graph.Node {
		hyper := optim.Hyper{LR: lr, WD: graph.ZerosLike(lr), Momentum: graph.Const(lr.Graph(), float32(0))}
		o.Update(store, params, []*optim.Node{grad, grad}, hyper)
		return lr
	}, []float32{1}, []float32{0.25, 0.5})
	for _, p := range params {
		fmt.Println(p.Var.Path(), tensors.MustCopyFlatData[float32](p.Var.MustValue()))
	}
	// Output:
	// /body/weight [0.75]
	// /head/weight [0.5]
}

// With a momentum of a half a step goes on with half of the step before.
func ExampleSGD() {
	fmt.Println(descend(optim.SGD{}, 3))
	fmt.Println(descend(optim.SGD{Nesterov: true}, 3))
	// Output:
	// [4.5 3.75 2.875]
	// [4.25 3.375 2.4375]
}

// However steep it is, a step of Adam is about as long as the learning rate.
func ExampleAdam() {
	fmt.Printf("%.2f\n", descend(optim.Adam{SqrMomentum: 0.9}, 3))
	// Output: [4.50 4.00 3.50]
}

// The norm of all gradients together is bounded, here to 1.
func ExampleClipNorm() {
	outs := graph.MustExecOnceN(device(), func(a, b *graph.Node) []*graph.Node {
		return optim.ClipNorm([]*optim.Node{a, b}, graph.Const(a.Graph(), float32(1)))
	}, []float32{3, 0}, []float32{4})
	fmt.Printf("%.1f %.1f\n", tensors.MustCopyFlatData[float32](outs[0]), tensors.MustCopyFlatData[float32](outs[1]))
	// Output: [0.6 0.0] [0.8]
}

// What an optimizer remembers lies beside the weights, under its own scope.
func ExampleIsState() {
	fmt.Println(optim.IsState(optim.Scope+"/sgd/weight"), optim.IsState("/head/weight"))
	// Output: true false
}
