package nn

import (
	"fmt"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Dropout zeroes each element with probability p in training and divides the others by 1-p; elsewhere, and for p = 0,
// it returns x. It stays on in frozen scopes, as in fast.ai 0.7. It draws from the store's RNG. Srivastava et al. 2014.
func Dropout(s *model.Scope, x *graph.Node, p float64) *graph.Node {
	if p < 0 || p >= 1 {
		panic(fmt.Errorf("fastnb: nn: Dropout: probability %g (want 0 <= p < 1)", p))
	}
	g := x.Graph()
	if p == 0 || !s.IsTraining(g) {
		return x
	}
	draw := s.RandomUniform(g, shapes.Make(keep(x.DType()), x.Shape().Dimensions...))
	kept := graph.GreaterOrEqual(draw, graph.Scalar(g, draw.DType(), p))
	return graph.Where(kept, graph.MulScalar(x, 1/(1-p)), graph.ZerosLike(x))
}
