package arch

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// run builds a graph in training or not, calls it n times and returns the numbers of its output.
func run(t *testing.T, store *model.Store, training bool, n int, f func(s *model.Scope, g *graph.Graph) *graph.Node) (all [][]float32) {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(be, store, func(s *model.Scope, g *graph.Graph) *graph.Node {
		store.SetTraining(g, training)
		return f(s, g)
	})
	for range n {
		outs, err := exec.Call()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, tensors.MustCopyFlatData[float32](outs[0]))
	}
	return all
}

// share tells how far the number of zeros is from p, in standard deviations, of n independent draws.
func share(zeros, n int, p float64) float64 {
	return math.Abs(float64(zeros)-p*float64(n)) / math.Sqrt(p*(1-p)*float64(n))
}

// Of embeddings that are all 1, the embedding dropout zeroes words whole, at all places where they stand; the input dropout zeroes
// features of a text at all its times. What stays is divided by what stays of each.
func TestEmbeddingMasks(t *testing.T) {
	const vocab, width, time, batch = 500, 40, 6, 500
	ones := slices.Repeat([]float32{1}, vocab*width)
	for name, drops := range map[string]Drops{"words": {Embedding: .1}, "features": {Input: .3}, "both": {Embedding: .1, Input: .3}} {
		a := AWDLSTM{Vocab: vocab, Embedding: width, Hidden: 8, Layers: 1, Drops: drops}
		store := model.NewStore()
		store.VariableWithValue("/embedding/weight", tensors.FromFlatDataAndDimensions(ones, vocab, width))
		out := run(t, store, true, 1, func(s *model.Scope, g *graph.Graph) *graph.Node {
			return a.embed(s, graph.Iota(g, shapes.Make(dtypes.Int32, time, batch), 1)) // each row of the batch has one word, its own
		})[0]
		kept, words, features := float32(1/(1-drops.Embedding)/(1-drops.Input)), 0, 0
		for row := range batch {
			first := out[row*width : (row+1)*width]
			gone := 0
			for k, x := range first {
				if x == 0 {
					gone++
				} else if math.Abs(float64(x/kept-1)) > 1e-5 {
					t.Fatalf("%s: kept as %g, want %g", name, x, kept)
				}
				for at := range time {
					if out[(at*batch+row)*width+k] != x {
						t.Fatalf("%s: row %d, feature %d: %g at time 0, another at %d", name, row, k, x, at)
					}
				}
			}
			if gone == width {
				words++
			} else {
				features += gone
			}
		}
		if drops.Embedding > 0 && share(words, batch, drops.Embedding) > 4.5 || drops.Embedding == 0 && words > 0 {
			t.Errorf("%s: %d of %d words are dropped", name, words, batch)
		}
		if n := (batch - words) * width; drops.Input > 0 && share(features, n, drops.Input) > 4.5 || drops.Input == 0 && features > 0 {
			t.Errorf("%s: %d of %d features are dropped", name, features, n)
		}
	}
}

// A word is dropped in all rows of a batch or in none, and other words in the next call.
func TestWordsAreDroppedEverywhere(t *testing.T) {
	const vocab = 300
	a := AWDLSTM{Vocab: vocab, Embedding: 1, Hidden: 8, Layers: 1, Drops: Drops{Embedding: .2}}
	store := model.NewStore()
	store.VariableWithValue("/embedding/weight", tensors.FromFlatDataAndDimensions(slices.Repeat([]float32{1}, vocab), vocab, 1))
	calls := run(t, store, true, 2, func(s *model.Scope, g *graph.Graph) *graph.Node {
		return a.embed(s, graph.Iota(g, shapes.Make(dtypes.Int32, vocab, 3), 0)) // all words in each of three rows
	})
	for i, x := range calls[0] {
		if x != calls[0][i/3*3] {
			t.Fatalf("word %d: %g in row %d, %g in row 0", i/3, x, i%3, calls[0][i/3*3])
		}
	}
	if slices.Equal(calls[0], calls[1]) {
		t.Error("two calls drop the same words")
	}
}

// Each dropout does something in training, another thing in the next call, and nothing elsewhere. Input and hidden dropouts treat two
// rows of the same words differently; embedding and weight dropouts don't.
func TestEncodeDrops(t *testing.T) {
	for name, tt := range map[string]struct {
		drops   Drops
		perRow  bool
		dropped bool
	}{
		"none": {Drops{}, false, false}, "output": {Drops{Output: .5}, false, false}, // that is the decoder's
		"embedding": {Drops{Embedding: .3}, false, true}, "weight": {Drops{Weight: .3}, false, true},
		"input": {Drops{Input: .3}, true, true}, "hidden": {Drops{Hidden: .3}, true, true},
	} {
		a := AWDLSTM{Vocab: 30, Embedding: 12, Hidden: 16, Layers: 2, Drops: tt.drops}
		store := model.NewStore()
		encode := func(s *model.Scope, g *graph.Graph) *graph.Node {
			hs, _ := a.Encode(s, graph.Iota(g, shapes.Make(dtypes.Int32, 2, 20), 1), a.Start(g, 2))
			return graph.Transpose(hs, 0, 1)
		}
		train, still := run(t, store, true, 2, encode), run(t, store, false, 2, encode)
		half := len(still[0]) / 2
		got := fmt.Sprint(slices.Equal(train[0][:half], train[0][half:]), slices.Equal(train[0], train[1]), slices.Equal(train[0], still[0]), slices.Equal(still[0], still[1]))
		if want := fmt.Sprint(!tt.perRow, !tt.dropped, !tt.dropped, true); got != want {
			t.Errorf("%s: rows, calls and evaluation alike, evaluations alike: %s, want %s", name, got, want)
		}
	}
}

func TestWrongDrops(t *testing.T) {
	if d := LanguageModelDrops.Times(2); math.Abs(d.Input-.5) > 1e-12 || (Drops{Weight: .6}).Times(5).Weight != .99 {
		t.Errorf("doubled: %v", d)
	}
	for _, p := range []float64{-.1, 1, math.NaN()} {
		a := NewAWDLSTM(10)
		if a.Drops.Weight = p; a.Check() == nil {
			t.Errorf("a dropout of %g is taken", p)
		}
	}
}
