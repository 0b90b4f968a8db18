package nn

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// DropoutOption is Locked.
type DropoutOption interface{ dropout(*dropoutConfig) }

type dropoutConfig struct{ locked []int }

// Locked is an axis along which Dropout's mask is the same: with Locked(0) a sequence [time, batch, features] loses the
// same features at all times (Gal, Ghahramani 2016, https://arxiv.org/abs/1512.05287). Default: none.
type Locked int

func (a Locked) dropout(c *dropoutConfig) { c.locked = append(c.locked, int(a)) }

// Dropout zeroes each element with probability p in training and divides the others by 1-p; elsewhere, and for p = 0,
// it returns x. It stays on in frozen scopes, as in fast.ai 0.7. It draws from the store's RNG. Srivastava et al. 2014.
func Dropout(s *model.Scope, x *graph.Node, p float64, opts ...DropoutOption) *graph.Node {
	if p < 0 || p >= 1 {
		panic(fmt.Errorf("fastnb: nn: Dropout: probability %g (want 0 <= p < 1)", p))
	}
	g := x.Graph()
	if p == 0 || !s.IsTraining(g) {
		return x
	}
	var c dropoutConfig
	for _, o := range opts {
		o.dropout(&c)
	}
	mask := x.Shape().Clone()
	for _, axis := range c.locked {
		mask.Dimensions[axis] = 1
	}
	kept := graph.GreaterOrEqual(bits(s, g, mask), graph.Const(g, uint32(p*(1<<32))))
	if len(c.locked) > 0 {
		kept = graph.BroadcastToDims(kept, x.Shape().Dimensions...)
	}
	return graph.Where(kept, graph.MulScalar(x, 1/(1-p)), graph.ZerosLike(x))
}

// bits returns 32 random bits for each element of a shape.
//
// XLA's generator takes 40 ns a number on a CPU, more than the layer that is thinned. So it draws one key, and each
// element's bits are a hash of the key and of the element's place: the mixer "lowbias32" twice, which is a multiply
// and a shift for most of its steps (C. Wellons, https://nullprogram.com/blog/2018/07/31/).
func bits(s *model.Scope, g *graph.Graph, shape shapes.Shape) *graph.Node {
	const unit = 1 << 24 // a float32 holds as many different numbers in [0, 1)
	key := graph.ConvertDType(graph.MulScalar(s.RandomUniform(g, shapes.Make(dtypes.Float32, 4)), unit), dtypes.Uint32)
	at := func(i int) *graph.Node { return graph.Reshape(graph.Slice(key, graph.AxisElem(i))) }
	place := graph.Iota(g, shapes.Make(dtypes.Uint32, shape.Size()), 0)
	x := mix(graph.BitwiseXor(place, word(at(0), at(1))))
	return graph.Reshape(mix(graph.Add(x, word(at(2), at(3)))), shape.Dimensions...)
}

// word makes 32 bits of two numbers of 24.
func word(a, b *graph.Node) *graph.Node {
	return graph.BitwiseXor(graph.Mul(a, graph.Const(a.Graph(), uint32(1<<8))), b)
}

// mix hashes each element.
func mix(x *graph.Node) *graph.Node {
	g := x.Graph()
	fold := func(x *graph.Node, n uint32) *graph.Node {
		return graph.BitwiseXor(x, graph.BitwiseShiftRightLogical(x, graph.Const(g, n)))
	}
	x = graph.Mul(fold(x, 16), graph.Const(g, uint32(0x7feb352d)))
	x = graph.Mul(fold(x, 15), graph.Const(g, uint32(0x846ca68b)))
	return fold(x, 16)
}
