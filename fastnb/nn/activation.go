package nn

import (
	"github.com/gomlx/gomlx/core/graph"
)

// ReLU returns max(x, 0). Its gradient at 0 is 0, as PyTorch's (graph.Max would give 1). NaN stays NaN.
func ReLU(x *graph.Node) *graph.Node {
	return graph.Where(graph.LessOrEqual(x, graph.ZerosLike(x)), graph.ZerosLike(x), x)
}

// ReLU6 returns min(max(x, 0), 6). Its gradient is 0 at 0 and at 6, as PyTorch's.
func ReLU6(x *graph.Node) *graph.Node {
	zero, six := graph.ZerosLike(x), graph.AddScalar(graph.ZerosLike(x), 6)
	return customVJP(
		func(xs []*graph.Node) *graph.Node { return graph.Min(graph.Max(xs[0], zero), six) },
		func(xs []*graph.Node, _, dy *graph.Node) []*graph.Node {
			inside := graph.LogicalAnd(graph.GreaterThan(xs[0], zero), graph.LessThan(xs[0], six))
			return []*graph.Node{graph.Where(inside, dy, zero)}
		}, x)
}
