package nn

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func init() {
	layers["transformer"] = []layer{
		{"layer norm", []int{3, 5, 4}, func(s *model.Scope, x *graph.Node) *graph.Node { return LayerNorm(s, x) }},
		{"layer norm of many rows", []int{300, 4}, func(s *model.Scope, x *graph.Node) *graph.Node { return LayerNorm(s, x, Eps(.1)) }},
		{"gelu", []int{3, 5}, plain(GELU)},
	}
}

// Rows of any size and place come out with mean 0 and variance 1, and a constant row as zeros, times weight plus bias.
func TestLayerNormOfRows(t *testing.T) {
	store := model.NewStore()
	exec := model.MustNewExec(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node { return LayerNorm(s, x, Eps(1e-12)) })
	rows := [][]float64{{1, 2, 3, 6}, {1001, 1002, 1003, 1006}, {-4e-3, -2e-3, 0, 6e-3}, {5, 5, 5, 5}}
	var want [][]float64
	for _, row := range rows {
		want = append(want, standard(row))
	}
	near(t, exec.MustCall(rows)[0], want, 1, 0)
	for path, values := range map[string][]float64{"/weight": {2, 2, 2, 2}, "/bias": {3, 3, 3, 3}} {
		if err := store.GetVariable(path).SetValue(tensors.FromValue(values)); err != nil {
			t.Fatal(err)
		}
	}
	near(t, exec.MustCall(rows)[0], want, 2, 3)
}

func standard(row []float64) []float64 {
	mean, square := 0., 0.
	for _, x := range row {
		mean += x / float64(len(row))
	}
	for _, x := range row {
		square += (x - mean) * (x - mean) / float64(len(row))
	}
	out := make([]float64, len(row))
	for i, x := range row {
		out[i] = (x - mean) / math.Sqrt(square+1e-12)
	}
	return out
}

// near compares with weight*want + bias.
func near(t *testing.T, got *tensors.Tensor, want [][]float64, weight, bias float64) {
	t.Helper()
	flat := tensors.MustCopyFlatData[float64](got)
	for i, row := range want {
		for j, x := range row {
			if g := flat[i*len(row)+j]; !(math.Abs(g-weight*x-bias) < 1e-9) {
				t.Errorf("row %d, column %d: %g, want %g", i, j, g, weight*x+bias)
			}
		}
	}
}

// PyTorch's torch.nn.functional.gelu in float64.
func TestGELU(t *testing.T) {
	want := map[float64]float64{-10: 0, -3: -0.00404969409489031, -1: -0.15865525393145702, 0: 0, .5: 0.34573123063700656, 2: 1.9544997361036416, 10: 10}
	for x, y := range want {
		out, err := graph.CallOnce(backend(t), GELU, []float64{x})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Value().([]float64)[0]; !(math.Abs(got-y) < 1e-12) {
			t.Errorf("GELU(%g) is %g, want %g", x, got, y)
		}
	}
}
