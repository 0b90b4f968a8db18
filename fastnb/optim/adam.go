package optim

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Adam keeps running means of the gradient and of its square (Kingma, Ba 2015, https://arxiv.org/abs/1412.6980).
// The first one's decay is the momentum of the step. The zero Adam takes fast.ai's defaults.
type Adam struct {
	SqrMomentum float64 // decay of the mean square, beta2; 0 stands for 0.99
	Eps         float64 // added to the root of the mean square; 0 stands for 1e-5
}

// Update implements Optimizer.
func (o Adam) Update(s *model.Store, params []Param, grads []*Node, h Hyper) {
	beta2, eps := or(o.SqrMomentum, 0.99), or(o.Eps, 1e-5)
	for i, p := range params {
		w := p.Var.NodeValue(grads[i])
		avg := ema(slot(s, p, "avg", p.Var.Shape()), h.Momentum, grads[i])
		sqr := ema(slot(s, p, "sqr", p.Var.Shape()), graph.Scalar(w.Graph(), w.DType(), beta2), graph.Square(grads[i]))
		biasAvg := bias(slot(s, p, "bias_avg", shapes.Make(w.DType())), h.Momentum)
		biasSqr := bias(slot(s, p, "bias_sqr", shapes.Make(w.DType())), graph.Scalar(w.Graph(), w.DType(), beta2))
		root := graph.AddScalar(graph.Sqrt(graph.Div(sqr, biasSqr)), eps)
		step := graph.Div(graph.Div(avg, biasAvg), root)
		p.Var.SetNodeValue(graph.Sub(decayed(p, w, h), graph.Mul(of(h.LR, p), step)))
	}
}

// ema moves the running mean v towards x and returns it: v = beta*v + (1-beta)*x.
func ema(v *model.Variable, beta, x *Node) *Node {
	mean := graph.Add(graph.Mul(beta, v.NodeValue(x)), graph.Mul(graph.OneMinus(beta), x))
	v.SetNodeValue(mean)
	return mean
}

// bias is the share of a running mean that does not come from its start at zero: 1-beta^t for a constant beta,
// and exact for one that changes.
func bias(v *model.Variable, beta *Node) *Node {
	return ema(v, beta, graph.OnesLike(beta))
}

func or(x, def float64) float64 {
	if x == 0 {
		return def
	}
	return x
}
