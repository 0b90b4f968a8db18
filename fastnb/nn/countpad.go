package nn

import (
	"github.com/gomlx/gomlx/core/graph"
)

// CountIncludePad tells whether AvgPool counts the pixels of padding as zeros, PyTorch's count_include_pad. Default
// true; with false a window's mean is that of the pixels of the image in it. MaxPool doesn't heed it.
type CountIncludePad bool

func (b CountIncludePad) pool(c *poolConfig) { c.uncounted = !bool(b) }

// counts returns by how many pixels the sum of each window is divided, [1, h', w', 1].
func (c poolConfig) counts(x *graph.Node, window int, pads [][2]int) *graph.Node {
	counted := 0
	if !c.uncounted {
		counted = c.padding.n
	}
	rows := c.along(x.Shape().Dim(1), window, counted, pads[0])
	cols := c.along(x.Shape().Dim(2), window, counted, pads[1])
	row, col := constant(x, rows), constant(x, cols)
	return graph.Mul(graph.Reshape(row, 1, -1, 1, 1), graph.Reshape(col, 1, 1, -1, 1))
}

// along returns how many pixels of an axis of length in each window has, with so many of the padding at each end.
func (c poolConfig) along(in, window, counted int, pad [2]int) []float64 {
	n := make([]float64, outputs(in, window, c.stride, 1, pad))
	for i := range n {
		from := i*c.stride - pad[0]
		n[i] = float64(min(from+window, in+counted) - max(from, -counted))
	}
	return n
}

func constant(x *graph.Node, values []float64) *graph.Node {
	return graph.ConvertDType(graph.Const(x.Graph(), values), x.DType())
}
