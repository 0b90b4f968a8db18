package nn

import (
	"github.com/gomlx/gomlx/core/graph"
)

// customVJP returns f(xs) with vjp in place of its derivative: vjp gets the inputs, the output and the output's
// adjoint, and returns one adjoint per input. Neither sees gradients of its own.
//
// GoMLX has a custom gradient only for an identity of one node. So the output's identity keeps the adjoints, and each
// input's identity hands its own over; what ties the two is a zero made of the inputs' first elements, which XLA folds.
func customVJP(f func(xs []*graph.Node) *graph.Node, vjp func(xs []*graph.Node, y, dy *graph.Node) []*graph.Node, xs ...*graph.Node) *graph.Node {
	stopped := make([]*graph.Node, len(xs))
	tied := make([]*graph.Node, len(xs))
	var grads []*graph.Node
	for i, x := range xs {
		stopped[i] = graph.StopGradient(x)
		tied[i] = graph.IdentityWithCustomGradient(x, func(_, _ *graph.Node) *graph.Node { return grads[i] })
	}
	y := graph.StopGradient(f(stopped))
	return graph.IdentityWithCustomGradient(graph.Add(y, zeroOf(y, tied)), func(_, dy *graph.Node) *graph.Node {
		grads = vjp(stopped, y, dy)
		return dy
	})
}

// zeroOf returns a scalar zero of y's dtype that depends on every x.
func zeroOf(y *graph.Node, xs []*graph.Node) *graph.Node {
	zero := graph.ScalarZero(y.Graph(), y.DType())
	sum := zero
	for _, x := range xs {
		first := graph.Slice(graph.Reshape(x, x.Shape().Size()), graph.AxisElem(0))
		sum = graph.Add(sum, graph.ConvertDType(graph.Reshape(first), y.DType()))
	}
	return graph.Where(graph.Const(y.Graph(), false), sum, zero)
}
