package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine/internal/device"
)

func TestSetting(t *testing.T) {
	dir := empty(t)
	cpu, cuda := filepath.Join(dir, "pjrt_c_api_cpu_plugin.so"), filepath.Join(dir, "xla_cuda_plugin.so")
	for _, path := range []string{cpu, cuda} {
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		device, plugin, gomlx string
		want                  request
		err                   string
	}{
		{want: request{}},
		{device: "go", want: request{device: device.Go}},
		{device: "tpu", err: `FASTNB_DEVICE is "tpu" (want cpu, cuda or go)`},
		{plugin: "go", want: request{device: device.Go, from: "FASTNB_PLUGIN"}},
		{plugin: cpu, want: request{device: device.CPU, plugin: cpu, from: "FASTNB_PLUGIN"}},
		{plugin: cuda, want: request{device: device.CUDA, plugin: cuda, from: "FASTNB_PLUGIN"}},
		{plugin: cuda, device: "cpu", err: "unset one of them"},
		{plugin: filepath.Join(dir, "none.so"), err: "which is no plugin file"},
		{plugin: dir, err: "which is no plugin file"},
		{gomlx: "go", want: request{device: device.Go, from: "GOMLX_BACKEND"}},
		{gomlx: "xla", want: request{from: "GOMLX_BACKEND"}},
		{gomlx: "xla:cuda,tf32=false",
			want: request{device: device.CUDA, from: "GOMLX_BACKEND", options: ",tf32=false"}},
		{gomlx: "xla:" + cpu, want: request{device: device.CPU, plugin: cpu, from: "GOMLX_BACKEND"}},
		{gomlx: "xla:tpu", err: `GOMLX_BACKEND names the plugin "tpu"`},
		{gomlx: "jax", err: `GOMLX_BACKEND is "jax"`},
		{gomlx: "jax", device: "cpu", want: request{device: device.CPU}},
	} {
		t.Setenv("FASTNB_DEVICE", c.device)
		t.Setenv("FASTNB_PLUGIN", c.plugin)
		t.Setenv("GOMLX_BACKEND", c.gomlx)
		got, err := setting()
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%+v: error is %v", c, err)
		}
		if c.err == "" && (err != nil || got != c.want) {
			t.Errorf("%+v: got %+v, %v", c, got, err)
		}
	}
}
