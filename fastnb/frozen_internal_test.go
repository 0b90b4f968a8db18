package fastnb

import (
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The gradient of a frozen layer is not merely thrown away: its graph has no trace of it. Four dense layers are four
// matrix products forward, and each layer that trains adds two: the gradients of its weights and of its input (the one
// of the first such layer is dead code, which XLA drops).
func TestFrozenLayersHaveNoGradientInTheGraph(t *testing.T) {
	for frozen, want := range []int{4 + 2*4, 4 + 2*3, 4 + 2*2, 4 + 2*1} {
		if got := productsOfStep(t, frozen); got != want {
			t.Errorf("%d of 4 layers frozen: %d matrix products in a training step, want %d", frozen, got, want)
		}
	}
}

// productsOfStep counts the matrix products in the graph of a training step.
func productsOfStep(t *testing.T, frozen int) int {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	n := newNet(be, fourLayers())
	n.freezeTo(frozen)
	net := &graphs{net: n, loss: MeanSquared, optimizer: optim.SGD{}}
	g := graph.NewGraph(be, "step")
	defer g.Finalize()
	model.SetStore(g, n.store)
	f32 := func(name string, dims ...int) *graph.Node {
		return graph.Parameter(g, name, shapes.Make(dtypes.Float32, dims...))
	}
	step := net.train(net.trainKey("training step", false, hyper{}, 1), &prep{prepare: asTheyAre})
	step(n.store.RootScope(), []*graph.Node{f32("hyper", 10), f32("labels", 8, 3), f32("x", 8, 5)})
	products := 0
	for _, node := range g.Nodes() {
		if node.Type() == graph.NodeTypeDotGeneral {
			products++
		}
	}
	return products
}

func fourLayers() Model {
	names := []string{"a", "b", "c", "d"}
	m := FromFunc("four", func(s *model.Scope, x *graph.Node) *graph.Node {
		for _, name := range names {
			x = nn.Dense(s.In("%s", name), x, 3)
		}
		return x
	})
	for _, name := range names {
		m.Groups = append(m.Groups, Group{"/" + name})
	}
	return m
}

// asTheyAre leaves the inputs as they are.
func asTheyAre(in []*graph.Node) []*graph.Node { return in }
