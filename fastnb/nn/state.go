package nn

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// stateScope is the last scope of the variables that State makes.
const stateScope = "nn~state"

// State is a variable that a model carries from one batch to the next, such as the hidden state of a language model: a
// graph sets it with SetNodeValue. It is float32, is not trained, and begins with zeros; a learner sets it to zero
// again before every pass over the data, and of checkpoints those keep it that are saved in the course of a fit. There
// is one for each size of the first axis, the batch.
func State(s *model.Scope, name string, dims ...int) *model.Variable {
	zeros := func(g *graph.Graph, shape shapes.Shape) *graph.Node { return graph.Zeros(g, shape) }
	name = fmt.Sprintf("%s-%d", name, dims[0])
	v := s.At(stateScope).WithInitializer(zeros).VariableWithShape(name, shapes.Make(dtypes.Float32, dims...))
	return v.SetTrainable(false)
}

// IsState tells whether a variable path is one of State's.
func IsState(path string) bool {
	scope := path[:max(strings.LastIndex(path, "/"), 0)]
	return strings.HasSuffix(scope, "/"+stateScope)
}

// ResetStates sets all of a store's states to zero.
func ResetStates(store *model.Store) error { return Zero(store, IsState) }

// Zero sets to zero the variables of a store whose path is meant.
func Zero(store *model.Store, meant func(path string) bool) error {
	for v := range store.IterVariables() {
		if meant(v.Path()) {
			if err := v.SetValue(tensors.FromShape(v.Shape())); err != nil {
				return err
			}
		}
	}
	return nil
}

// penalties is the graph parameter that holds what was penalised.
const penalties = "/penalties"

// Penalize adds a scalar to the loss that a training step minimises; the loss that is shown is without it. Elsewhere it
// does nothing.
func Penalize(s *model.Scope, penalty *graph.Node) {
	g := penalty.Graph()
	if s.IsTraining(g) {
		model.SetGraphParam(g, penalties, append(Penalties(g), penalty))
	}
}

// Penalties returns what was penalised in the graph so far.
func Penalties(g *graph.Graph) []*graph.Node {
	v, _ := model.GetGraphParam(g, penalties)
	ps, _ := v.([]*graph.Node)
	return ps
}
