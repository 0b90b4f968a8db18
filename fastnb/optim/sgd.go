package optim

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// SGD is stochastic gradient descent with momentum, as PyTorch computes it: the momentum buffer is
// m = momentum*m + g, and the weights move by -lr*m. A momentum of 0 is plain SGD.
type SGD struct {
	Nesterov bool // look ahead: move by -lr*(g + momentum*m)
}

// Update implements Optimizer.
func (o SGD) Update(s *model.Store, params []Param, grads []*Node, h Hyper) {
	for i, p := range params {
		w := p.Var.NodeValue(grads[i])
		buffer := slot(s, p, "momentum", p.Var.Shape())
		m := graph.Add(graph.Mul(h.Momentum, buffer.NodeValue(w)), grads[i])
		buffer.SetNodeValue(m)
		step := m
		if o.Nesterov {
			step = graph.Add(grads[i], graph.Mul(h.Momentum, m))
		}
		p.Var.SetNodeValue(graph.Sub(decayed(p, w, h), graph.Mul(of(h.LR, p), step)))
	}
}
