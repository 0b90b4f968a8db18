package engine

import (
	"os"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine/internal/xlaflags"
)

func TestDevicesCompute(t *testing.T) {
	devices := []Device{Go, CPU}
	if testing.Short() { // the CPU's plugin may have to be fetched
		devices = devices[:1]
	}
	for _, d := range devices {
		be, err := OpenDevice(d)
		if err != nil {
			t.Fatalf("%s: %v", d, err)
		}
		if got := double(t, be, 21); got != 42 {
			t.Errorf("%s: 21+21 is %v", d, got)
		}
		if line := Describe(be); !strings.Contains(line, string(d)) || strings.ContainsAny(line, "/\n") {
			t.Errorf("%s is described as %q", d, line)
		}
		if names := Devices(be); len(names) != int(be.NumDevices()) || names[0] == "" {
			t.Errorf("%s: devices are %q", d, names)
		}
	}
}

// needsPlugin skips a test with -short: where there is no plugin it is fetched.
func needsPlugin(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: needs a plugin")
	}
}

func double(t *testing.T, be compute.Backend, x float32) float32 {
	t.Helper()
	y, err := graph.CallOnce(be, func(x *graph.Node) *graph.Node { return graph.Add(x, x) }, x)
	if err != nil {
		t.Fatal(err)
	}
	return y.Value().(float32)
}

func TestOpenIsOne(t *testing.T) {
	needsPlugin(t)
	a, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := Open(); a != b {
		t.Error("Open opened a second engine")
	}
}

// What fastnb adds to XLA_FLAGS is no choice of the user's: the socket is the same before and after.
func TestSocketStays(t *testing.T) {
	t.Setenv("XLA_FLAGS", "--a=b")
	before, err := DefaultSocket()
	if err != nil {
		t.Fatal(err)
	}
	ours := " --" + xlaflags.XNNPACK + "=false --" + xlaflags.Deterministic + "=true"
	os.Setenv("XLA_FLAGS", os.Getenv("XLA_FLAGS")+ours)
	xlaflags.Add(xlaflags.CUDAFolder, "/cuda", func(string) bool { return true })
	if !strings.HasSuffix(os.Getenv("XLA_FLAGS"), ours+" --"+xlaflags.CUDAFolder+"=/cuda") {
		t.Errorf("the flags are %q", os.Getenv("XLA_FLAGS"))
	}
	if after, err := DefaultSocket(); err != nil || after != before {
		t.Errorf("the socket is %s, then %s, %v", before, after, err)
	}
	t.Setenv("XLA_FLAGS", "--a=c")
	if other, err := DefaultSocket(); err != nil || other == before {
		t.Errorf("with other flags of the user's the socket is %s as before, %v", other, err)
	}
}
