package nn

import "github.com/gomlx/gomlx/core/graph"

// isPatches tells whether the windows of a convolution lie side by side, each pixel in one of them at most.
func (c convConfig) isPatches(w *graph.Node, pads [2][2]int) bool {
	height, width := w.Shape().Dim(0), w.Shape().Dim(1)
	return height == width && c.stride == height && c.groups == 1 && c.dilation == 1 && pads == [2][2]int{}
}

// patches is a convolution whose windows lie side by side, as a product of matrices: the pixels of a window are a row.
// That is faster than a convolution, above all its gradient, and right for even windows as well.
func patches(x, w *graph.Node) *graph.Node {
	k, in, out := w.Shape().Dim(0), w.Shape().Dim(2), w.Shape().Dim(3)
	n, rows, cols := x.Shape().Dim(0), x.Shape().Dim(1)/k, x.Shape().Dim(2)/k
	x = graph.Slice(x, graph.AxisRange(), graph.AxisRange(0, rows*k), graph.AxisRange(0, cols*k), graph.AxisRange())
	x = graph.TransposeAllAxes(graph.Reshape(x, n, rows, k, cols, k, in), 0, 1, 3, 2, 4, 5)
	return matMul(graph.Reshape(x, n, rows, cols, k*k*in), graph.Reshape(w, k*k*in, out))
}
