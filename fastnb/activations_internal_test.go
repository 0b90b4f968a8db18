package fastnb

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb/internal/python"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// manyActivations are those of 20,000 items, 82 MB.
func manyActivations() *activations {
	a := &activations{rows: make([]float32, 20_000*1024), shape: []int{1024}}
	for i := range a.rows {
		a.rows[i] = float32(i % 1001)
	}
	return a
}

func BenchmarkActivations(b *testing.B) {
	a, path := manyActivations(), filepath.Join(b.TempDir(), "a"+safetensors.Ext)
	if err := a.write(path, "key"); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(4 * len(a.rows)))
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := readActivations(path, "key"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if err := a.write(path, "key"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What is read is what was written, and in memory of its own: what happens to the file later changes nothing.
func TestActivationsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tmp", "a"+safetensors.Ext)
	want := &activations{rows: []float32{1, -2, .5, 3, 4, 5}, shape: []int{3}}
	if err := want.write(path, "key"); err != nil {
		t.Fatal(err)
	}
	python.CheckSafetensors(t, path)
	got, err := readActivations(path, "key")
	if err == nil {
		err = os.Truncate(path, 0)
	}
	if err != nil || !slices.Equal(got.rows, want.rows) || !slices.Equal(got.shape, want.shape) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := readActivations(path, "key"); err == nil {
		t.Errorf("of a file that is cut: %v", got)
	}
	if err := want.write(path, "other"); err != nil {
		t.Fatal(err)
	}
	if got, err := readActivations(path, "key"); err == nil {
		t.Errorf("of another key: %v", got)
	}
}
