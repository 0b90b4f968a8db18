package nn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ConvOption is Width, Stride, Pad, SamePad, Groups, Dilation or NoBias.
type ConvOption interface{ conv(*convConfig) }

type convConfig struct {
	width, stride, groups, dilation int
	padding                         padding
	noBias                          bool
}

// Stride is the step between windows, 1 for Conv unless given, the window for pools.
type Stride int

func (n Stride) conv(c *convConfig) { c.stride = int(n) }
func (n Stride) pool(c *poolConfig) { c.stride = int(n) }

// Pad is the number of pixels of padding on all four sides, 0 unless given; PyTorch's padding.
type Pad int

func (n Pad) conv(c *convConfig) { c.padding = padding{n: int(n)} }
func (n Pad) pool(c *poolConfig) { c.padding.n, c.padding.same = int(n), false }

type samePad struct{}

func (samePad) conv(c *convConfig) { c.padding = padding{same: true} }
func (samePad) pool(c *poolConfig) { c.padding.n, c.padding.same = 0, true }

// SamePad pads so that n pixels give ceil(n/stride), an odd pixel at the end; TensorFlow's SAME.
var SamePad samePad

// Groups splits input and output channels into as many independent convolutions, 1 unless given. As many groups as
// input channels make it depthwise.
type Groups int

func (n Groups) conv(c *convConfig) { c.groups = int(n) }

// Dilation is the distance between the pixels of a window, 1 unless given.
type Dilation int

func (n Dilation) conv(c *convConfig) { c.dilation = int(n) }

// Conv convolves images with a kernel x kernel window, [n, h, w, in] to [n, h', w', out], with h' = (h + 2 Pad -
// Dilation (kernel-1) - 1)/Stride + 1, or a window of another Width. Variables: weight [kernel, Width, in/Groups, out],
// bias [out].
func Conv(s *model.Scope, x *graph.Node, out, kernel int, opts ...ConvOption) *graph.Node {
	c := convConfig{width: kernel, stride: 1, groups: 1, dilation: 1}
	for _, o := range opts {
		o.conv(&c)
	}
	c.check(x, out, kernel)
	in := x.Shape().Dim(-1) / c.groups
	y := c.convolve(x, weight(s, x, kernel*c.width*in, kernel, c.width, in, out))
	if !c.noBias {
		y = graph.Add(y, leading(bias(s, x, out), 4))
	}
	return watched(s, y)
}

func (c convConfig) check(x *graph.Node, out, kernel int) {
	if x.Rank() != 4 {
		panic(fmt.Errorf("fastnb: nn: Conv: input of shape %s (want [n, height, width, channels])", x.Shape()))
	}
	if in := x.Shape().Dim(-1); c.groups < 1 || in%c.groups != 0 || out%c.groups != 0 {
		panic(fmt.Errorf("fastnb: nn: Conv: %d groups for %d input and %d output channels (want a divisor of both)",
			c.groups, in, out))
	}
	if kernel < 1 || c.width < 1 || c.stride < 1 || c.dilation < 1 || c.padding.n < 0 {
		panic(fmt.Errorf("fastnb: nn: Conv: kernel %d, width %d, stride %d, dilation %d, padding %d "+
			"(want 1 or more, padding 0 or more)", kernel, c.width, c.stride, c.dilation, c.padding.n))
	}
}

// convolve picks the fastest right way for a kernel w, HWIO.
func (c convConfig) convolve(x, w *graph.Node) *graph.Node {
	k, width := w.Shape().Dim(0), w.Shape().Dim(1)
	pads := c.ends(x, w)
	switch {
	case k == 1 && width == 1 && c.groups == 1 && pads == [2][2]int{}:
		return matMul(every(x, c.stride), graph.Reshape(w, w.Shape().Dim(2), w.Shape().Dim(3)))
	case c.isDepthwise(x, w):
		return depthwise{kernel: k, stride: c.stride, pads: pads, cpu: onCPU(x.Graph())}.apply(x, w)
	case c.groups > 1 && k == width:
		conv := grouped{groups: c.groups, kernel: k, stride: c.stride, dilation: c.dilation, pads: pads,
			cpu: onCPU(x.Graph())}
		return conv.apply(x, w)
	case c.isPatches(w, pads):
		return patches(x, w)
	}
	for axis, size := range [2]int{k, width} {
		if size%2 == 0 {
			w = oddKernel(w, axis)
			pads[axis][1] += c.dilation
		}
	}
	conv := graph.Convolve(x, w).Strides(c.stride).PaddingPerDim(pads[:])
	if c.dilation > 1 {
		conv = conv.Dilations(c.dilation)
	}
	if c.groups > 1 {
		conv = conv.ChannelGroupCount(c.groups)
	}
	return conv.Done()
}

func (c convConfig) isDepthwise(x, w *graph.Node) bool {
	in := x.Shape().Dim(-1)
	return c.groups == in && w.Shape().Dim(-1) == in && c.dilation == 1 && w.Shape().Dim(0) == w.Shape().Dim(1)
}

// ends returns the padding of height and width for a kernel w.
func (c convConfig) ends(x, w *graph.Node) (pads [2][2]int) {
	for i := range pads {
		pads[i] = c.padding.ends(x.Shape().Dim(i+1), w.Shape().Dim(i), c.stride, c.dilation)
	}
	return pads
}

// every takes every n-th pixel of each row and column.
func every(x *graph.Node, n int) *graph.Node {
	if n == 1 {
		return x
	}
	return graph.Slice(x, graph.AxisRange(), graph.AxisRange().Stride(n), graph.AxisRange().Stride(n), graph.AxisRange())
}

// oddKernel puts a kernel of even size along an axis into the next odd one, with zeros at the end: GoMLX's gradient of
// an even kernel is wrong (v0.28.8, convVJPWrtX). One more pixel of padding at the end makes up for it.
func oddKernel(w *graph.Node, axis int) *graph.Node {
	zeros := w.Shape().Clone()
	zeros.Dimensions[axis] = 1
	return graph.Concatenate([]*graph.Node{w, graph.Zeros(w.Graph(), zeros)}, axis)
}
