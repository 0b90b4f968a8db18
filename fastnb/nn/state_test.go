package nn

import (
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A state goes from call to call, one for each batch size, until it is reset; nothing else is.
func TestState(t *testing.T) {
	store := model.NewStore()
	exec := model.MustNewExec(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		batch := x.Shape().Dim(0)
		sum := State(s.In("layer"), "sum", batch)
		sum.SetNodeValue(graph.Add(sum.NodeValue(x.Graph()), x))
		return sum.NodeValue(x.Graph())
	})
	exec.SetMaxCache(-1)
	store.VariableWithValue("/layer/weight", []float32{5})
	last := func(x ...float32) float32 {
		t.Helper()
		outs, err := exec.Call(x)
		if err != nil {
			t.Fatal(err)
		}
		flat := tensors.MustCopyFlatData[float32](outs[0])
		return flat[len(flat)-1]
	}
	for i, c := range []struct {
		x    []float32
		want float32
	}{{[]float32{1, 2}, 2}, {[]float32{1, 3}, 5}, {[]float32{7}, 7}, {[]float32{0, 1}, 6}, {[]float32{1}, 8}} {
		if got := last(c.x...); got != c.want {
			t.Errorf("call %d of %v: the state is %g, want %g", i, c.x, got, c.want)
		}
	}
	if err := ResetStates(store); err != nil {
		t.Fatal(err)
	}
	if a, b := last(1, 4), last(3); a != 4 || b != 3 {
		t.Errorf("after a reset: %g, %g", a, b)
	}
	if w := store.GetVariable("/layer/weight").MustValue().Value().([]float32); w[0] != 5 {
		t.Errorf("the reset has set a weight to %g", w[0])
	}
	for v := range store.IterVariables() {
		if IsState(v.Path()) && v.Trainable {
			t.Errorf("%s is trained", v.Path())
		}
	}
}

func TestIsState(t *testing.T) {
	for path, want := range map[string]bool{
		"/layer/nn~state/h-64": true, "/nn~state/h-1": true, "/layer/nn~state": false, "/layer/state/h": false, "/nn~state/layer/weight": false, "weight": false, "": false,
	} {
		if IsState(path) != want {
			t.Errorf("IsState(%q) is %t", path, !want)
		}
	}
}
