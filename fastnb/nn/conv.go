package nn

import (
	"fmt"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ConvOption is Stride, Pad, SamePad, Groups, Dilation or NoBias.
type ConvOption interface{ conv(*convConfig) }

type convConfig struct {
	stride, groups, dilation int
	padding                  padding
	noBias                   bool
}

// Stride is the step between windows, 1 for Conv unless given, the window for pools.
type Stride int

func (n Stride) conv(c *convConfig) { c.stride = int(n) }
func (n Stride) pool(c *poolConfig) { c.stride = int(n) }

// Pad is the number of pixels of padding on all four sides, 0 unless given; PyTorch's padding.
type Pad int

func (n Pad) conv(c *convConfig) { c.padding = padding{n: int(n)} }
func (n Pad) pool(c *poolConfig) { c.padding = padding{n: int(n)} }

type samePad struct{}

func (samePad) conv(c *convConfig) { c.padding = padding{same: true} }
func (samePad) pool(c *poolConfig) { c.padding = padding{same: true} }

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
// Dilation (kernel-1) - 1)/Stride + 1. Variables: weight [kernel, kernel, in/Groups, out], bias [out].
func Conv(s *model.Scope, x *graph.Node, out, kernel int, opts ...ConvOption) *graph.Node {
	c := convConfig{stride: 1, groups: 1, dilation: 1}
	for _, o := range opts {
		o.conv(&c)
	}
	c.check(x, out, kernel)
	in := x.Shape().Dim(-1) / c.groups
	y := c.convolve(x, weight(s, x, kernel*kernel*in, kernel, kernel, in, out))
	if c.noBias {
		return y
	}
	return graph.Add(y, leading(bias(s, x, out), 4))
}

func (c convConfig) check(x *graph.Node, out, kernel int) {
	if x.Rank() != 4 {
		panic(fmt.Errorf("fastnb: nn: Conv: input of shape %s (want [n, height, width, channels])", x.Shape()))
	}
	if in := x.Shape().Dim(-1); c.groups < 1 || in%c.groups != 0 || out%c.groups != 0 {
		panic(fmt.Errorf("fastnb: nn: Conv: %d groups for %d input and %d output channels (want a divisor of both)",
			c.groups, in, out))
	}
	if kernel < 1 || c.stride < 1 || c.dilation < 1 || c.padding.n < 0 {
		panic(fmt.Errorf("fastnb: nn: Conv: kernel %d, stride %d, dilation %d, padding %d (want 1 or more, padding 0 or more)",
			kernel, c.stride, c.dilation, c.padding.n))
	}
}

// convolve picks the fastest right way for a kernel w, HWIO.
func (c convConfig) convolve(x, w *graph.Node) *graph.Node {
	k := w.Shape().Dim(0)
	pads := c.ends(x, k)
	switch {
	case k == 1 && c.groups == 1 && pads == [2][2]int{}:
		return matMul(every(x, c.stride), graph.Reshape(w, w.Shape().Dim(2), w.Shape().Dim(3)))
	case c.isDepthwise(x, w):
		return depthwise{kernel: k, stride: c.stride, pads: pads, cpu: onCPU(x.Graph())}.apply(x, w)
	case c.groups > 1:
		conv := grouped{groups: c.groups, kernel: k, stride: c.stride, dilation: c.dilation, pads: pads, cpu: onCPU(x.Graph())}
		return conv.apply(x, w)
	case k%2 == 0:
		w = oddKernel(w)
		pads[0][1] += c.dilation
		pads[1][1] += c.dilation
	}
	conv := graph.Convolve(x, w).Strides(c.stride).PaddingPerDim(pads[:])
	if c.dilation > 1 {
		conv = conv.Dilations(c.dilation)
	}
	return conv.Done()
}

func (c convConfig) isDepthwise(x, w *graph.Node) bool {
	in := x.Shape().Dim(-1)
	return c.groups == in && w.Shape().Dim(-1) == in && c.dilation == 1
}

// ends returns the padding of height and width.
func (c convConfig) ends(x *graph.Node, k int) (pads [2][2]int) {
	for i := range pads {
		pads[i] = c.padding.ends(x.Shape().Dim(i+1), k, c.stride, c.dilation)
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

// oddKernel puts a kernel of even size into the next odd one, with zeros below and to the right: GoMLX's gradient of
// an even kernel is wrong (v0.28.8, convVJPWrtX). One more pixel of padding at the end makes up for it.
func oddKernel(w *graph.Node) *graph.Node {
	d := w.Shape().Dimensions
	g := w.Graph()
	w = graph.Concatenate([]*graph.Node{w, graph.Zeros(g, shapes.Make(w.DType(), 1, d[1], d[2], d[3]))}, 0)
	return graph.Concatenate([]*graph.Node{w, graph.Zeros(g, shapes.Make(w.DType(), d[0]+1, 1, d[2], d[3]))}, 1)
}
