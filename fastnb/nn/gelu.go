package nn

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// GELU returns x·Φ(x), Φ being the normal distribution's function: PyTorch's exact one, not the approximation by tanh.
// Hendrycks, Gimpel 2016, arXiv:1606.08415.
func GELU(x *graph.Node) *graph.Node {
	phi := graph.MulScalar(graph.AddScalar(graph.Erf(graph.MulScalar(x, 1/math.Sqrt2)), 1), .5)
	return graph.Mul(x, phi)
}
