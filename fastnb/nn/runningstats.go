package nn

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// running holds a batch norm's moving averages, never trained.
type running struct {
	meanVar, varianceVar *model.Variable
	mean, variance       *graph.Node
}

func runningStats(s *model.Scope, x *graph.Node) running {
	shape := shapes.Make(keep(x.DType()), x.Shape().Dim(-1))
	m := s.WithInitializer(graph.Zeros).VariableWithShape("running_mean", shape).SetTrainable(false)
	v := s.WithInitializer(graph.Ones).VariableWithShape("running_var", shape).SetTrainable(false)
	as := func(v *model.Variable) *graph.Node {
		return graph.StopGradient(graph.ConvertDType(v.NodeValue(x.Graph()), x.DType()))
	}
	return running{m, v, as(m), as(v)}
}

// update moves the averages towards a batch's mean and biased variance.
func (r running) update(x, mean, variance *graph.Node, momentum float64) {
	if n := perChannel(x); n > 1 {
		variance = graph.MulScalar(variance, n/(n-1))
	}
	move(r.meanVar, mean, momentum)
	move(r.varianceVar, variance, momentum)
}

func move(v *model.Variable, to *graph.Node, momentum float64) {
	old := v.NodeValue(to.Graph())
	to = graph.ConvertDType(graph.StopGradient(to), old.DType())
	v.SetNodeValue(graph.Add(graph.MulScalar(old, 1-momentum), graph.MulScalar(to, momentum)))
}
