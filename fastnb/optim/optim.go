// Package optim holds the optimizers: graph functions that turn gradients into new weights. What changes from
// step to step (learning rate and weight decay of each layer group, momentum) arrives as nodes, so a schedule
// never causes a recompile.
package optim

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Node is a graph node.
type Node = graph.Node

// Param is one variable that is being trained and the layer group it belongs to.
type Param struct {
	Var   *model.Variable
	Group int
}

// Hyper holds the hyper-parameters of one step.
type Hyper struct {
	LR       *Node // [groups] learning rates
	WD       *Node // [groups] decoupled weight decay, as a share of the learning rate
	Momentum *Node // scalar: the momentum of SGD, beta1 of Adam
}

// Optimizer builds the update of the weights. Its settings are compiled into the graph, so an Optimizer must be
// comparable: it is part of the key under which the executable is kept.
type Optimizer interface {
	// Update is a graph function: it sets the new value of every parameter, from gradients in the same order. What
	// it remembers from step to step are variables of s under Scope, zero at first.
	Update(s *model.Store, params []Param, grads []*Node, h Hyper)
}

// Scope is where optimizers keep their state in the model's store.
const Scope = "/optim"

// IsState tells whether a variable path is an optimizer's state.
func IsState(path string) bool {
	return len(path) > len(Scope) && path[:len(Scope)] == Scope && path[len(Scope)] == '/'
}

// ClipNorm scales the gradients so that their norm, taken over all of them together, is at most max (a scalar).
// Pascanu, Mikolov, Bengio 2013, https://arxiv.org/abs/1211.5063.
func ClipNorm(grads []*Node, max *Node) []*Node {
	total := graph.ScalarZero(max.Graph(), max.DType())
	for _, g := range grads {
		total = graph.Add(total, graph.ReduceAllSum(graph.Square(g)))
	}
	scale := graph.Min(graph.OnesLike(max), graph.Div(max, graph.AddScalar(graph.Sqrt(total), 1e-6)))
	clipped := make([]*Node, len(grads))
	for i, g := range grads {
		clipped[i] = graph.Mul(g, scale)
	}
	return clipped
}

// slot returns the state called name that belongs to p.
func slot(s *model.Store, p Param, name string, shape shapes.Shape) *model.Variable {
	path := Scope + p.Var.Path() + "/" + name
	if v := s.GetVariable(path); v != nil {
		return v
	}
	return s.VariableWithValue(path, tensors.FromShape(shape)).SetTrainable(false)
}

// of returns the element of a [groups] vector that belongs to p's group, as a scalar.
func of(groups *Node, p Param) *Node {
	return graph.Reshape(graph.Slice(groups, graph.AxisElem(p.Group)))
}

// decayed returns p's value after decoupled weight decay: w*(1-lr*wd). Vectors and scalars (biases, batch norm)
// are not decayed. Loshchilov, Hutter 2019, https://arxiv.org/abs/1711.05101.
func decayed(p Param, w *Node, h Hyper) *Node {
	if p.Var.Shape().Rank() < 2 {
		return w
	}
	return graph.Mul(w, graph.OneMinus(graph.Mul(of(h.LR, p), of(h.WD, p))))
}
