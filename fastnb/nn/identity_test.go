package nn

import (
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Between hidden states there is at first the identity, of every gate; the input's weights stay random.
func TestIdentityInit(t *testing.T) {
	const hidden = 3
	for name, gates := range map[string]int{"RNN": 1, "GRU": 3, "LSTM": 4} {
		layer, store := recurrentLayers[name], model.NewStore()
		_, err := model.CallOnce(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node {
			start := make([]*graph.Node, layer.states)
			for i := range start {
				start[i] = graph.Zeros(x.Graph(), shapes.Make(dtypes.Float64, 2, hidden))
			}
			hs, _ := layer.run(s, x, start, IdentityInit)
			return hs
		}, wave(.3, sequence...))
		if err != nil {
			t.Fatal(err)
		}
		w := tensors.MustCopyFlatData[float64](store.GetVariable("/weight_hh").MustValue())
		for i, got := range w {
			want := 0.
			if row, column := i/(gates*hidden), i%(gates*hidden); row == column%hidden {
				want = 1
			}
			if got != want {
				t.Errorf("%s: weight %d is %g (want %g)", name, i, got, want)
			}
		}
		in := tensors.MustCopyFlatData[float64](store.GetVariable("/weight_ih").MustValue())
		if in[0] == 0 || in[0] == in[1] {
			t.Errorf("%s: the input's weights begin %g, %g", name, in[0], in[1])
		}
	}
}
