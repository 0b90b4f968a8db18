package nn

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// runLayer runs a recurrent layer and returns the h of every time and the states after.
type runLayer func(s *model.Scope, x *graph.Node, start []*graph.Node, opts ...RecurrentOption) (hs *graph.Node, last []*graph.Node)

var recurrentLayers = map[string]struct {
	states int
	run    runLayer
}{
	"LSTM": {2, func(s *model.Scope, x *graph.Node, start []*graph.Node, opts ...RecurrentOption) (*graph.Node, []*graph.Node) {
		hs, h, c := LSTM(s, x, start[0], start[1], opts...)
		return hs, []*graph.Node{h, c}
	}},
	"GRU": {1, func(s *model.Scope, x *graph.Node, start []*graph.Node, opts ...RecurrentOption) (*graph.Node, []*graph.Node) {
		hs, h := GRU(s, x, start[0], opts...)
		return hs, []*graph.Node{h}
	}},
	"RNN": {1, func(s *model.Scope, x *graph.Node, start []*graph.Node, opts ...RecurrentOption) (*graph.Node, []*graph.Node) {
		hs, h := RNN(s, x, start[0], opts...)
		return hs, []*graph.Node{h}
	}},
}

// weightNames are PyTorch's, in the order of its parameters.
var weightNames = []string{"weight_ih", "weight_hh", "bias_ih", "bias_hh"}

// torchWeights sets the weights of a layer of gates·hidden as testdata/torch_recurrent.py does, transposed.
func torchWeights(store *model.Store, in, hidden, gates int) {
	for k, dims := range [][]int{{gates * hidden, in}, {gates * hidden, hidden}, {gates * hidden}, {gates * hidden}} {
		data := tensors.MustCopyFlatData[float64](wave(.7+float64(k), dims...))
		for i := range data {
			data[i] *= .8
		}
		store.VariableWithValue("/"+weightNames[k], tensors.FromFlatDataAndDimensions(turned(data, dims), reversed(dims)...))
	}
}

// turned transposes a matrix; a vector stays.
func turned(x []float64, dims []int) []float64 {
	if len(dims) < 2 {
		return x
	}
	out := make([]float64, 0, len(x))
	for k := range dims[1] {
		for i := range dims[0] {
			out = append(out, x[i*dims[1]+k])
		}
	}
	return out
}

func reversed(dims []int) []int {
	if len(dims) < 2 {
		return dims
	}
	return []int{dims[1], dims[0]}
}

func close64(t *testing.T, name string, got *tensors.Tensor, want []float64) {
	t.Helper()
	g := tensors.MustCopyFlatData[float64](got)
	if len(g) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", name, len(g), len(want))
	}
	for i, w := range want {
		if !(math.Abs(g[i]-w) <= 1e-9*(1+math.Abs(w))) {
			t.Fatalf("%s: number %d is %.12g, want %.12g", name, i, g[i], w)
		}
	}
}

// PyTorch's layers of the same weights yield the same hs, last states and gradients.
func TestRecurrentIsTorchs(t *testing.T) {
	const time, batch, in, hidden = 5, 3, 4, 6
	text, err := os.ReadFile("../../testdata/torch_recurrent.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for name, layer := range recurrentLayers {
		var want map[string]json.RawMessage
		if err := json.Unmarshal(file[name], &want); err != nil {
			t.Fatal(err)
		}
		numbers := func(key string) (x []float64) {
			if err := json.Unmarshal(want[key], &x); err != nil {
				t.Fatal(err)
			}
			return x
		}
		var last, start [][]float64
		for key, to := range map[string]*[][]float64{"last": &last, "start": &start} {
			if err := json.Unmarshal(want[key], to); err != nil {
				t.Fatal(err)
			}
		}
		store := model.NewStore()
		torchWeights(store, in, hidden, len(numbers("bias_ih"))/hidden)
		outs := model.MustNewExec(backend(t), store, func(s *model.Scope, g *graph.Graph) []*graph.Node {
			of := []*graph.Node{waveNode(g, 1.1, time, batch, in)}
			for k := range layer.states {
				of = append(of, waveNode(g, .3+float64(k), batch, hidden))
			}
			hs, last := layer.run(s, of[0], of[1:])
			for _, w := range weightNames {
				of = append(of, store.GetVariable("/"+w).NodeValue(g))
			}
			loss := graph.ReduceAllSum(graph.Mul(hs, waveNode(g, 1.7, time, batch, hidden)))
			return append(append([]*graph.Node{hs}, last...), graph.Gradient(loss, of...)...)
		}).MustCall()
		close64(t, name+" out", outs[0], numbers("out"))
		for k, w := range last {
			close64(t, name+" last", outs[1+k], w)
		}
		outs = outs[1+layer.states:]
		close64(t, name+" gradient of x", outs[0], numbers("x"))
		for k, w := range start {
			close64(t, name+" gradient of start", outs[1+k], w)
		}
		for k, w := range weightNames {
			v := numbers(w)
			if k < 2 {
				v = turned(v, []int{len(v) / []int{in, hidden}[k], []int{in, hidden}[k]})
			}
			close64(t, name+" gradient of "+w, outs[1+layer.states+k], v)
		}
	}
}

