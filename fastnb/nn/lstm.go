package nn

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LSTM runs a layer of long short-term memory over time (Hochreiter, Schmidhuber 1997,
// https://doi.org/10.1162/neco.1997.9.8.1735): x [time, batch, in] and the states before, h and c [batch, hidden], to
// the h of every time, [time, batch, hidden], and the states after. No gradient goes through the latter; it goes to h
// and c. Variables as PyTorch's, transposed: weight_ih [in, 4·hidden], weight_hh [hidden, 4·hidden], bias_ih and
// bias_hh, the gates in the order input, forget, cell, output. Needs a backend with loops, XLA.
func LSTM(s *model.Scope, x, h, c *graph.Node, opts ...RecurrentOption) (hs, lastH, lastC *graph.Node) {
	hs, last := lstm.layer(s, x, []*graph.Node{h, c}, opts)
	return hs, last[0], last[1]
}

var lstm = cell{gates: 4, states: 2, saved: 5, adjoints: 1, forward: lstmForward, backward: lstmBackward}

// lstmForward saves the four gates and the c before.
func lstmForward(x, hw *graph.Node, prev []*graph.Node) (next []*graph.Node, saved *graph.Node) {
	z, c := graph.Add(x, hw), prev[1]
	i, f := graph.Sigmoid(part(z, 4, 0)), graph.Sigmoid(part(z, 4, 1))
	g, o := graph.Tanh(part(z, 4, 2)), graph.Sigmoid(part(z, 4, 3))
	after := graph.Add(graph.Mul(f, c), graph.Mul(i, g))
	return []*graph.Node{graph.Mul(o, graph.Tanh(after)), after}, graph.Concatenate([]*graph.Node{i, f, g, o, c}, -1)
}

func lstmBackward(saved *graph.Node, dnext []*graph.Node) (dprojections, dprev []*graph.Node) {
	i, f, g, o, c := part(saved, 5, 0), part(saved, 5, 1), part(saved, 5, 2), part(saved, 5, 3), part(saved, 5, 4)
	tanh := graph.Tanh(graph.Add(graph.Mul(f, c), graph.Mul(i, g)))
	dh := dnext[0]
	dc := graph.Add(dnext[1], graph.Mul(graph.Mul(dh, o), oneMinus(graph.Mul(tanh, tanh))))
	dz := graph.Concatenate([]*graph.Node{
		graph.Mul(graph.Mul(dc, g), graph.Mul(i, oneMinus(i))),
		graph.Mul(graph.Mul(dc, c), graph.Mul(f, oneMinus(f))),
		graph.Mul(graph.Mul(dc, i), oneMinus(graph.Mul(g, g))),
		graph.Mul(graph.Mul(dh, tanh), graph.Mul(o, oneMinus(o))),
	}, -1)
	return []*graph.Node{dz}, []*graph.Node{nil, graph.Mul(dc, f)}
}

// part returns the k-th of n equal parts of x's last axis.
func part(x *graph.Node, n, k int) *graph.Node {
	w := x.Shape().Dim(-1) / n
	return graph.Slice(x, graph.AxisRange(), graph.AxisRange(k*w, (k+1)*w))
}

// oneMinus is graph.OneMinus for the inside of loops, where no node may be that was made outside, a cached 1 neither.
func oneMinus(x *graph.Node) *graph.Node {
	one := number(x.Graph(), x.DType(), 1)
	return graph.Sub(graph.BroadcastToShape(one, x.Shape()), x)
}

func rootOf(hidden int) float64 { return 1 / math.Sqrt(float64(hidden)) }
