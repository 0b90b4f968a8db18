package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// RNN runs the plain recurrent layer over time (Elman 1990): x [time, batch, in] and the state before, h [batch,
// hidden], to the h of every time, tanh of the projections of x and of the h before, [time, batch, hidden], and the
// state after, through which no gradient goes. Variables as LSTM's, with one gate.
func RNN(s *model.Scope, x, h *graph.Node, opts ...RecurrentOption) (hs, last *graph.Node) {
	hs, states := rnn.layer(s, x, []*graph.Node{h}, opts)
	return hs, states[0]
}

var rnn = cell{gates: 1, states: 1, saved: 1, adjoints: 1,
	forward: func(x, hw *graph.Node, _ []*graph.Node) (next []*graph.Node, saved *graph.Node) {
		h := graph.Tanh(graph.Add(x, hw))
		return []*graph.Node{h}, h
	},
	backward: func(h *graph.Node, dnext []*graph.Node) (dprojections, dprev []*graph.Node) {
		d := graph.Mul(dnext[0], oneMinus(graph.Mul(h, h)))
		return []*graph.Node{d}, []*graph.Node{nil}
	},
}
