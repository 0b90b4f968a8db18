package arch

import (
	"context"
	"fmt"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Load reads weights and puts every variable of the body into the store, in place of what was there. The default
// source, for nil, is a.Weights. Tensors that are missing, too many or of another shape are an error that names them
// all, and the store is then as before.
func (a Arch) Load(be compute.Backend, store *model.Store, src pretrained.Source) error {
	return a.load(be, store, src, a.Body)
}

// LoadWithTop is Load for body and classifier.
func (a Arch) LoadWithTop(be compute.Backend, store *model.Store, src pretrained.Source) error {
	return a.load(be, store, src, a.logits)
}

func (a Arch) logits(s *model.Scope, x *graph.Node) *graph.Node { return a.Top(s, a.Body(s, x)) }

func (a Arch) load(be compute.Backend, store *model.Store, src pretrained.Source, net netFunc) error {
	if src == nil {
		src = a.Weights
	}
	path, err := src.Fetch(context.Background())
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", a.Name, err)
	}
	named, err := pretrained.Read(path)
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", a.Name, err)
	}
	blank, err := variables(be, net)
	if err != nil {
		return fmt.Errorf("fastnb: arch: %s: %w", a.Name, err)
	}
	defer blank.Finalize()
	values, err := a.Names.Map(named, dimensions(blank))
	if err != nil {
		return fmt.Errorf("fastnb: arch: %s in %s: %w", a.Name, path, err)
	}
	return put(store, blank, values)
}

type netFunc = func(s *model.Scope, x *graph.Node) *graph.Node

// variables builds the graph of a net, compiles nothing, and returns a store with its variables, without values.
func variables(be compute.Backend, net netFunc) (store *model.Store, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("building the graph: %v", p)
		}
	}()
	store = model.NewStore()
	g := graph.NewGraph(be, "variables")
	defer g.Finalize()
	net(store.RootScope(), graph.Parameter(g, "images", shapes.Make(dtypes.Float32, 1, 64, 64, 3)))
	return store, nil
}

// dimensions returns the shape of each variable by path.
func dimensions(store *model.Store) map[string][]int {
	dims := make(map[string][]int)
	for v := range store.IterVariables() {
		dims[v.Path()] = v.Shape().Dimensions
	}
	return dims
}

// put sets the store's variables, or makes them, trainable as in blank.
func put(store, blank *model.Store, values map[string]pretrained.Tensor) error {
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
