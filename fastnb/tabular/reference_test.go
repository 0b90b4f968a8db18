package tabular_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb/tabular"
)

// reference reads numbers of another library from the repository's testdata.
func reference(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
	check(t, err)
	check(t, json.Unmarshal(text, into))
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type cvIdxs struct {
	CVIdxs []struct {
		N      int   `json:"n"`
		Fold   int   `json:"cv_idx"`
		Length int   `json:"length"`
		First  []int `json:"first"`
	} `json:"cv_idxs"`
	Sizes []struct {
		C  int `json:"c"`
		V0 int `json:"fastai_0.7"`
		V2 int `json:"fastai_v2"`
	} `json:"embedding_sizes"`
}

func TestCVRowsAreFastAIs(t *testing.T) {
	var want cvIdxs
	reference(t, "cv_idxs.json", &want)
	for _, w := range want.CVIdxs {
		rows, err := tabular.CVRows(w.N, w.Fold, .2, 42)
		check(t, err)
		if len(rows) != w.Length || !slices.Equal(rows[:len(w.First)], w.First) {
			t.Errorf("CVRows(%d, %d): %d rows, the first %v; want %d, %v", w.N, w.Fold, len(rows), rows[:len(w.First)], w.Length, w.First)
		}
	}
	if len(want.CVIdxs) == 0 {
		t.Error("no numbers to compare with")
	}
}

func TestCVRowsWrong(t *testing.T) {
	for _, w := range []struct {
		n, fold int
		share   float64
	}{{10, 0, 0}, {10, 0, 1}, {10, 5, .2}, {10, -1, .2}, {3, 0, .2}, {0, 0, .2}} {
		if rows, err := tabular.CVRows(w.n, w.fold, w.share, 42); err == nil {
			t.Errorf("CVRows(%d, %d, %g) = %v, want an error", w.n, w.fold, w.share, rows)
		}
	}
}

func TestEmbeddingSizes(t *testing.T) {
	var want cvIdxs
	reference(t, "cv_idxs.json", &want)
	for _, w := range want.Sizes {
		if a, b := tabular.EmbSize(w.C), tabular.EmbSizeV2(w.C); a != w.V0 || b != w.V2 {
			t.Errorf("%d codes: embeddings of %d, %d in v2; want %d, %d", w.C, a, b, w.V0, w.V2)
		}
	}
	if len(want.Sizes) == 0 {
		t.Error("no numbers to compare with")
	}
}