// compareRuns runs two ways of a layer over x [time, 3, 4] on the same weights and wants the same hs, and the same gradients of
// them with respect to x, states and weights.
func compareRuns(t *testing.T, name string, time int, one, other runLayer) {
	t.Helper()
	const batch, in, hidden = 3, 4, 6
	layer, _, _ := strings.Cut(name, " ")
	store := model.NewStore()
	torchWeights(store, in, hidden, map[string]int{"LSTM": 4, "GRU": 3, "RNN": 1}[layer])
	exec := model.MustNewExec(backend(t), store, func(s *model.Scope, g *graph.Graph) (out []*graph.Node) {
		of := []*graph.Node{waveNode(g, 1.1, time, batch, in)}
		for k := range recurrentLayers[layer].states {
			of = append(of, waveNode(g, .3+float64(k), batch, hidden))
		}
		vars := append([]*graph.Node{}, of...)
		for i, run := range []runLayer{one, other} {
			hs, last := run(s.ResetVisited(), of[0], of[1:])
			if i == 0 {
				for _, w := range weightNames {
					vars = append(vars, store.GetVariable("/"+w).NodeValue(g))
				}
			}
			loss := graph.ReduceAllSum(graph.Mul(hs, waveNode(g, 1.7, time, batch, hidden)))
			out = append(append(append(out, hs), last...), graph.Gradient(loss, vars...)...)
		}
		return out
	})
	outs := exec.MustCall()
	half := len(outs) / 2
	for i, o := range outs[:half] {
		close64(t, name, o, tensors.MustCopyFlatData[float64](outs[half+i]))
	}
}

// inPieces runs a layer over n times at once, each piece from the states that the one before left, through which no gradient goes.
func inPieces(run runLayer, n int) runLayer {
	return func(s *model.Scope, x *graph.Node, start []*graph.Node, _ ...RecurrentOption) (*graph.Node, []*graph.Node) {
		var all []*graph.Node
		for from, time := 0, x.Shape().Dim(0); from < time; from += n {
			var hs *graph.Node
			hs, start = run(s.ResetVisited(), graph.Slice(x, graph.AxisRange(from, min(from+n, time))), start)
			all = append(all, hs)
		}
		return graph.Concatenate(all, 0), start
	}
}

// with runs a layer with options.
func with(run runLayer, opts ...RecurrentOption) runLayer {
	return func(s *model.Scope, x *graph.Node, start []*graph.Node, _ ...RecurrentOption) (*graph.Node, []*graph.Node) {
		return run(s, x, start, opts...)
	}
}

// With BPTT the gradient is that of the pieces, one after the other; also of pieces of one time, and of one that is longer than
// the sequence.
func TestBPTT(t *testing.T) {
	for name, l := range recurrentLayers {
		for _, n := range []int{1, 3, 9} {
			compareRuns(t, name+" BPTT", 8, with(l.run, BPTT(n)), inPieces(l.run, n))
		}
		compareRuns(t, name+" BPTT 0", 8, with(l.run, BPTT(0)), l.run)
		compareRuns(t, name+" of one time", 1, with(l.run, BPTT(1)), l.run)
	}
}

