package fastnb

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// net is a model on a device: its variables, and which of them training leaves as they are.
type net struct {
	be    compute.Backend
	model Model
	store *model.Store
	ready bool // variables exist and have values

	metadata metadata // what checkpoints keep of the model besides

	frozenTo int  // groups before this one are frozen
	bn       BN   // which batch norms train
	bnFreeze bool // every batch norm keeps its statistics
}

func newNet(be compute.Backend, m Model) *net {
	return &net{be: be, model: m, store: model.NewStore(), metadata: metadata{}}
}

// open makes sure that every variable of the model exists and has its value: pretrained, loaded or initial, drawn from
// seed. The data tell what the inputs look like.
func (n *net) open(data Data, seed int64) error {
	if n.ready {
		return nil
	}
	err := n.init(data, seed)
	if err != nil {
		n.store = model.NewStore() // the next call starts anew
	}
	return err
}

func (n *net) init(data Data, seed int64) error {
	if n.model.Init != nil {
		if err := n.model.Init(n.be, n.store); err != nil {
			return err
		}
	}
	return n.trace(data, seed)
}

// trace builds the model's graph without compiling it, so that its variables come into being, and initialises
// those that have no value yet.
func (n *net) trace(data Data, seed int64) error {
	in, err := inputShapes(data, Train)
	if err != nil {
		return err
	}
	err = caught(func() error {
		g := graph.NewGraph(n.be, "variables")
		defer g.Finalize()
		model.SetStore(g, n.store)
		y := n.model.forward(n.store.RootScope(), data.Prepare(inputsOf(g, in)))
		if err := n.model.checkOutput(y, data); err != nil {
			return err
		}
		if err := n.store.SetRNGStateFromSeed(seed); err != nil {
			return err
		}
		return n.store.InitializeVariables(n.be, nil)
	})
	if err == nil {
		err = n.model.checkGroups(n.store)
	}
	n.ready = err == nil
	return err
}

// inputsOf returns parameters of a graph for the data's inputs.
func inputsOf(g *graph.Graph, in []shapes.Shape) []*graph.Node {
	inputs := make([]*graph.Node, len(in))
	for i, s := range in {
		inputs[i] = graph.Parameter(g, fmt.Sprintf("input%d", i), s)
	}
	return inputs
}

// shapesOn returns the shapes that the variables would have on such inputs of the data. Nothing is computed.
func (n *net) shapesOn(data Data, in []shapes.Shape) (map[string]shapes.Shape, error) {
	all := map[string]shapes.Shape{}
	store, _, err := n.blank(data, in)
	for v := range store.IterVariables() {
		all[v.Path()] = v.Shape()
	}
	return all, err
}

// blank returns a store with the variables that the net would have on such inputs of the data, in the order in which
// the net makes them, and the shape of what it would give. Nothing is computed.
func (n *net) blank(data Data, in []shapes.Shape) (store *model.Store, out shapes.Shape, err error) {
	store = model.NewStore()
	err = caught(func() error {
		g := graph.NewGraph(n.be, "shapes of the variables")
		defer g.Finalize()
		model.SetStore(g, store)
		out = n.model.forward(store.RootScope(), data.Prepare(inputsOf(g, in))).Shape()
		return nil
	})
	return store, out, err
}

// variables returns what a checkpoint holds, by path: everything but the random generator's state, which Steps names,
// and what is carried from batch to batch.
func (n *net) variables() []*model.Variable {
	return n.variablesWhere(func(v *model.Variable) bool {
		return v.Name() != model.RNGStateVariableName && !nn.IsState(v.Path())
	})
}

// carried returns what a checkpoint holds in the course of a fit: also what is carried from batch to batch.
func (n *net) carried() []*model.Variable {
	return n.variablesWhere(func(v *model.Variable) bool { return v.Name() != model.RNGStateVariableName })
}

// bodyVariables returns the variables of all layer groups but the last, by path.
func (n *net) bodyVariables() []*model.Variable {
	return n.variablesWhere(func(v *model.Variable) bool {
		g := n.model.groupOf(v.Path())
		return g >= 0 && g < n.model.last()
	})
}

