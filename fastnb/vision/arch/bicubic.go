package arch

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// bicubic resizes a grid [h, w, c] to [rows, cols, c] as PyTorch's interpolate does in the mode "bicubic" with
// antialias: a product with a matrix along each axis.
func bicubic(x *graph.Node, rows, cols int) *graph.Node {
	along := func(in, out int) *graph.Node {
		return graph.ConvertDType(graph.Const(x.Graph(), cubicWeights(in, out)), x.DType())
	}
	x = graph.Einsum("rh,hwc->rwc", along(x.Shape().Dim(0), rows), x)
	return graph.Einsum("qw,rwc->rqc", along(x.Shape().Dim(1), cols), x)
}

// cubicWeights returns the matrix [out, in] of an axis. Where it becomes shorter the kernel is as much wider.
func cubicWeights(in, out int) [][]float64 {
	scale := float64(in) / float64(out)
	wide := max(scale, 1)
	weights := make([][]float64, out)
	for i := range weights {
		weights[i] = make([]float64, in)
		centre, sum := scale*(float64(i)+.5), 0.
		from, to := max(int(centre-2*wide+.5), 0), min(int(centre+2*wide+.5), in)
		for j := from; j < to; j++ {
			weights[i][j] = keys((float64(j) - centre + .5) / wide)
			sum += weights[i][j]
		}
		for j := from; j < to; j++ {
			weights[i][j] /= sum
		}
	}
	return weights
}

// keys is the cubic kernel of Keys 1981, "Cubic convolution interpolation for digital image processing", with a = -1/2.
func keys(x float64) float64 {
	const a = -.5
	switch x = math.Abs(x); {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return ((x-5)*x+8)*x*a - 4*a
	}
	return 0
}
