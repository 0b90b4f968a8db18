package nn

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Embedding looks up a learned vector of dim numbers for each code: codes of integers [...] in 0 ... count-1 to [..., dim]
// float32. A code outside of that takes the nearest. The variable weight is [count, dim], normal with a standard deviation
// of 0.01 when new, as fastai v2's but for its cut tails.
func Embedding(s *model.Scope, codes *graph.Node, count, dim int) *graph.Node {
	normal := func(g *graph.Graph, shape shapes.Shape) *graph.Node {
		return graph.MulScalar(s.RandomNormal(g, shape), 0.01)
	}
	table := s.WithInitializer(normal).VariableWithShape("weight", shapes.Make(dtypes.Float32, count, dim)).NodeValue(codes.Graph())
	return graph.Gather(table, graph.ExpandAxes(codes, -1))
}
