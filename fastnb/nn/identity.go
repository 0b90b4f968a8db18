package nn

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

type identityInit struct{}

func (identityInit) recurrent(c *recurrentConfig) { c.identity = true }

// IdentityInit starts the weights between the hidden states as the identity, those of every gate: at first a state
// goes on as it is. Without it they are random. Le, Jaitly, Hinton 2015, https://arxiv.org/abs/1504.00941.
var IdentityInit identityInit

// between is how the weights between the hidden states start, if not as init says.
func (c recurrentConfig) between(init model.VariableInitializer) model.VariableInitializer {
	if c.identity {
		return identities
	}
	return init
}

// identities puts identity matrices side by side: [n, k·n].
func identities(g *graph.Graph, shape shapes.Shape) *graph.Node {
	places := shapes.Make(dtypes.Int32, shape.Dimensions...)
	row, column := graph.Iota(g, places, 0), graph.Iota(g, places, 1)
	column = graph.Rem(column, graph.Const(g, int32(shape.Dim(0))))
	return graph.ConvertDType(graph.Equal(row, column), shape.DType)
}
