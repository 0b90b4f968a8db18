package nn

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Init says how a variable of a layer of one's own starts.
type Init func(s *model.Scope) model.VariableInitializer

// Normal starts a variable with normal numbers around 0, of this spread, drawn from the store's RNG.
func Normal(spread float64) Init {
	return func(s *model.Scope) model.VariableInitializer { return normal(s, spread) }
}

// Filled starts a variable with one number everywhere.
func Filled(value float64) Init {
	return func(*model.Scope) model.VariableInitializer {
		return func(g *graph.Graph, shape shapes.Shape) *graph.Node {
			return graph.MulScalar(graph.Ones(g, shape), value)
		}
	}
}

// Param returns a variable of a layer of one's own, of these dimensions, in x's graph and as x's dtype: it is kept as
// float32 where x is of a shorter type. A dense layer without bias is
//
//	graph.Dot(x, nn.Param(s, "weight", x, nn.Normal(.1), in, out)).Product()
func Param(s *model.Scope, name string, x *graph.Node, init Init, dims ...int) *graph.Node {
	return param(s, name, x, init(s), dims...)
}
