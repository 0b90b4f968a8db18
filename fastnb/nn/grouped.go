package nn

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// grouped is a convolution in groups of channels that are independent of each other, with a gradient that is a
// convolution in groups as well: GoMLX's is one convolution for each group, which takes a GPU's compiler minutes. The
// graph has the same number of operations for 2 groups and for 64.
//
// On the CPU XLA is slow where groups are narrow, and about as fast for 16 channels as for 4, so some groups are made
// one, with zeros where they do not meet. BenchmarkGrouped has the numbers.
type grouped struct {
	groups, kernel, stride, dilation int
	pads                             [2][2]int // of height and width
	in, out                          [2]int    // height and width
	cpu                              bool      // write it so that XLA's code for CPUs is fast
}

// pixels are the axes of a convolution of images [n, h, w, in] with a kernel [h, w, in, out].
var pixels = graph.ConvolveAxesConfig{
	InputBatch: 0, InputSpatial: []int{1, 2}, InputChannels: 3,
	KernelSpatial: []int{0, 1}, KernelInputChannels: 2, KernelOutputChannels: 3,
	OutputBatch: 0, OutputSpatial: []int{1, 2}, OutputChannels: 3,
}

// apply convolves x [n, h, w, in] with w [kernel, kernel, in/groups, out].
func (c grouped) apply(x, w *graph.Node) *graph.Node {
	for i := range 2 {
		c.in[i] = x.Shape().Dim(i + 1)
		c.out[i] = outputs(c.in[i], c.kernel, c.stride, c.dilation, c.pads[i])
	}
	return customVJP(
		func(in []*graph.Node) *graph.Node { return c.forward(in[0], in[1]) },
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			return []*graph.Node{c.inputGradient(in[1], dy), c.weightGradient(in[0], dy)}
		}, x, w)
}

func (c grouped) forward(x, w *graph.Node) *graph.Node {
	w, groups := c.joined(w)
	return graph.ConvGeneral(x, w, pixels, twice(c.stride), c.pads[:], twice(1), twice(c.dilation), groups, 1)
}

func twice(n int) []int { return []int{n, n} }

// minWidth is how many channels a group has at least where groups are joined.
const minWidth = 16

// joined makes groups of at least minWidth channels, for the CPU, and returns their kernel and number.
func (c grouped) joined(w *graph.Node) (*graph.Node, int) {
	in, out := w.Shape().Dim(2), w.Shape().Dim(3)
	n := 1
	for in*n < minWidth && c.groups%(2*n) == 0 {
		n *= 2
	}
	if !c.cpu || n == 1 {
		return w, c.groups
	}
	w = graph.Reshape(w, c.kernel, c.kernel, 1, in, c.groups/n, n, out/c.groups)
	own := graph.Reshape(identity(w.Graph(), w.DType(), n), 1, 1, n, 1, 1, n, 1)
	return graph.Reshape(graph.Mul(w, own), c.kernel, c.kernel, n*in, out), c.groups / n
}

func identity(g *graph.Graph, dtype dtypes.DType, n int) *graph.Node {
	square := shapes.Make(dtypes.Int32, n, n)
	return graph.ConvertDType(graph.Equal(graph.Iota(g, square, 0), graph.Iota(g, square, 1)), dtype)
}

// reach is the number of pixels from the first to the last that the kernel meets.
func (c grouped) reach() int { return (c.kernel-1)*c.dilation + 1 }

// inputGradient is the convolution of dy, with the stride's zeros between its pixels, with the turned kernel.
func (c grouped) inputGradient(w, dy *graph.Node) *graph.Node {
	w, groups := c.joined(w)
	var pads [2][2]int
	for i := range pads {
		before := c.reach() - 1 - c.pads[i][0]
		pads[i] = [2]int{before, c.in[i] + c.reach() - 1 - ((c.out[i]-1)*c.stride + 1) - before}
	}
	return graph.ConvGeneral(dy, toInputs(w, groups), pixels,
		twice(1), pads[:], twice(c.stride), twice(c.dilation), groups, 1)
}

// toInputs turns a kernel round, for it to lead from outputs to inputs: [k, k, in/groups, out] to [k, k, out/groups,
// in].
func toInputs(w *graph.Node, groups int) *graph.Node {
	k, in, out := w.Shape().Dim(0), w.Shape().Dim(2), w.Shape().Dim(3)/groups
	w = graph.TransposeAllAxes(graph.Reshape(w, k, k, in, groups, out), 0, 1, 4, 3, 2)
	return graph.Reverse(graph.Reshape(w, k, k, out, groups*in), 0, 1)
}

// weightGradient is the convolution of x with dy as the kernel, with the images in the place of the channels. XLA has
// groups of what then stands in the place of the images, and makes of them what a GPU has for it; on the CPU that is
// 200 times slower than groups of channels.
func (c grouped) weightGradient(x, dy *graph.Node) *graph.Node {
	axes := graph.ConvolveAxesConfig{
		InputBatch: 3, InputSpatial: []int{1, 2}, InputChannels: 0,
		KernelSpatial: []int{1, 2}, KernelInputChannels: 0, KernelOutputChannels: 3,
		OutputBatch: 2, OutputSpatial: []int{0, 1}, OutputChannels: 3,
	}
	channelGroups, batchGroups := 1, c.groups
	if c.cpu {
		x, channelGroups, batchGroups = imagesLast(x, c.groups), c.groups, 1
		axes.InputBatch, axes.InputChannels = 0, 3
	}
	var pads [2][2]int
	for i := range pads {
		before := c.pads[i][0]
		pads[i] = [2]int{before, c.reach() - 1 + (c.out[i]-1)*c.stride + 1 - c.in[i] - before}
	}
	return graph.ConvGeneral(x, dy, axes,
		twice(c.dilation), pads[:], twice(1), twice(c.stride), channelGroups, batchGroups)
}

// imagesLast makes of [n, h, w, channels] the images [channels/groups, h, w, groups * n].
func imagesLast(x *graph.Node, groups int) *graph.Node {
	n, h, w, in := x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2), x.Shape().Dim(3)/groups
	x = graph.TransposeAllAxes(graph.Reshape(x, n, h, w, groups, in), 4, 1, 2, 3, 0)
	return graph.Reshape(x, in, h, w, groups*n)
}