// Steps computes a shorter sequence, leaves the states of later times 0 and ends with that of its end; more steps than there are
// times are all.
func TestSteps(t *testing.T) {
	const time = 6
	for name, l := range recurrentLayers {
		for _, n := range []int{0, 4, 9} {
			steps := func(s *model.Scope, x *graph.Node, start []*graph.Node, _ ...RecurrentOption) (*graph.Node, []*graph.Node) {
				return l.run(s, x, start, Steps(graph.Const(x.Graph(), int32(n))))
			}
			shorter := func(s *model.Scope, x *graph.Node, start []*graph.Node, _ ...RecurrentOption) (*graph.Node, []*graph.Node) {
				g, n := x.Graph(), min(n, time)
				rest := graph.Zeros(g, shapes.Make(x.DType(), time-n, 3, 6))
				if n == 0 {
					return rest, start
				}
				hs, last := l.run(s, graph.Slice(x, graph.AxisRange(0, n)), start)
				if n == time {
					return hs, last
				}
				return graph.Concatenate([]*graph.Node{hs, rest}, 0), last
			}
			compareRuns(t, name+" Steps", time, steps, shorter)
		}
	}
}

// The last h is that of the last time, and no gradient goes through the states after.
func TestLastStates(t *testing.T) {
	for name, l := range recurrentLayers {
		store := model.NewStore()
		torchWeights(store, 4, 6, map[string]int{"LSTM": 4, "GRU": 3, "RNN": 1}[name])
		outs := model.MustNewExec(backend(t), store, func(s *model.Scope, g *graph.Graph) []*graph.Node {
			x, start := waveNode(g, 1.1, 5, 3, 4), []*graph.Node{waveNode(g, .3, 3, 6), waveNode(g, 1.3, 3, 6)}
			hs, last := l.run(s, x, start[:l.states])
			sum := graph.ReduceAllSum(hs)
			for _, h := range last {
				sum = graph.Add(sum, graph.ReduceAllSum(h))
			}
			return []*graph.Node{graph.Reshape(graph.Slice(hs, graph.AxisElem(-1)), 3, 6), last[0],
				graph.Gradient(sum, x)[0], graph.Gradient(graph.ReduceAllSum(hs), x)[0]}
		}).MustCall()
		nearly(t, name+" last", outs[1], outs[0])
		nearly(t, name+" gradient", outs[2], outs[3])
	}
}

// Options and shapes that make no sense panic with a text that names them, as graph functions do.
func TestWrongRecurrent(t *testing.T) {
	for want, opts := range map[string]func(g *graph.Graph) ([]int, []RecurrentOption){
		"BPTT(-1) (want 0":      func(*graph.Graph) ([]int, []RecurrentOption) { return []int{2, 3, 4}, []RecurrentOption{BPTT(-1)} },
		"probability 1 (want 0": func(*graph.Graph) ([]int, []RecurrentOption) { return []int{2, 3, 4}, []RecurrentOption{WeightDrop(1)} },
		"Steps of shape (Int32)[2] (want a scalar of int32": func(g *graph.Graph) ([]int, []RecurrentOption) {
			return []int{2, 3, 4}, []RecurrentOption{Steps(graph.Const(g, []int32{1, 2}))}
		},
		"x of shape (Float32)[3, 4]":                  func(*graph.Graph) ([]int, []RecurrentOption) { return []int{3, 4}, nil },
		"states of shape (Float32)[3, 6] (want [time": func(*graph.Graph) ([]int, []RecurrentOption) { return []int{2, 5, 4}, nil },
	} {
		_, err := model.CallOnce(backend(t), model.NewStore(), func(s *model.Scope, g *graph.Graph) *graph.Node {
			s.Store().SetTraining(g, true)
			dims, o := opts(g)
			h := graph.Zeros(g, shapes.Make(dtypes.Float32, 3, 6))
			hs, _, _ := LSTM(s, graph.Zeros(g, shapes.Make(dtypes.Float32, dims...)), h, h, o...)
			return hs
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
