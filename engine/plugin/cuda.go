package plugin

import (
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gomlx/go-xla/installer"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/internal/fetch"
)

// HasGPU reports whether this machine has an NVIDIA GPU.
func HasGPU() bool { return installer.HasNvidiaGPU() }

// findInPython looks for the plugin that JAX brings, beside the CUDA libraries that it was built for.
func findInPython() (library, error) {
	if !HasGPU() {
		return library{}, device.ErrNoGPU
	}
	for _, dir := range sitePackages() {
		matches, _ := filepath.Glob(filepath.Join(dir, "jax_plugins", "xla_cuda*", "xla_cuda_plugin.so"))
		if len(matches) > 0 {
			return library{matches[len(matches)-1], "JAX in " + dir}, nil
		}
	}
	return library{}, errNotInstalled
}

// sitePackages lists the folders from which the user's Python imports.
func sitePackages() []string {
	out, err := exec.Command(fetch.Python(), "-c", `import sys; print("\n".join(p for p in sys.path if p))`).Output()
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
