package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LayerNormOption is Eps.
type LayerNormOption interface{ layerNorm(*layerNormConfig) }

type layerNormConfig struct{ eps float64 }

func (e Eps) layerNorm(c *layerNormConfig) { c.eps = float64(e) }

// LayerNorm normalises each row, the last axis of x, by its own mean and (biased) variance, and then scales and shifts
// it: weight*(x-mean)/sqrt(var+eps) + bias. Eps is 1e-5 by default, PyTorch's. Variables: weight, bias, each [last
// axis]. It does the same in training and elsewhere. Ba, Kiros, Hinton 2016, arXiv:1607.06450.
func LayerNorm(s *model.Scope, x *graph.Node, opts ...LayerNormOption) *graph.Node {
	c := layerNormConfig{eps: 1e-5}
	for _, o := range opts {
		o.layerNorm(&c)
	}
	n, rank := x.Shape().Dim(-1), x.Rank()
	w, b := param(s, "weight", x, graph.Ones, n), param(s, "bias", x, graph.Zeros, n)
	return customVJP(
		func(in []*graph.Node) *graph.Node {
			xhat, _ := standardise(in[0], c.eps)
			return graph.Add(graph.Mul(xhat, leading(in[1], rank)), leading(in[2], rank))
		},
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			xhat, inv := standardise(in[0], c.eps)
			d := graph.Mul(dy, leading(in[1], rank))
			mean, along := rowMean(d), rowMean(graph.Mul(d, xhat))
			dx := graph.Mul(inv, graph.Sub(graph.Sub(d, mean), graph.Mul(xhat, along)))
			product := func(e []*graph.Node) *graph.Node { return graph.Mul(e[0], e[1]) }
			first := func(e []*graph.Node) *graph.Node { return e[0] }
			return []*graph.Node{dx, channelSum(product, dy, xhat), channelSum(first, dy)}
		}, x, w, b)
}

// standardise returns the rows with mean 0 and variance 1, and what they were multiplied by, [..., 1].
func standardise(x *graph.Node, eps float64) (xhat, inv *graph.Node) {
	centred := graph.Sub(x, rowMean(x))
	inv = graph.Reciprocal(graph.Sqrt(graph.AddScalar(rowMean(graph.Square(centred)), eps)))
	return graph.Mul(centred, inv), inv
}

// rowMean is the mean over the last axis, which stays with length 1.
func rowMean(x *graph.Node) *graph.Node { return graph.ReduceAndKeep(x, graph.ReduceMean, -1) }
