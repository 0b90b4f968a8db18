package nn

import (
	"fmt"
	"math"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// masks drops from ones, n times, and returns what is kept of each.
func masks(t *testing.T, p float64, n int, dims ...int) [][]float32 {
	t.Helper()
	store := model.NewStore()
	exec, err := model.NewExec(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), true)
		return Dropout(s, graph.BroadcastToShape(x, shapes.Make(dtypes.Float32, dims...)), p)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]float32, n)
	for i := range all {
		if err := store.SetRNGStateFromSeed(int64(i)); err != nil {
			t.Fatal(err)
		}
		outs, err := exec.Call(float32(1))
		if err != nil {
			t.Fatal(err)
		}
		all[i] = tensors.MustCopyFlatData[float32](outs[0])
	}
	return all
}

// The share that is dropped is p, within what chance allows; what is kept is divided by 1-p.
func TestDropoutShare(t *testing.T) {
	for _, p := range []float64{.001, .04, .25, .5, .9} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			dropped, n := 0, 0
			for _, mask := range masks(t, p, 4, 300, 1000) {
				for _, x := range mask {
					if n++; x == 0 {
						dropped++
					} else if math.Abs(float64(x)*(1-p)-1) > 1e-6 {
						t.Fatalf("kept as %g", x)
					}
				}
			}
			if sd := math.Sqrt(p * (1 - p) * float64(n)); math.Abs(float64(dropped)-p*float64(n)) > 4.5*sd {
				t.Errorf("%d of %d dropped, want %g, give or take %.0f", dropped, n, p*float64(n), sd)
			}
		})
	}
}

// Neighbours in a row and in a column, the same places of two seeds, and those of two seeds moved by one, are dropped
// independently of each other.
func TestDropoutIsIndependent(t *testing.T) {
	const rows, cols, p = 400, 500, .5
	m := masks(t, p, 3, rows, cols)
	pairs := func(name string, a, b []float32) {
		both := 0
		for i := range a {
			if a[i] == 0 && b[i] == 0 {
				both++
			}
		}
		n := float64(len(a))
		if sd := math.Sqrt(p * p * (1 - p*p) * n); math.Abs(float64(both)-p*p*n) > 4.5*sd {
			t.Errorf("%s: both dropped %d times of %.0f, want a quarter, give or take %.0f", name, both, n, sd)
		}
	}
	end := rows * cols
	pairs("in a row", m[0][:end-1], m[0][1:])
	pairs("in a column", m[0][:end-cols], m[0][cols:])
	pairs("64 apart", m[0][:end-64], m[0][64:])
	pairs("two seeds", m[0], m[1])
	pairs("two seeds, moved", m[1][:end-1], m[2][1:])
}

// Outside training, and for p = 0, nothing is dropped.
func TestDropoutOff(t *testing.T) {
	if m := masks(t, 0, 1, 10); m[0][3] != 1 {
		t.Errorf("p = 0: %v", m[0])
	}
	store := model.NewStore()
	exec, err := model.NewExec(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node { return Dropout(s, x, .9) })
	if err != nil {
		t.Fatal(err)
	}
	outs, err := exec.Call([]float32{1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	if got := tensors.MustCopyFlatData[float32](outs[0]); got[0] != 1 || got[3] != 4 {
		t.Errorf("not training: %v", got)
	}
}
