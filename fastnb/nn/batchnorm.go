package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BatchNormOption is Eps or Momentum.
type BatchNormOption interface{ batchNorm(*batchNormConfig) }

type batchNormConfig struct{ eps, momentum float64 }

// Eps is added to the variance before its square root. Default 1e-5, PyTorch's.
type Eps float64

func (e Eps) batchNorm(c *batchNormConfig) { c.eps = float64(e) }

// Momentum is the share of the new batch in the running statistics. Default 0.1, PyTorch's.
type Momentum float64

func (m Momentum) batchNorm(c *batchNormConfig) { c.momentum = float64(m) }

// BatchNorm normalises each channel (the last axis) of x and then scales and shifts it: weight*(x-mean)/sqrt(var+eps)
// + bias. Ioffe and Szegedy 2015, arXiv:1502.03167.
//
// In training mean and variance are the batch's, the gradient goes through them, and the running statistics move
// towards them, the variance with n-1 in the denominator, as PyTorch does it. Outside training, and where FrozenParam
// or BNFreezeParam is set, the running statistics are used and stay as they are. Variables: weight, bias, running_mean,
// running_var, each [channels].
func BatchNorm(s *model.Scope, x *graph.Node, opts ...BatchNormOption) *graph.Node {
	c := batchNormConfig{eps: 1e-5, momentum: .1}
	for _, o := range opts {
		o.batchNorm(&c)
	}
	n := x.Shape().Dim(-1)
	w, b := param(s, "weight", x, graph.Ones, n), param(s, "bias", x, graph.Zeros, n)
	run := runningStats(s, x)
	if !s.IsTraining(x.Graph()) || statsFrozen(s, x.Graph()) {
		return affine(x, w, b, run.mean, run.variance, c.eps)
	}
	mean, variance := batchStats(x, run.mean)
	run.update(x, mean, variance, c.momentum)
	return normalise(x, w, b, mean, variance, c.eps)
}

func statsFrozen(s *model.Scope, g *graph.Graph) bool {
	return model.GetGraphParamOr(s, g, FrozenParam, false) || model.GetGraphParamOr(s, g, BNFreezeParam, false)
}

// affine normalises by given statistics: one multiply-add per element, which XLA joins with what follows.
func affine(x, w, b, mean, variance *graph.Node, eps float64) *graph.Node {
	r := x.Rank()
	scale := graph.Div(w, graph.Sqrt(graph.AddScalar(variance, eps)))
	return graph.Add(graph.Mul(graph.Sub(x, leading(mean, r)), leading(scale, r)), leading(b, r))
}

// batchStats returns mean and (biased) variance per channel. Moments are taken about shift, the running mean, lest
// E[x²]-E[x]² lose its digits where the mean is large.
func batchStats(x, shift *graph.Node) (mean, variance *graph.Node) {
	d := graph.Sub(graph.StopGradient(x), leading(shift, x.Rank()))
	axes, n := channelAxes(x)
	m := graph.DivScalar(graph.ReduceSum(d, axes...), n)
	sq := graph.DivScalar(graph.ReduceSum(graph.Mul(d, d), axes...), n)
	return graph.Add(m, shift), graph.Max(graph.Sub(sq, graph.Mul(m, m)), graph.ZerosLike(sq))
}

// channelAxes returns all axes but the last, and how many elements they hold.
func channelAxes(x *graph.Node) (axes []int, n float64) {
	for i := range x.Rank() - 1 {
		axes = append(axes, i)
	}
	return axes, float64(x.Shape().Size() / x.Shape().Dim(-1))
}

// normalise applies the batch's own statistics. The gradient with respect to x is
// w/σ (dy - mean(dy) - x̂ mean(dy·x̂)), written out because autodiff would take more passes over memory.
func normalise(x, w, b, mean, variance *graph.Node, eps float64) *graph.Node {
	r := x.Rank()
	axes, n := channelAxes(x)
	inv := graph.Div(graph.OnesLike(variance), graph.Sqrt(graph.AddScalar(variance, eps)))
	return customVJP(
		func(in []*graph.Node) *graph.Node {
			return graph.Add(graph.Mul(graph.Sub(in[0], leading(mean, r)), leading(graph.Mul(inv, in[1]), r)), leading(in[2], r))
		},
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			xhat := graph.Mul(graph.Sub(in[0], leading(mean, r)), leading(inv, r))
			db, dw := graph.ReduceSum(dy, axes...), graph.ReduceSum(graph.Mul(dy, xhat), axes...)
			dx := graph.Sub(dy, leading(graph.DivScalar(db, n), r))
			dx = graph.Sub(dx, graph.Mul(xhat, leading(graph.DivScalar(dw, n), r)))
			return []*graph.Node{graph.Mul(dx, leading(graph.Mul(inv, in[1]), r)), dw, db}
		}, x, w, b)
}
