package plugin

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/engine/internal/device"
)

// request is what the user asked for.
type request struct {
	device  device.Kind
	plugin  string // path of the one plugin to use; "" to search
	from    string // the variable that said so
	options string // go-xla's options, with the leading comma
}

// devices lists what to try, best first.
func (r request) devices() []device.Kind {
	switch {
	case r.device != device.Auto:
		return []device.Kind{r.device}
	case HasGPU():
		return []device.Kind{device.CUDA, device.CPU, device.Go}
	}
	return []device.Kind{device.CPU, device.Go}
}

// setting reads the environment.
func setting() (request, error) {
	name, path := os.Getenv("FASTNB_DEVICE"), os.Getenv("FASTNB_PLUGIN")
	if name == "" && path == "" {
		return gomlxSetting(os.Getenv("GOMLX_BACKEND"))
	}
	want, err := pluginSetting(path, "FASTNB_PLUGIN")
	if err != nil {
		return request{}, err
	}
	return want.on(device.Kind(name))
}

// on narrows the request to a device.
func (r request) on(d device.Kind) (request, error) {
	switch d {
	case device.Auto:
		return r, nil
	case device.CPU, device.CUDA, device.Go:
	default:
		return request{}, fmt.Errorf("engine: FASTNB_DEVICE is %q (want cpu, cuda or go)", string(d))
	}
	if r.device != device.Auto && r.device != d {
		return request{}, fmt.Errorf("engine: FASTNB_DEVICE is %s but %s names the %s plugin %s: unset one of them",
			d, r.from, r.device, r.plugin)
	}
	r.device = d
	return r, nil
}

func pluginSetting(plugin, from string) (request, error) {
	switch plugin {
	case "":
		return request{}, nil
	case "go":
		return request{device: device.Go, from: from}, nil
	}
	path, err := filepath.Abs(plugin)
	if err != nil {
		return request{}, fmt.Errorf("engine: %s: %w", from, err)
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return request{}, fmt.Errorf("engine: %s is %s, which is no plugin file: name an existing .so, or unset it",
			from, plugin)
	}
	return request{device: device.Of(path), plugin: path, from: from}, nil
}

// gomlxSetting reads GoMLX's "backend:plugin,option,...".
func gomlxSetting(config string) (request, error) {
	backend, rest, _ := strings.Cut(config, ":")
	name, options, some := strings.Cut(rest, ",")
	if some {
		options = "," + options
	}
	switch {
	case config == "":
		return request{}, nil
	case backend == "go":
		return request{device: device.Go, from: "GOMLX_BACKEND"}, nil
	case backend != "xla":
		return request{}, fmt.Errorf(
			"engine: GOMLX_BACKEND is %q (want xla, xla:cpu, xla:cuda, xla:/path/of/plugin.so or go)", config)
	case filepath.IsAbs(name):
		want, err := pluginSetting(name, "GOMLX_BACKEND")
		want.options = options
		return want, err
	case name == "", name == "cpu", name == "cuda":
		return request{device: device.Kind(name), from: "GOMLX_BACKEND", options: options}, nil
	}
	return request{}, fmt.Errorf("engine: GOMLX_BACKEND names the plugin %q (want cpu, cuda or a path)", name)
}
