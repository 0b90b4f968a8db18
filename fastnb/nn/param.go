package nn

import (
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// FrozenParam is the graph parameter (bool) that marks a scope and all below it as frozen: its batch norms use their
// running statistics, and keep them, also in training.
const FrozenParam = "frozen"

// BNFreezeParam is the graph parameter (bool) that does to every batch norm below it what FrozenParam does; set on
// the root scope it is fast.ai's bn_freeze.
const BNFreezeParam = "bn_freeze"

// weight returns the layer's kernel, Kaiming normal over fanIn inputs when new.
func weight(s *model.Scope, x *graph.Node, fanIn int, dims ...int) *graph.Node {
	return param(s, "weight", x, kaiming(s, fanIn), dims...)
}

// kaiming draws normal numbers for a layer of fanIn inputs that a ReLU follows (He et al. 2015, arXiv:1502.01852).
func kaiming(s *model.Scope, fanIn int) model.VariableInitializer {
	return normal(s, math.Sqrt(2/float64(fanIn)))
}

// normal draws normal numbers around 0.
func normal(s *model.Scope, spread float64) model.VariableInitializer {
	return func(g *graph.Graph, shape shapes.Shape) *graph.Node {
		return graph.MulScalar(s.RandomNormal(g, shape), spread)
	}
}

// uniform draws numbers evenly from -bound to bound.
func uniform(s *model.Scope, bound float64) model.VariableInitializer {
	return func(g *graph.Graph, shape shapes.Shape) *graph.Node {
		return graph.AddScalar(graph.MulScalar(s.RandomUniform(g, shape), 2*bound), -bound)
	}
}

// bias returns the layer's bias [out], zero when new.
func bias(s *model.Scope, x *graph.Node, out int) *graph.Node {
	return param(s, "bias", x, graph.Zeros, out)
}

// param returns a variable of the scope as x's dtype; it is kept as float32 where x is of a shorter type.
func param(s *model.Scope, name string, x *graph.Node, init model.VariableInitializer, dims ...int) *graph.Node {
	v := s.WithInitializer(init).VariableWithShape(name, shapes.Make(keep(x.DType()), dims...))
	return graph.ConvertDType(v.NodeValue(x.Graph()), x.DType())
}

// keep returns the dtype in which variables for activations of type t are kept.
func keep(t dtypes.DType) dtypes.DType {
	if t == dtypes.Float64 {
		return t
	}
	return dtypes.Float32
}
