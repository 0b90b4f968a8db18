package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LayerScale multiplies each channel (the last axis) of x by a number that is learnt and starts at start, 1e-6 in
// ConvNeXt: so a deep net begins with blocks that add next to nothing. Variable: gamma [channels]. Touvron et al. 2021,
// arXiv:2103.17239.
func LayerScale(s *model.Scope, x *graph.Node, start float64) *graph.Node {
	rank := x.Rank()
	gamma := Param(s, "gamma", x, Filled(start), x.Shape().Dim(-1))
	return customVJP(
		func(in []*graph.Node) *graph.Node { return graph.Mul(in[0], leading(in[1], rank)) },
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			product := func(e []*graph.Node) *graph.Node { return graph.Mul(e[0], e[1]) }
			return []*graph.Node{graph.Mul(dy, leading(in[1], rank)), channelSum(product, dy, in[0])}
		}, x, gamma)
}
