package fastnb

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// maxLoop is the largest number of training steps in one call.
const maxLoop = 64

// canLoop tells whether the device runs loops of training steps. GoMLX's Go backend has no slices at a place that is
// computed; its XLA backend has While, but does not list it (v0.28.8).
func canLoop(be compute.Backend) bool {
	c := be.Capabilities()
	return c.Functions && c.Operations[compute.OpTypeDynamicSlice]
}

// loop is a loop over training steps on rows of a set; args are the number of steps, then, with maxLoop rows each, the
// rows of each batch of so many, its hyper-parameters and the state of the random generator, then labels and inputs of
// the whole set. It returns the losses, [maxLoop].
//
// A loop sees no node from outside of it, so all that a step reads is its state: the arguments, which stay as they are,
// and the variables. Within the loop the variables' values are those of the state.
func (g *graphs) loop(k execKey, p *prep, size int) graphFunc {
	return func(s *model.Scope, args []*graph.Node) []*graph.Node {
		in := args[0].Graph()
		vars := g.stepVariables(k, p, args, size)
		state := []*graph.Node{graph.Const(in, int32(0)), graph.Const(in, make([]float32, maxLoop))}
		state = append(state, args...)
		for _, v := range vars {
			state = append(state, v.NodeValue(in))
		}
		cond := graph.NewClosure(in, func(in *graph.Graph) []*graph.Node {
			at := parameters(in, state)
			return []*graph.Node{graph.LessThan(at[0], at[2])}
		})
		body := graph.NewClosure(in, func(in *graph.Graph) []*graph.Node {
			return g.loopBody(s, g.train(k, p), parameters(in, state), vars, len(args))
		})
		out := graph.While(cond, body, state...)
		for i, v := range vars {
			v.SetNodeValue(out[2+len(args)+i])
		}
		return out[1:2]
	}
}

// loopBody is one step: in is the number of the step, the losses so far, the loop's arguments, so many, and the
// variables.
func (g *graphs) loopBody(
	s *model.Scope, step graphFunc, in []*graph.Node, vars []*model.Variable, args int,
) []*graph.Node {
	i := in[0]
	rows, hypers, states, labels, inputs := in[3], in[4], in[5], in[6], in[7:2+args]
	for j, v := range vars {
		v.SetNodeValue(in[2+args+j])
	}
	if rng := g.net.randomState(); slices.Contains(vars, rng) {
		rng.SetNodeValue(row(states, i))
	}
	batch := []*graph.Node{row(hypers, i)}
	for _, x := range append([]*graph.Node{labels}, inputs...) {
		batch = append(batch, graph.Gather(x, graph.ExpandAxes(row(rows, i), -1)))
	}
	loss := step(s, batch)[0]
	losses := graph.DynamicUpdateSlice(in[1], graph.Reshape(loss, 1), []*graph.Node{i})
	out := append([]*graph.Node{graph.Add(i, graph.Const(i.Graph(), int32(1))), losses}, in[2:2+args]...)
	for _, v := range vars {
		out = append(out, v.NodeValue(i.Graph()))
	}
	return out
}

// row returns row i of x, a matrix.
func row(x, i *graph.Node) *graph.Node {
	width := x.Shape().Dim(1)
	return graph.Reshape(graph.DynamicSlice(x, []*graph.Node{i, graph.Const(x.Graph(), int32(0))}, []int{1, width}), width)
}

// parameters returns a closure's parameters for a loop's state.
func parameters(g *graph.Graph, state []*graph.Node) []*graph.Node {
	params := make([]*graph.Node, len(state))
	for i, n := range state {
		params[i] = graph.Parameter(g, fmt.Sprintf("state%d", i), n.Shape())
	}
	return params
}

// stepVariables returns the variables that a training step uses, those of the optimizer made if need be. It builds
// the graph of a step, which is then thrown away.
func (g *graphs) stepVariables(k execKey, p *prep, args []*graph.Node, size int) []*model.Variable {
	in := graph.NewGraph(g.net.be, "variables of a step")
	defer in.Finalize()
	model.SetStore(in, g.net.store)
	shape := func(n *graph.Node, rows int) shapes.Shape {
		return shapes.Make(n.DType(), append([]int{rows}, n.Shape().Dimensions[1:]...)...)
	}
	batch := []*graph.Node{graph.Parameter(in, "hyper", shapes.Make(dtypes.Float32, args[2].Shape().Dim(1)))}
	for i, n := range args[4:] {
		batch = append(batch, graph.Parameter(in, fmt.Sprintf("batch%d", i), shape(n, size)))
	}
	g.train(k, p)(g.net.store.RootScope(), batch)
	return g.net.variablesWhere(func(v *model.Variable) bool { return v.InUseByGraph(in) })
}

// loopPlan packs what differs from step to step into tensors with maxLoop rows: how many steps there are, the rows of
// each batch, its hyper-parameters and the state of the random generator, which seed gives.
func loopPlan(bs []Batch, hs []hyper, size int, seed func(step int) int64) ([]*tensors.Tensor, error) {
	width := len(hs[0].flat())
	rows, hypers := make([]int32, maxLoop*size), make([]float32, maxLoop*width)
	states := make([]uint64, 0, maxLoop*graph.RNGStateShape.Size())
	for i, b := range bs {
		for r := range size {
			rows[i*size+r] = int32(b.Items[min(r, len(b.Items)-1)])
		}
		copy(hypers[i*width:], hs[i].flat())
		state, err := graph.RNGStateFromSeed(seed(i))
		if err != nil {
			return nil, err
		}
		flat, err := tensors.CopyFlatData[uint64](state)
		if err != nil {
			return nil, err
		}
		states = append(states, flat...)
	}
	states = append(states, make([]uint64, cap(states)-len(states))...)
	return []*tensors.Tensor{
		tensors.FromScalar(int32(len(bs))),
		tensors.FromFlatDataAndDimensions(rows, maxLoop, size),
		tensors.FromFlatDataAndDimensions(hypers, maxLoop, width),
		tensors.FromFlatDataAndDimensions(states, maxLoop, graph.RNGStateShape.Size()),
	}, nil
}
