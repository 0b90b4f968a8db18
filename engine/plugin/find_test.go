package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine/internal/device"
)

// The order of the places: the user's variable, our cache, go-xla's folder.
func TestFindTakesTheNearest(t *testing.T) {
	home := empty(t)
	if _, err := find(request{}, device.CPU); !errors.Is(err, errNotInstalled) {
		t.Fatalf("on an empty machine the error is %v", err)
	}
	mine := filepath.Join(home, "mine")
	places := []struct{ file, source string }{
		{filepath.Join(home, ".local/lib/go-xla/pjrt_c_api_cpu_v0.114.0_plugin.so"), "go-xla's folder"},
		{filepath.Join(home, "cache/plugins/xla-cpu-pjrt-0.0.1/pjrt_c_api_cpu_plugin.so"), "fastnb's cache"},
		{filepath.Join(mine, "pjrt_c_api_cpu_plugin.so"), pathVar},
	}
	t.Setenv(pathVar, strings.Join([]string{"", filepath.Join(home, "absent"), mine}, string(os.PathListSeparator)))
	for _, p := range places {
		if err := os.MkdirAll(filepath.Dir(p.file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := find(request{}, device.CPU)
		if err != nil || got != (library{p.file, p.source}) {
			t.Errorf("found %+v, %v (want %+v)", got, err, p)
		}
	}
	named := filepath.Join(home, "other.so")
	got, err := find(request{device: device.CPU, plugin: named, from: "FASTNB_PLUGIN"}, device.CPU)
	if err != nil || got != (library{named, "FASTNB_PLUGIN"}) {
		t.Errorf("found %+v, %v (want the named one)", got, err)
	}
}

// A plugin that is there is not installed again, on a machine without the device too.
func TestInstallDevice(t *testing.T) {
	home := empty(t)
	for _, proxy := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		t.Setenv(proxy, "http://127.0.0.1:1")
	}
	path := filepath.Join(home, "cache/plugins/go-xla/nvidia/pjrt_c_api_cuda_plugin.so")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := InstallDevice(device.CUDA); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(path); string(got) != "kept" {
		t.Errorf("the plugin is %q, %v", got, err)
	}
	if p, err := find(request{}, device.CUDA); err != nil || p.path != path {
		t.Errorf("found %+v, %v (want %s)", p, err, path)
	}
}

func TestInstallDeviceRefuses(t *testing.T) {
	for _, d := range []device.Kind{device.Go, device.Auto, "tpu"} {
		if err := InstallDevice(d); err == nil || !strings.Contains(err.Error(), "want cpu or cuda") {
			t.Errorf("%q: error is %v", d, err)
		}
	}
}

func TestReport(t *testing.T) {
	needsPlugin(t)
	r, err := Find()
	if err != nil || r.Device == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err = Install(); err != nil || r.Device != device.Go && r.Plugin == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := r.Verify(); err != nil {
		t.Error(err)
	}
}

func TestVerifyRefusesAnotherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pjrt_c_api_cpu_plugin.so")
	if err := os.WriteFile(path, []byte("not a plugin"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := Report{Device: device.CPU, Plugin: path, Version: "xla-cpu-pjrt 0.0.1"}.Verify()
	if err == nil || !strings.Contains(err.Error(), "has checksum") {
		t.Errorf("error is %v", err)
	}
}
