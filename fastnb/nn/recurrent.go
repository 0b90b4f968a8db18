package nn

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// RecurrentOption is WeightDrop, Steps, BPTT or IdentityInit.
type RecurrentOption interface{ recurrent(*recurrentConfig) }

type recurrentConfig struct {
	weightDrop float64
	steps      *graph.Node
	bptt       int
	identity   bool
}

type steps struct{ n *graph.Node }

// WeightDrop is the probability with which each weight between the hidden states is zeroed in training, the others
// being divided by 1-p: once per call, the same at every time. Default 0. DropConnect, as in AWD-LSTM: Merity, Keskar,
// Socher 2017, https://arxiv.org/abs/1708.02182.
type WeightDrop float64

// BPTT is after how many times the gradient stops going back, counted from the first; 0, the default, is never. Long
// sequences are thus learned from as if they came in pieces, each with the state that the piece before left.
type BPTT int

// Steps is a scalar, int32, known when the graph runs: only so many times are computed, the states of later ones are
// 0. Default: all, as of a larger number. With sequences that are padded at their ends it saves what all of them have
// in padding.
func Steps(n *graph.Node) RecurrentOption { return steps{n} }

func (p WeightDrop) recurrent(c *recurrentConfig) { c.weightDrop = float64(p) }
func (n BPTT) recurrent(c *recurrentConfig)       { c.bptt = int(n) }
func (s steps) recurrent(c *recurrentConfig)      { c.steps = s.n }

// cell is one step of a recurrent layer and its derivative, on [batch, ...]. Both are built inside a loop, where nodes
// may only come from their arguments and from graph.Const.
type cell struct {
	gates    int // width of x and hw over that of a state
	states   int // 1: h; 2: h and another
	saved    int // width of what the derivative needs of a step
	adjoints int // 1: x and hw have the same adjoint; 2: each its own

	// forward takes the projections of the input and of h, and the states before, to the states after.
	forward func(x, hw *graph.Node, prev []*graph.Node) (next []*graph.Node, saved *graph.Node)

	// backward takes the adjoints of the states after to those of the projections, one where both have the same, and of
	// the states before; that of h, nil if 0, is without what came by hw.
	backward func(saved *graph.Node, dnext []*graph.Node) (dprojections, dprev []*graph.Node)
}

// recurrent runs a cell over time: x [time, batch, gates·hidden], the input's projections, to the h of every time,
// [time, batch, hidden]. last are the states at the end; no gradient goes through them.
//
// GoMLX would unroll it, which takes minutes to compile, and its While has no gradient. So both ways are loops, and the
// weights' gradient is one product over all times at once.
type recurrent struct {
	cell
	recurrentConfig
	time, batch, hidden int
	dtype               dtypes.DType
}

func (r recurrent) run(x, w, b *graph.Node, start []*graph.Node) (hs *graph.Node, last []*graph.Node) {
	var saved *graph.Node
	in := append([]*graph.Node{x, w, b}, start...)
	hs = customVJP(func(in []*graph.Node) (hs *graph.Node) {
		hs, saved, last = r.forwards(in[0], in[1], in[2], in[3:])
		return hs
	}, func(in []*graph.Node, hs, dhs *graph.Node) []*graph.Node {
		dx, dhw, dstart := r.backwards(in[1], saved, dhs)
		before := graph.Concatenate([]*graph.Node{graph.ExpandAxes(in[3], 0), graph.Slice(hs, graph.AxisRange(0, r.time-1))},
			0)
		dw := graph.Einsum("bh,bg->hg", r.flat(before), r.flat(dhw))
		return append([]*graph.Node{dx, dw, graph.ReduceSum(r.flat(dhw), 0)}, dstart...)
	}, in...)
	for i := range last {
		last[i] = graph.StopGradient(last[i])
	}
	return hs, last
}

// flat joins time and batch.
func (r recurrent) flat(x *graph.Node) *graph.Node {
	return graph.Reshape(x, r.time*r.batch, x.Shape().Dim(2))
}

func (r recurrent) zeros(g *graph.Graph, width int) *graph.Node {
	return graph.Zeros(g, shapes.Make(r.dtype, r.time, r.batch, width))
}

func (r recurrent) count(g *graph.Graph) *graph.Node {
	if r.steps == nil {
		return graph.Const(g, int32(r.time))
	}
	return graph.Min(graph.StopGradient(r.steps), graph.Const(g, int32(r.time)))
}

// forwards is the loop over times. Its state: the time, how many there are, x, w, b, the states, the hs so far, what is
// saved.
func (r recurrent) forwards(x, w, b *graph.Node, start []*graph.Node) (hs, saved *graph.Node, last []*graph.Node) {
	g, n := x.Graph(), len(start)
	state := append([]*graph.Node{graph.Const(g, int32(0)), r.count(g), x, w, b}, start...)
	state = append(state, r.zeros(g, r.hidden), r.zeros(g, r.saved*r.hidden))
	more := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		in := parameters(g, state)
		return []*graph.Node{graph.LessThan(in[0], in[1])}
	})
	step := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		in := parameters(g, state)
		t, w, b, prev := in[0], in[3], in[4], in[5:5+n]
		hw := graph.Dot(prev[0], w).Product()
		next, keep := r.forward(at(in[2], t), graph.Add(hw, graph.BroadcastToShape(graph.Reshape(b, 1, -1), hw.Shape())),
			prev)
		out := append([]*graph.Node{graph.Add(t, graph.Const(g, int32(1)))}, in[1:5]...)
		return append(append(out, next...), put(in[5+n], next[0], t), put(in[6+n], keep, t))
	})
	out := graph.While(more, step, state...)
	return out[5+n], out[6+n], out[5 : 5+n]
}

