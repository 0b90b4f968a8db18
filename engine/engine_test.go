//go:build !resident

package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
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

// Where no plugin is and none can be had, one line says what is used instead.
func TestOpenWithoutPlugin(t *testing.T) {
	empty(t)
	t.Setenv("PATH", "")
	var be compute.Backend
	said := stderr(t, func() {
		var err error
		if be, err = open(request{device: Auto}); err != nil {
			t.Error(err)
		}
	})
	if be == nil || !strings.HasPrefix(Describe(be), "go,") {
		t.Fatalf("opened %s", Describe(be))
	}
	if !strings.Contains(said, "pure-Go engine") || !strings.Contains(said, "max-pooling") || strings.Count(said, "\n") != 1 {
		t.Errorf("stderr is %q", said)
	}
	if _, err := OpenDevice(CPU); err == nil || !strings.Contains(err.Error(), "xla-cpu-pjrt") {
		t.Errorf("asked for the CPU alone, the error is %v", err)
	}
}

// empty makes a machine without plugins and settings.
func empty(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, name := range []string{"FASTNB_DEVICE", "FASTNB_PLUGIN", "GOMLX_BACKEND", pathVar, "FASTNB_MIRROR", "FASTNB_PYTHON"} {
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
