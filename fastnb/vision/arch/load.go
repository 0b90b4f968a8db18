package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Load reads weights and puts every variable of the body into the store, in place of what was there. The default
// source, for nil, is a.Weights. Tensors that are missing, too many or of another shape are an error that counts
// them, a *pretrained.MapError, and the store is then as before.
func (a Arch) Load(be compute.Backend, store *model.Store, src pretrained.Source) error {
	return a.load(be, store, src, a.Body)
}

// LoadWithTop is Load for body and classifier.
func (a Arch) LoadWithTop(be compute.Backend, store *model.Store, src pretrained.Source) error {
	return a.load(be, store, src, a.logits)
}

func (a Arch) logits(s *model.Scope, x *graph.Node) *graph.Node { return a.Top(s, a.Body(s, x)) }

func (a Arch) load(be compute.Backend, store *model.Store, src pretrained.Source, net func(s *model.Scope, x *graph.Node) *graph.Node) error {
	if src == nil {
		src = a.Weights
	}
	if src == nil {
		return fmt.Errorf("fastnb: arch: %s has no public weights; give those of a file, as pretrained.File(path)", a.Name)
	}
	return a.of(net).Load(be, store, src)
}

// of is body, or body and classifier, as what weights are loaded into.
func (a Arch) of(net func(s *model.Scope, x *graph.Node) *graph.Node) pretrained.Net {
	return pretrained.Net{Name: a.Name, Names: a.Names, Build: func(s *model.Scope, g *graph.Graph) {
		size := max(64, a.MinSize)
		net(s, graph.Parameter(g, "images", shapes.Make(dtypes.Float32, 1, size, size, 3)))
	}}
}
