package nn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
)

// PoolOption is Stride, Pad, SamePad, CeilMode or CountIncludePad.
type PoolOption interface{ pool(*poolConfig) }

type poolConfig struct {
	stride    int
	padding   padding
	uncounted bool // padding doesn't count in a mean
}

func poolOptions(x *graph.Node, name string, window int, opts []PoolOption) poolConfig {
	if x.Rank() != 4 {
		panic(fmt.Errorf("fastnb: nn: %s: input of shape %s (want [n, height, width, channels])", name, x.Shape()))
	}
	c := poolConfig{stride: window}
	for _, o := range opts {
		o.pool(&c)
	}
	if window < 1 || c.stride < 1 || c.padding.n < 0 {
		panic(fmt.Errorf("fastnb: nn: %s: window %d, stride %d, padding %d (want 1 or more, padding 0 or more)", name, window,
			c.stride, c.padding.n))
	}
	return c
}

func (c poolConfig) ends(x *graph.Node, window int) [][2]int {
	h, w := x.Shape().Dim(1), x.Shape().Dim(2)
	return [][2]int{c.padding.ends(h, window, c.stride, 1), c.padding.ends(w, window, c.stride, 1)}
}

// MaxPool takes the largest of each window x window pixels, [n, h, w, c] to [n, h', w', c]. Stride defaults to the
// window; padding counts as minus infinity, as PyTorch's. On a tie the gradient goes to the first.
func MaxPool(x *graph.Node, window int, opts ...PoolOption) *graph.Node {
	c := poolOptions(x, "MaxPool", window, opts)
	return graph.MaxPool(x).Window(window).Strides(c.stride).PaddingPerDim(c.ends(x, window)).Done()
}

// AvgPool takes the mean of each window x window pixels, [n, h, w, c] to [n, h', w', c]. Stride defaults to the window;
// the zeros of Pad and SamePad count, as PyTorch's do, unless CountIncludePad(false) is given, and those that CeilMode
// adds don't.
func AvgPool(x *graph.Node, window int, opts ...PoolOption) *graph.Node {
	c := poolOptions(x, "AvgPool", window, opts)
	pads := c.ends(x, window)
	sum := graph.SumPool(x).Window(window).Strides(c.stride).PaddingPerDim(pads).Done()
	if c.padding.ceil && !c.padding.same || c.uncounted {
		return graph.Div(sum, c.counts(x, window, pads))
	}
	return graph.DivScalar(sum, float64(window*window))
}

// GlobalAvg takes the mean over all pixels, [n, h, w, c] to [n, c].
func GlobalAvg(x *graph.Node) *graph.Node { return graph.ReduceMean(x, 1, 2) }

// GlobalMax takes the largest over all pixels, [n, h, w, c] to [n, c]. Tied pixels share the gradient.
func GlobalMax(x *graph.Node) *graph.Node {
	return customVJP(
		func(xs []*graph.Node) *graph.Node { return graph.ReduceMax(xs[0], 1, 2) },
		func(xs []*graph.Node, y, dy *graph.Node) []*graph.Node {
			largest := graph.ConvertDType(graph.Equal(xs[0], overPixels(y)), dy.DType())
			share := graph.Div(dy, graph.ReduceSum(largest, 1, 2))
			return []*graph.Node{graph.Mul(largest, overPixels(share))}
		}, x)
}

// overPixels makes [n, c] broadcast over [n, h, w, c].
func overPixels(x *graph.Node) *graph.Node { return graph.ExpandAxes(x, 1, 2) }

// ConcatPool joins global max and mean pooling, in this order: [n, h, w, c] to [n, 2c]. It is fast.ai's
// AdaptiveConcatPool2d(1), flattened.
func ConcatPool(x *graph.Node) *graph.Node {
	return graph.Concatenate([]*graph.Node{GlobalMax(x), GlobalAvg(x)}, -1)
}
