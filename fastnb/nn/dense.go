package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// DenseOption is NoBias.
type DenseOption interface{ dense(*denseConfig) }

type denseConfig struct{ noBias bool }

type noBias struct{}

func (noBias) dense(c *denseConfig) { c.noBias = true }
func (noBias) conv(c *convConfig)   { c.noBias = true }

// NoBias leaves the bias out of a Dense or Conv layer, as is done before a batch norm.
var NoBias noBias

// Dense returns x·weight + bias over the last axis: [..., in] to [..., out]. Variables: weight [in, out], bias [out].
func Dense(s *model.Scope, x *graph.Node, out int, opts ...DenseOption) *graph.Node {
	var c denseConfig
	for _, o := range opts {
		o.dense(&c)
	}
	y := matMul(x, weight(s, x, x.Shape().Dim(-1), x.Shape().Dim(-1), out))
	if c.noBias {
		return y
	}
	return graph.Add(y, leading(bias(s, x, out), y.Rank()))
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
