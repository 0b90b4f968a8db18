package arch

import (
	"context"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// load reads weights by their names and puts every variable of a net into the store, in place of what was there.
func load(be compute.Backend, store *model.Store, name string, src pretrained.Source, names pretrained.Table, net netFunc) error {
	if src == nil {
		return fmt.Errorf("fastnb: arch: weights of %s: it has no public ones; name a file with pretrained.File", name)
	}
	path, err := src.Fetch(context.Background())
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", name, err)
	}
	named, err := pretrained.Read(path)
	if err != nil {
		return fmt.Errorf("fastnb: arch: weights of %s: %w", name, err)
	}
	blank, err := variables(be, net)
	if err != nil {
		return fmt.Errorf("fastnb: arch: %s: %w", name, err)
	}
	defer blank.Finalize()
	values, err := names.Map(bare(named), dimensions(blank))
	if err != nil {
		return fmt.Errorf("fastnb: arch: %s in %s: %w", name, path, err)
	}
	return put(store, blank, values)
}

// netFunc builds a net in a graph.
type netFunc = func(s *model.Scope, g *graph.Graph)

// bare removes "bert." from the names that have it: so a net with a head on top saves its encoder.
func bare(named map[string]pretrained.Tensor) map[string]pretrained.Tensor {
	out := make(map[string]pretrained.Tensor, len(named))
	for name, t := range named {
		out[strings.TrimPrefix(name, "bert.")] = t
	}
	return out
}

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
	net(store.RootScope(), g)
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