// backwards is the loop from the last time to the first. Its state: the time, w turned, what was saved, the hs'
// adjoints, the states' adjoints, and the projections' adjoints so far.
func (r recurrent) backwards(w, saved, dhs *graph.Node) (dx, dhw *graph.Node, dstart []*graph.Node) {
	g, n := w.Graph(), r.states
	turned := graph.Transpose(w, 0, 1) // XLA's CPU backend multiplies a few rows twice as fast with it so
	state := []*graph.Node{graph.Sub(r.count(g), graph.Const(g, int32(1))), turned, saved, dhs}
	for range n {
		state = append(state, graph.Zeros(g, shapes.Make(r.dtype, r.batch, r.hidden)))
	}
	for range r.adjoints {
		state = append(state, r.zeros(g, r.gates*r.hidden))
	}
	more := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		return []*graph.Node{graph.GreaterOrEqual(parameters(g, state)[0], graph.Const(g, int32(0)))}
	})
	step := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		in := parameters(g, state)
		t, turned, dnext := in[0], in[1], append([]*graph.Node{}, in[4:4+n]...)
		dnext[0] = graph.Add(dnext[0], at(in[3], t))
		ds, dprev := r.backward(at(in[2], t), dnext)
		dh := graph.Dot(ds[len(ds)-1], turned).Product()
		if dprev[0] != nil {
			dh = graph.Add(dh, dprev[0])
		}
		dprev[0] = dh
		out := append([]*graph.Node{graph.Add(t, graph.Const(g, int32(-1)))}, in[1:4]...)
		out = append(out, r.cut(t, dprev)...)
		for i, d := range ds {
			out = append(out, put(in[4+n+i], d, t))
		}
		return out
	})
	out := graph.While(more, step, state...)
	return out[4+n], out[len(out)-1], out[4 : 4+n]
}

// cut zeroes the adjoints that would go back from a piece's first time to the piece before.
func (r recurrent) cut(t *graph.Node, ds []*graph.Node) []*graph.Node {
	if r.bptt == 0 {
		return ds
	}
	g := t.Graph()
	begins := graph.Equal(graph.Rem(t, graph.Const(g, int32(r.bptt))), graph.Const(g, int32(0)))
	first := graph.LogicalAnd(begins, graph.GreaterThan(t, graph.Const(g, int32(0))))
	zero := graph.Const(g, float32(0))
	for i, d := range ds {
		keep := graph.ConvertDType(graph.Where(first, zero, graph.Const(g, float32(1))), d.DType())
		ds[i] = graph.Mul(d, graph.BroadcastToShape(graph.Reshape(keep, 1, 1), d.Shape()))
	}
	return ds
}

// at returns x[t], put x with y as x[t].
func at(x, t *graph.Node) *graph.Node {
	zero := graph.Const(x.Graph(), int32(0))
	d := x.Shape().Dimensions
	return graph.Reshape(graph.DynamicSlice(x, []*graph.Node{t, zero, zero}, []int{1, d[1], d[2]}), d[1], d[2])
}

func put(x, y, t *graph.Node) *graph.Node {
	zero := graph.Const(x.Graph(), int32(0))
	d := x.Shape().Dimensions
	return graph.DynamicUpdateSlice(x, graph.Reshape(y, 1, d[1], d[2]), []*graph.Node{t, zero, zero})
}

// layer makes a recurrent layer's variables, named as in PyTorch and begun as there, evenly within 1/√hidden, and runs
// it: x [time, batch, in], states [batch, hidden].
func (c cell) layer(s *model.Scope, x *graph.Node, start []*graph.Node, opts []RecurrentOption) (hs *graph.Node, last []*graph.Node) {
	r := c.over(x, start[0], opts)
	init := uniform(s, rootOf(r.hidden))
	in, wide := x.Shape().Dim(2), c.gates*r.hidden
	wih, whh := param(s, "weight_ih", x, init, in, wide), param(s, "weight_hh", x, r.between(init), r.hidden, wide)
	bih, bhh := param(s, "bias_ih", x, init, wide), param(s, "bias_hh", x, init, wide)
	projected := graph.Add(matMul(x, wih), leading(bih, 3))
	return r.run(projected, Dropout(s, whh, r.weightDrop), bhh, start)
}

// over prepares the loop.
func (c cell) over(x, h *graph.Node, opts []RecurrentOption) recurrent {
	if x.Rank() != 3 || h.Rank() != 2 || x.Shape().Dim(1) != h.Shape().Dim(0) {
		panic(fmt.Errorf("fastnb: nn: a recurrent layer of x of shape %s and states of shape %s (want [time, batch, in] and [batch, hidden])", x.Shape(), h.Shape()))
	}
	r := recurrent{cell: c, time: x.Shape().Dim(0), batch: x.Shape().Dim(1), hidden: h.Shape().Dim(1), dtype: x.DType()}
	for _, o := range opts {
		o.recurrent(&r.recurrentConfig)
	}
	r.check()
	return r
}

func (c recurrentConfig) check() {
	if c.bptt < 0 {
		panic(fmt.Errorf("fastnb: nn: BPTT(%d) (want 0, for no end, or more)", c.bptt))
	}
	if c.steps != nil && (c.steps.Rank() != 0 || c.steps.DType() != dtypes.Int32) {
		panic(fmt.Errorf("fastnb: nn: Steps of shape %s (want a scalar of int32)", c.steps.Shape()))
	}
}
