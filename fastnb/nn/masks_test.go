package nn

import (
	"math"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// inTraining runs a graph in training or not and returns the numbers of its outputs.
func inTraining(t *testing.T, training bool, f func(s *model.Scope, g *graph.Graph) []*graph.Node) [][]float32 {
	t.Helper()
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(7); err != nil {
		t.Fatal(err)
	}
	outs, err := model.CallOnceN(backend(t), store, func(s *model.Scope, g *graph.Graph) []*graph.Node {
		store.SetTraining(g, training)
		return f(s, g)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]float32, len(outs))
	for i, o := range outs {
		all[i] = tensors.MustCopyFlatData[float32](o)
	}
	return all
}

// share wants each number to be 0 or 1/(1-p), and p of them 0, within what chance allows.
func share(t *testing.T, name string, mask []float32, p float64) {
	t.Helper()
	dropped := 0
	for _, x := range mask {
		if x == 0 {
			dropped++
		} else if math.Abs(float64(x)*(1-p)-1) > 1e-5 {
			t.Fatalf("%s: kept as %g, want %g", name, x, 1/(1-p))
		}
	}
	n := float64(len(mask))
	if sd := math.Sqrt(p * (1 - p) * n); math.Abs(float64(dropped)-p*n) > 4.5*sd {
		t.Errorf("%s: %d of %g dropped, want %g, give or take %.1f", name, dropped, n, p*n, sd)
	}
}

func ones(g *graph.Graph, dims ...int) *graph.Node {
	return graph.Ones(g, shapes.Make(dtypes.Float32, dims...))
}

// A locked mask [time, batch, features] is the same at all times; rows of the batch, and two calls, have masks of their own.
func TestLockedDropout(t *testing.T) {
	const time, batch, features, p = 7, 8, 1000, .3
	outs := inTraining(t, true, func(s *model.Scope, g *graph.Graph) []*graph.Node {
		return []*graph.Node{Dropout(s, ones(g, time, batch, features), p, Locked(0)), Dropout(s, ones(g, time, batch, features), p, Locked(0))}
	})
	mask, size := outs[0], batch*features
	for i, x := range mask {
		if x != mask[i%size] {
			t.Fatalf("time %d, number %d: %g, at time 0 %g", i/size, i%size, x, mask[i%size])
		}
	}
	share(t, "mask", mask[:size], p)
	independent(t, "two rows of the batch", mask[:features], mask[features:2*features], p)
	independent(t, "two calls", mask[:size], outs[1][:size], p)
}

// independent wants both of two masks to drop as often as chance has it.
func independent(t *testing.T, name string, a, b []float32, p float64) {
	t.Helper()
	both := 0
	for i := range a {
		if a[i] == 0 && b[i] == 0 {
			both++
		}
	}
	n := float64(len(a))
	if sd := math.Sqrt(p * p * (1 - p*p) * n); math.Abs(float64(both)-p*p*n) > 4.5*sd {
		t.Errorf("%s: both dropped %d times of %g, want %.0f, give or take %.1f", name, both, n, p*p*n, sd)
	}
}

// DropRows drops a code at all places where it stands, or at none; p of the codes.
func TestDropRows(t *testing.T) {
	const count, p = 2000, .1
	outs := inTraining(t, true, func(s *model.Scope, g *graph.Graph) []*graph.Node {
		all := graph.Iota(g, shapes.Make(dtypes.Int32, 4, count), 1) // every code in every row
		return []*graph.Node{DropRows(s, all, count, p, dtypes.Float32)}
	})
	for i, x := range outs[0] {
		if x != outs[0][i%count] {
			t.Fatalf("code %d is %g in row %d, %g in row 0", i%count, x, i/count, outs[0][i%count])
		}
	}
	share(t, "codes", outs[0][:count], p)
}

// The weights between hidden states are dropped once for a call: of a net in which each number of a small state only goes on to itself,
// some numbers fall to 0 at once in all rows and the others grow by 1/(1-p) each time. Two calls differ.
func TestWeightDrop(t *testing.T) {
	const time, batch, hidden, p = 3, 2, 600, .25
	run := func(s *model.Scope, g *graph.Graph) []*graph.Node {
		identity := make([]float32, hidden*hidden)
		for i := range hidden {
			identity[i*hidden+i] = 1
		}
		store := s.Store()
		store.VariableWithValue("/layer/weight_hh", tensors.FromFlatDataAndDimensions(identity, hidden, hidden))
		store.VariableWithValue("/layer/bias_ih", make([]float32, hidden))
		store.VariableWithValue("/layer/bias_hh", make([]float32, hidden))
		in := s.In("layer")
		x, h := graph.Zeros(g, shapes.Make(dtypes.Float32, time, batch, 1)), graph.MulScalar(ones(g, batch, hidden), 1e-4)
		one, _ := RNN(in.ResetVisited(), x, h, WeightDrop(p))
		two, _ := RNN(in.ResetVisited(), x, h, WeightDrop(p))
		return []*graph.Node{graph.MulScalar(one, 1e4), graph.MulScalar(two, 1e4)}
	}
	outs := inTraining(t, true, run)
	hs, size := outs[0], batch*hidden
	for i, h := range hs {
		if want := math.Pow(float64(hs[i%hidden]), float64(1+i/size)); math.Abs(float64(h)-want) > 1e-4 {
			t.Fatalf("time %d, number %d: %g, want %g", i/size, i%hidden, h, want)
		}
	}
	share(t, "weights", hs[:hidden], p)
	independent(t, "two calls", hs[:hidden], outs[1][:hidden], p)
	for _, h := range inTraining(t, false, run)[0] {
		if math.Abs(float64(h)-1) > 1e-4 {
			t.Fatalf("not in training: %g", h)
		}
	}
}

// Outside training nothing is dropped, whatever the kind of mask.
func TestMasksOff(t *testing.T) {
	outs := inTraining(t, false, func(s *model.Scope, g *graph.Graph) []*graph.Node {
		return []*graph.Node{Dropout(s, ones(g, 2, 3, 50), .9, Locked(0)), DropRows(s, graph.Iota(g, shapes.Make(dtypes.Int32, 200), 0), 200, .9, dtypes.Float32)}
	})
	for _, out := range outs {
		share(t, "not in training", out, 0)
	}
}
