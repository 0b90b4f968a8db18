package plugin

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/internal/fetch"
)

// Report says what Open uses.
type Report struct {
	Device  device.Kind //  CPU, CUDA or Go
	GPU     bool        // an NVIDIA GPU is there
	Plugin  string      // path of the plugin; "" for Go, and where it is not installed yet
	Source  string      // who named the plugin: a variable, or the folder it was found in
	Version string      // release of the plugin, where we installed it
	Reason  error       // why a better device is not used; nil if there is none
}

// Find says what Open would use, installing and opening nothing. A Report without Plugin, on another device than Go,
// means that Open would install it.
func Find() (Report, error) { return report(find) }

// Install installs what Open needs and says what it is.
func Install() (Report, error) { return report(findOrInstall) }

func report(look func(request, device.Kind) (library, error)) (Report, error) {
	want, err := setting()
	if err != nil {
		return Report{}, err
	}
	r := Report{GPU: HasGPU()}
	for _, r.Device = range want.devices() {
		if r.Device == device.Go {
			return r, nil
		}
		p, err := look(want, r.Device)
		if err == nil || errors.Is(err, errNotInstalled) {
			r.Plugin, r.Source, r.Version = p.path, p.source, p.version()
			return r, nil
		}
		r.Reason = err
	}
	return r, fmt.Errorf("engine: %w", r.Reason)
}

// Verify compares a plugin that we installed with its checksum; it reads the whole file, about a second.
func (r Report) Verify() error {
	if r.Version == "" {
		return nil
	}
	got, err := fetch.SHA256(r.Plugin)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if got != cpuPluginSHA256 {
		return fmt.Errorf("engine: %s has checksum %s (want %s): delete it and run setup", r.Plugin, got, cpuPluginSHA256)
	}
	return nil
}
