package nn

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// DenseOption is NoBias, UniformInit or Gain.
type DenseOption interface{ dense(*denseConfig) }

type denseConfig struct {
	noBias, uniform bool
	gain2           float64 // the gain's square
}

type uniformInit struct{}

func (uniformInit) dense(c *denseConfig) { c.uniform = true }

// UniformInit starts weights and bias of a Dense layer evenly between -1/√in and 1/√in, as PyTorch does; without it the
// weights are Kaiming normal and the bias is zero.
var UniformInit uniformInit

// Gain starts the weights of a Dense layer as normal numbers with a spread of Gain/√in, its bias at zero. Without it
// the gain is √2, since a ReLU halves the square of what comes (He et al. 2015, arXiv:1502.01852); 1 is for a linear
// layer and for SELU, 5/3 is PyTorch's for tanh. With UniformInit it has no effect.
type Gain float64

func (g Gain) dense(c *denseConfig) { c.gain2 = float64(g * g) }

type noBias struct{}

func (noBias) dense(c *denseConfig) { c.noBias = true }
func (noBias) conv(c *convConfig)   { c.noBias = true }

// NoBias leaves the bias out of a Dense or Conv layer, as is done before a batch norm.
var NoBias noBias

// Dense returns x·weight + bias over the last axis: [..., in] to [..., out]. Variables: weight [in, out], bias [out].
func Dense(s *model.Scope, x *graph.Node, out int, opts ...DenseOption) *graph.Node {
	c := denseConfig{gain2: 2}
	for _, o := range opts {
		o.dense(&c)
	}
	in := x.Shape().Dim(-1)
	w, b := normal(s, math.Sqrt(c.gain2/float64(in))), model.VariableInitializer(graph.Zeros)
	if c.uniform {
		w = uniform(s, 1/math.Sqrt(float64(in)))
		b = w
	}
	y := matMul(x, param(s, "weight", x, w, in, out))
	if !c.noBias {
		y = graph.Add(y, leading(param(s, "bias", x, b, out), y.Rank()))
	}
	return watched(s, y)
}

// matMul multiplies the last axis of x with w [in, out].
func matMul(x, w *graph.Node) *graph.Node {
	dims := x.Shape().Clone().Dimensions
	last := len(dims) - 1
	y := graph.Dot(graph.Reshape(x, -1, dims[last]), w).Product()
	dims[last] = w.Shape().Dim(1)
	return graph.Reshape(y, dims...)
}

// leading gives a vector as many axes as rank, for it to broadcast over all but the last.
func leading(v *graph.Node, rank int) *graph.Node {
	dims := make([]int, rank)
	for i := range dims {
		dims[i] = 1
	}
	dims[rank-1] = v.Shape().Size()
	return graph.Reshape(v, dims...)
}
