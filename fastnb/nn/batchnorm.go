package nn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BatchNormOption is Eps, Momentum or Bound.
type BatchNormOption interface{ batchNorm(*batchNormConfig) }

type batchNormConfig struct{ eps, momentum, bound float64 }

// Eps is added to the variance before its square root. Default 1e-5, PyTorch's.
type Eps float64

func (e Eps) batchNorm(c *batchNormConfig) { c.eps = float64(e) }

// Momentum is the share of the new batch in the running statistics. Default 0.1, PyTorch's.
type Momentum float64

func (m Momentum) batchNorm(c *batchNormConfig) { c.momentum = float64(m) }

// Bound keeps normalised values within so many deviations from the mean wherever running statistics are used. Default
// 0, no bound, as in PyTorch.
//
// In a batch of n rows no value is further from the mean than sqrt(n-1) deviations (Samuelson 1968, How Deviant Can
// You Be?), so a net never learns what lies beyond. A running variance knows no such bound: that of a unit which fires
// for one row in thousands is almost 0 most of the time, and such a row, met then, is hundreds of deviations away and
// its prediction is absurd.
type Bound float64

func (b Bound) batchNorm(c *batchNormConfig) { c.bound = float64(b) }

// BatchNorm normalises each channel (the last axis) of x and then scales and shifts it: weight*(x-mean)/sqrt(var+eps)
// + bias. Ioffe and Szegedy 2015, arXiv:1502.03167.
//
// In training mean and variance are the batch's, the gradient goes through them, and the running statistics move
// towards them, the variance with n-1 in the denominator, as PyTorch does it. Outside training, and where FrozenParam
// or BNFreezeParam is set, the running statistics are used and stay as they are. Training on the batch's statistics
// panics where there is one value of each channel, a batch of one row: its variance is 0 and nothing is learned, which
// PyTorch refuses as well. Variables: weight, bias, running_mean, running_var, each [channels].
func BatchNorm(s *model.Scope, x *graph.Node, opts ...BatchNormOption) *graph.Node {
	c := batchNormConfig{eps: 1e-5, momentum: .1}
	for _, o := range opts {
		o.batchNorm(&c)
	}
	return watched(s, c.norm(s, x))
}

func (c batchNormConfig) norm(s *model.Scope, x *graph.Node) *graph.Node {
	n := x.Shape().Dim(-1)
	w, b := param(s, "weight", x, graph.Ones, n), param(s, "bias", x, graph.Zeros, n)
	run := runningStats(s, x)
	still, kept := !s.IsTraining(x.Graph()) || flag(s, x, FrozenParam), flag(s, x, BNFreezeParam)
	switch {
	case (still || kept) && c.bound > 0:
		return bounded(x, w, b, run.mean, run.variance, c)
	case still:
		return affine(x, w, b, run.mean, run.variance, c.eps)
	case kept:
		return normalise(x, w, b, run.mean, run.variance, c.eps, false)
	case perChannel(x) < 2:
		panic(fmt.Errorf("fastnb: nn: BatchNorm of %s in %s: one value of each channel has no variance to learn by; "+
			"train on batches of 2 or more (BatchSize), or with BNFreeze(true)", x.Shape(), s.Scope()))
	}
	mean, variance := batchStats(graph.StopGradient(x), run.mean)
	run.update(x, mean, variance, c.momentum)
	return normalise(x, w, b, mean, variance, c.eps, true)
}

func flag(s *model.Scope, x *graph.Node, name string) bool {
	return model.GetGraphParamOr(s, x.Graph(), name, false)
}

// affine normalises by given statistics: one multiply-add per element, which XLA joins with its neighbours.
func affine(x, w, b, mean, variance *graph.Node, eps float64) *graph.Node {
	r := x.Rank()
	scale := graph.Div(w, graph.Sqrt(graph.AddScalar(variance, eps)))
	return graph.Add(graph.Mul(graph.Sub(x, leading(mean, r)), leading(scale, r)), leading(b, r))
}

// bounded is affine with the normalised values within c.bound.
func bounded(x, w, b, mean, variance *graph.Node, c batchNormConfig) *graph.Node {
	r := x.Rank()
	deviation := graph.Sqrt(graph.AddScalar(variance, c.eps))
	xhat := graph.Div(graph.Sub(x, leading(mean, r)), leading(deviation, r))
	limit := graph.Scalar(x.Graph(), x.DType(), c.bound)
	xhat = graph.Max(graph.Min(xhat, limit), graph.Neg(limit))
	return graph.Add(graph.Mul(xhat, leading(w, r)), leading(b, r))
}

// batchStats returns mean and (biased) variance per channel. Moments are taken about shift, the running mean, lest
// E[x²]-E[x]² lose its digits where the mean is large.
func batchStats(x, shift *graph.Node) (mean, variance *graph.Node) {
	n, shift2 := perChannel(x), leading(shift, 2)
	m := graph.DivScalar(channelSum(func(x []*graph.Node) *graph.Node { return graph.Sub(x[0], shift2) }, x), n)
	sq := channelSum(func(x []*graph.Node) *graph.Node { return graph.Square(graph.Sub(x[0], shift2)) }, x)
	variance = graph.Sub(graph.DivScalar(sq, n), graph.Square(m))
	return graph.Add(m, shift), graph.Max(variance, graph.ZerosLike(variance))
}

// normalise is affine with a gradient in few passes over memory. Where the statistics are the batch's own they depend
// on x, and its gradient is w/σ (dy - mean(dy) - x̂ mean(dy·x̂)), else w/σ dy.
func normalise(x, w, b, mean, variance *graph.Node, eps float64, own bool) *graph.Node {
	r, n := x.Rank(), perChannel(x)
	inv := graph.Div(graph.OnesLike(variance), graph.Sqrt(graph.AddScalar(variance, eps)))
	return customVJP(
		func(in []*graph.Node) *graph.Node { return affine(in[0], in[1], in[2], mean, variance, eps) },
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			db := channelSum(func(e []*graph.Node) *graph.Node { return e[0] }, dy)
			dw := graph.Mul(inv, channelSum(func(e []*graph.Node) *graph.Node {
				return graph.Mul(e[0], graph.Sub(e[1], leading(mean, 2)))
			}, dy, in[0]))
			dx := dy
			if own {
				xhat := graph.Mul(graph.Sub(in[0], leading(mean, r)), leading(inv, r))
				dx = graph.Sub(dx, leading(graph.DivScalar(db, n), r))
				dx = graph.Sub(dx, graph.Mul(xhat, leading(graph.DivScalar(dw, n), r)))
			}
			return []*graph.Node{graph.Mul(dx, leading(graph.Mul(inv, in[1]), r)), dw, db}
		}, x, w, b)
}
