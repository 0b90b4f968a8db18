package pretrained

import (
	"context"
	"errors"
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Net is what weights are loaded into.
type Net struct {
	Name   string                               // in errors
	Build  func(s *model.Scope, g *graph.Graph) // its graph, for the variables it has; nothing is compiled
	Names  Table                                // from the file's names to its variables
	Rename func(name string) string             // what is done to a name first; nil: nothing
}

// Load reads weights from a source and puts every variable of the net into the store, in place of what was there.
// Tensors that are missing, too many or of another shape are a [*MapError], and the store is then as before.
func (n Net) Load(be compute.Backend, store *model.Store, src Source) error {
	path, err := src.Fetch(context.Background())
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", n.Name, err)
	}
	named, err := Read(path)
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", n.Name, err)
	}
	var misfit *MapError
	if err := n.Set(be, store, named); errors.As(err, &misfit) {
		return fmt.Errorf("fastnb: arch: %s in %s: %w%s", n.Name, path, err, partOf(path))
	} else if err != nil {
		return err
	}
	return nil
}

// Set is Load of tensors that were read already.
func (n Net) Set(be compute.Backend, store *model.Store, named map[string]Tensor) error {
	blank, err := n.Variables(be)
	if err != nil {
		return fmt.Errorf("fastnb: arch: %s: %w", n.Name, err)
	}
	defer blank.Finalize()
	if n.Rename != nil {
		named = renamed(named, n.Rename)
	}
	values, err := n.Names.Map(named, Shapes(blank))
	if err != nil {
		return err
	}
	return put(store, blank, values)
}

// Variables builds the graph of the net, compiles nothing, and returns a store with its variables, without values.
func (n Net) Variables(be compute.Backend) (store *model.Store, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("building the graph: %v", p)
		}
	}()
	store = model.NewStore()
	g := graph.NewGraph(be, "variables")
	defer g.Finalize()
	n.Build(store.RootScope(), g)
	return store, nil
}

// Shapes returns the shape of each variable by path.
func Shapes(store *model.Store) map[string][]int {
	dims := make(map[string][]int)
	for v := range store.IterVariables() {
		dims[v.Path()] = v.Shape().Dimensions
	}
	return dims
}

// put sets the store's variables, or makes them, trainable as in blank.
func put(store, blank *model.Store, values map[string]Tensor) error {
	for want := range blank.IterVariables() {
		value := values[want.Path()]
		t := tensors.FromFlatDataAndDimensions(value.Data, value.Shape...)
		v := store.GetVariable(want.Path())
		if v == nil {
			made, err := store.CreateVariable(want.Path(), t)
			if err != nil {
				return fmt.Errorf("fastnb: arch: variable %s: %w", want.Path(), err)
			}
			made.SetTrainable(want.Trainable)
			continue
		}
		if err := v.SetValue(t); err != nil {
			return fmt.Errorf("fastnb: arch: variable %s: %w", want.Path(), err)
		}
	}
	return nil
}
