package fastnb

import (
	"path"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// freezeTo freezes the layer groups before the one numbered to, counted from the end if below 0.
func (n *net) freezeTo(to int) {
	if to < 0 {
		to += len(n.model.Groups)
	}
	n.frozenTo = min(max(to, 0), n.model.last())
}

// bodyFrozen tells whether nothing that comes before the head trains.
func (n *net) bodyFrozen() bool { return n.model.Body != nil && n.frozenTo == n.model.last() }

// trained returns the number of the first layer group that an optimizer sees, and how many there are: of the head alone
// one, else all, the frozen ones too (their learning rates have no effect).
func (n *net) trained(headOnly bool) (first, groups int) {
	if headOnly {
		return n.model.last(), 1
	}
	return 0, len(n.model.Groups)
}

// norms is how the batch norms of a training step behave; it is part of what the step's graph is kept by.
type norms struct{ keep, train bool }

func (n *net) norms(headOnly bool) norms {
	lastOnly := n.frozenTo == n.model.last()
	return norms{
		keep:  n.bnFreeze || n.bn == KeepBN && !lastOnly,
		train: n.bn == TrainBN && !n.bnFreeze && !headOnly,
	}
}

// markNorms tells the layers of a graph how their batch norms are to train.
func (n *net) markNorms(s *model.Scope, g *graph.Graph, as norms) {
	s.SetGraphParam(g, nn.BNFreezeParam, as.keep)
	if as.train {
		return
	}
	for _, group := range n.model.Groups[:n.frozenTo] {
		for _, scope := range group {
			model.SetGraphParam(g, model.JoinPath(scope, nn.FrozenParam), true)
		}
	}
}

// params returns the variables to train, by path: those of unfrozen groups that the graph uses, and norms that train.
// Their order does not depend on whether they were made or loaded, and so neither does a sum over their gradients.
func (n *net) params(g *graph.Graph, headOnly bool) []optim.Param {
	first, _ := n.trained(headOnly)
	normsToo := n.norms(headOnly).train
	var params []optim.Param
	for v := range n.store.IterVariables() {
		group := n.model.groupOf(v.Path())
		trains := group >= n.frozenTo || group >= 0 && normsToo && n.ofNorm(v)
		if v.Trainable && v.InUseByGraph(g) && group >= first && trains {
			params = append(params, optim.Param{Var: v, Group: group - first})
		}
	}
	slices.SortFunc(params, func(a, b optim.Param) int { return strings.Compare(a.Var.Path(), b.Var.Path()) })
	return params
}

// ofNorm tells whether v is the scale or the shift of a batch norm.
func (n *net) ofNorm(v *model.Variable) bool {
	return slices.Contains([]string{"weight", "bias"}, v.Name()) &&
		n.store.GetVariable(path.Dir(v.Path())+"/running_mean") != nil
}

// checkBatch tells when data have nothing to train on, or batches that are too small for the batch norms that train.
func (n *net) checkBatch(data Data, headOnly bool) error {
	if err := checkItems(data, Train); err != nil {
		return err
	}
	if n.norms(headOnly).keep {
		return nil
	}
	return n.model.checkBatch(data)
}
