package nn

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// GRU runs a layer of gated recurrent units over time (Cho et al. 2014, https://arxiv.org/abs/1406.1078): x [time,
// batch, in] and the state before, h [batch, hidden], to the h of every time, [time, batch, hidden], and the state
// after, through which no gradient goes. Variables as LSTM's, with three gates: reset, update, new; the rule is
// PyTorch's.
func GRU(s *model.Scope, x, h *graph.Node, opts ...RecurrentOption) (hs, last *graph.Node) {
	hs, states := gru.layer(s, x, []*graph.Node{h}, opts)
	return hs, states[0]
}

var gru = cell{gates: 3, states: 1, saved: 5, adjoints: 2, forward: gruForward, backward: gruBackward}

// gruForward saves the gates, the new gate's part of hw, and the h before.
func gruForward(x, hw *graph.Node, prev []*graph.Node) (next []*graph.Node, saved *graph.Node) {
	h, hn := prev[0], part(hw, 3, 2)
	r := graph.Sigmoid(graph.Add(part(x, 3, 0), part(hw, 3, 0)))
	z := graph.Sigmoid(graph.Add(part(x, 3, 1), part(hw, 3, 1)))
	n := graph.Tanh(graph.Add(part(x, 3, 2), graph.Mul(r, hn)))
	after := graph.Add(graph.Mul(oneMinus(z), n), graph.Mul(z, h))
	return []*graph.Node{after}, graph.Concatenate([]*graph.Node{r, z, n, hn, h}, -1)
}

func gruBackward(saved *graph.Node, dnext []*graph.Node) (dprojections, dprev []*graph.Node) {
	r, z, n, hn, h := part(saved, 5, 0), part(saved, 5, 1), part(saved, 5, 2), part(saved, 5, 3), part(saved, 5, 4)
	dh := dnext[0]
	dn := graph.Mul(graph.Mul(dh, oneMinus(z)), oneMinus(graph.Mul(n, n)))
	dz := graph.Mul(graph.Mul(dh, graph.Sub(h, n)), graph.Mul(z, oneMinus(z)))
	dr := graph.Mul(graph.Mul(dn, hn), graph.Mul(r, oneMinus(r)))
	dx := graph.Concatenate([]*graph.Node{dr, dz, dn}, -1)
	dhw := graph.Concatenate([]*graph.Node{dr, dz, graph.Mul(dn, r)}, -1)
	return []*graph.Node{dx, dhw}, []*graph.Node{graph.Mul(dh, z)}
}
