//go:build !resident

package engine

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// A program sees the weights that it is given, also where others were at the same place before: memory that was let go
// is used again soon.
func TestWeightsAreNotRemembered(t *testing.T) {
	needsPlugin(t)
	be, err := OpenDevice(CPU)
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

func TestExportCPU(t *testing.T) {
	var files [2]string
	for i, text := range []string{xnnpack, ""} {
		files[i] = filepath.Join(t.TempDir(), "pjrt_c_api_cpu_plugin.so")
		if err := os.WriteFile(files[i], []byte(strings.Repeat("x", 3000)+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, flags, want string }{
		{files[0], "", "--xla_cpu_use_xnnpack=false"},
		{files[0], "--a=b", "--a=b --xla_cpu_use_xnnpack=false"},
		{files[0], "--xla_cpu_use_xnnpack=true", "--xla_cpu_use_xnnpack=true"},
		{files[1], "--a=b", "--a=b"},
		{files[0], "/etc/xla.flags", "/etc/xla.flags"},
		{files[0] + ".not", "", ""},
	} {
		t.Setenv("XLA_FLAGS", c.flags)
		exportCPU(c.path)
		if got := os.Getenv("XLA_FLAGS"); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.flags, got, c.want)
		}
	}
}

// What fastnb adds is no choice of the user's: the socket is the same before and after, and another plugin is not told of it.
func TestUserFlags(t *testing.T) {
	t.Setenv("XLA_FLAGS", "--a=b")
	before, err := DefaultSocket()
	if err != nil {
		t.Fatal(err)
	}
	os.Setenv("XLA_FLAGS", os.Getenv("XLA_FLAGS")+" --"+xnnpack+"=false --"+deterministic+"=true")
	library := filepath.Join(t.TempDir(), "xla_cuda_plugin.so")
	if err := os.WriteFile(library, []byte(cudaFolder), 0o600); err != nil {
		t.Fatal(err)
	}
	addFlag(library, cudaFolder, "/cuda")
	if !strings.HasSuffix(os.Getenv("XLA_FLAGS"), " --"+cudaFolder+"=/cuda") {
		t.Errorf("the flags are %q", os.Getenv("XLA_FLAGS"))
	}
	if after, err := DefaultSocket(); err != nil || after != before {
		t.Errorf("the socket is %s, then %s, %v", before, after, err)
	}
	dropFlags()
	if got := os.Getenv("XLA_FLAGS"); got != "--a=b" {
		t.Errorf("the user's flags are %q", got)
	}
	mine := "--" + cudaFolder + "=/mine"
	t.Setenv("XLA_FLAGS", mine)
	dropFlags()
	addFlag(library, cudaFolder, "/cuda")
	if got := os.Getenv("XLA_FLAGS"); got != mine {
		t.Errorf("the user's folder %q becomes %q", mine, got)
	}
}

func TestContains(t *testing.T) {
	for at := range 40 {
		text := strings.Repeat("x", at) + "word" + strings.Repeat("y", 40-at)
		if !contains(bufio.NewReaderSize(strings.NewReader(text), 16), []byte("word")) {
			t.Errorf("not found at %d", at)
		}
		if contains(bufio.NewReaderSize(strings.NewReader(text), 16), []byte("lord")) {
			t.Error("found what is not there")
		}
	}
}