// variablesWhere returns those variables, by path.
func (n *net) variablesWhere(keep func(v *model.Variable) bool) []*model.Variable {
	var vs []*model.Variable
	for v := range n.store.IterVariables() {
		if keep(v) {
			vs = append(vs, v)
		}
	}
	slices.SortFunc(vs, func(a, b *model.Variable) int { return strings.Compare(a.Path(), b.Path()) })
	return vs
}

// randomState returns the random generator's state, nil where nothing was drawn yet.
func (n *net) randomState() *model.Variable {
	return n.store.GetVariable(model.JoinPath("/", model.RNGStateVariableName))
}

// resetOptimizer sets the optimizer's state to zero, as at the start of every fit.
func (n *net) resetOptimizer() error { return nn.Zero(n.store, optim.IsState) }

// resetStates sets what is carried from batch to batch to zero, as at the start of every pass.
func (n *net) resetStates() error { return nn.ResetStates(n.store) }

// set gives the variables these values. The model's own must all be there, with their shapes; nothing is changed before
// that is known. A net that was never used gets its variables by it.
func (n *net) set(values map[string]*tensors.Tensor, data Data, seed int64) error {
	if !n.ready {
		return n.openFrom(values, data, seed)
	}
	if err := matches(n.store, values); err != nil {
		return err
	}
	return n.assign(values)
}

func (n *net) openFrom(values map[string]*tensors.Tensor, data Data, seed int64) error {
	fresh, old := model.NewStore(), n.store
	n.store = fresh
	err := n.assign(values)
	if err == nil {
		if err = n.trace(data, seed); err != nil {
			err = fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
		}
	}
	if err == nil {
		err = matches(fresh, values)
	}
	if err != nil {
		n.store, n.ready = old, false
	}
	return err
}

// assign sets variables and the optimizer's state, which is zero where values has none.
func (n *net) assign(values map[string]*tensors.Tensor) error {
	if err := n.resetOptimizer(); err != nil {
		return err
	}
	// in an order, so that the same graph is built of them each time
	for _, path := range slices.Sorted(maps.Keys(values)) {
		t, v := values[path], n.store.GetVariable(path)
		if v == nil {
			var err error
			if v, err = n.store.CreateVariable(path, t); err != nil {
				return err
			}
			v.SetTrainable(!optim.IsState(path) && !nn.IsState(path))
			continue
		}
		if err := v.SetValue(t); err != nil {
			return err
		}
	}
	return nil
}

// matches tells which of the model's variables have no value of their shape.
func matches(store *model.Store, values map[string]*tensors.Tensor) error {
	var wrong []string
	for v := range store.IterVariables() {
		if optim.IsState(v.Path()) || nn.IsState(v.Path()) || v.Name() == model.RNGStateVariableName {
			continue
		}
		t, ok := values[v.Path()]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s is missing", v.Path()))
		} else if !t.Shape().Equal(v.Shape()) {
			wrong = append(wrong, fmt.Sprintf("%s is %s (want %s)", v.Path(), t.Shape(), v.Shape()))
		}
	}
	if wrong != nil {
		slices.Sort(wrong)
		return fmt.Errorf("%w: %d variables do not fit: %s", ErrBadCheckpoint, len(wrong), fewOf(wrong))
	}
	return nil
}

// fewOf lists the first few of many.
func fewOf(all []string) string {
	const few = 5
	if len(all) > few {
		return strings.Join(all[:few], ", ") + ", ..."
	}
	return strings.Join(all, ", ")
}

// snapshot holds the values of all variables.
type snapshot map[*model.Variable]*tensors.Tensor

func (n *net) snapshot() (snapshot, error) {
	s := snapshot{}
	for v := range n.store.IterVariables() {
		t, err := v.Value()
		if err != nil {
			return s, err
		}
		if s[v], err = t.LocalClone(); err != nil {
			return s, err
		}
	}
	return s, nil
}

// restore undoes all changes since the snapshot; optimizer state that is newer becomes zero.
func (n *net) restore(s snapshot) error {
	errs := []error{n.resetOptimizer()}
	for v, t := range s {
		errs = append(errs, v.SetValue(t))
	}
	return errors.Join(errs...)
}
