package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/fastnb/fastnb/engine/internal/device"
)

// needsPlugin skips a test with -short: where there is no plugin it is fetched.
func needsPlugin(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: needs a plugin")
	}
}

// Where no plugin is and none can be had, one line says what is used instead.
func TestOpenWithoutPlugin(t *testing.T) {
	empty(t)
	t.Setenv("PATH", "")
	var be compute.Backend
	said := stderr(t, func() {
		var err error
		if be, err = open(request{device: device.Auto}); err != nil {
			t.Error(err)
		}
	})
	if be == nil || be.Name() == "xla" {
		t.Fatalf("opened %v", be)
	}
	whole := strings.Contains(said, "pure-Go engine") && strings.Contains(said, "max-pooling")
	if !whole || strings.Count(said, "\n") != 1 {
		t.Errorf("stderr is %q", said)
	}
	if _, err := OpenDevice(device.CPU); err == nil || !strings.Contains(err.Error(), "xla-cpu-pjrt") {
		t.Errorf("asked for the CPU alone, the error is %v", err)
	}
}

// empty makes a machine without plugins and settings.
func empty(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, name := range []string{
		"FASTNB_DEVICE", "FASTNB_PLUGIN", "GOMLX_BACKEND", pathVar, "FASTNB_MIRROR", "FASTNB_PYTHON",
	} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", home)
	t.Setenv("FASTNB_CACHE", filepath.Join(home, "cache"))
	return home
}

func stderr(t *testing.T, do func()) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	old := os.Stderr
	os.Stderr = f
	do()
	os.Stderr = old
	said, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

// A program sees the weights that it is given, also where others were at the same place before: memory that was let go
// is used again soon.
func TestWeightsAreNotRemembered(t *testing.T) {
	needsPlugin(t)
	be, err := OpenDevice(device.CPU)
	if err != nil {
		t.Fatal(err)
	}
	const rows, in = 64, 2560
	for _, out := range []int{3, 64, 512, 1024} {
		weights := graph.MustNewExec(be, func(w *graph.Node) *graph.Node { return graph.BroadcastToDims(w, in, out) })
		product := graph.MustNewExec(be, func(x, w *graph.Node) *graph.Node { return graph.Dot(x, w).Product() })
		x := tensors.FromScalarAndDimensions(float32(1), rows, in)
		for n := range 100 {
			w := weights.MustCall(float32(n))[0]
			y := product.MustCall(x, w)[0]
			if got := tensors.MustCopyFlatData[float32](y)[0]; got != float32(n*in) {
				t.Errorf("call %d: a product with %d is %g, want %d", n, n, got, n*in)
				break
			}
			w.MustFinalizeAll()
			y.MustFinalizeAll()
		}
	}
}
