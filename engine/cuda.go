//go:build !resident

package engine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gomlx/go-xla/installer"

	"github.com/fastnb/fastnb/internal/fetch"
)

// HasGPU reports whether this machine has an NVIDIA GPU.
func HasGPU() bool { return installer.HasNvidiaGPU() }

// findInPython looks for the plugin that JAX brings, beside the CUDA libraries that it was built for.
func findInPython() (plugin, error) {
	if !HasGPU() {
		return plugin{}, ErrNoGPU
	}
	for _, dir := range sitePackages() {
		matches, _ := filepath.Glob(filepath.Join(dir, "jax_plugins", "xla_cuda*", "xla_cuda_plugin.so"))
		if len(matches) > 0 {
			return plugin{matches[len(matches)-1], "JAX in " + dir}, nil
		}
	}
	return plugin{}, errNotInstalled
}

// sitePackages lists the folders from which the user's Python imports.
func sitePackages() []string {
	out, err := exec.Command(fetch.Python(), "-c", `import sys; print("\n".join(p for p in sys.path if p))`).Output()
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// exportCUDA has XLA compute the same numbers each time, and tells it where CUDA's compiler and device library are. In
// a JAX installation they are not where go-xla expects them, two folders above the plugin.
func exportCUDA(path string) {
	addFlag(path, deterministic, "true")
	packages := filepath.Dir(filepath.Dir(filepath.Dir(path)))
	matches, _ := filepath.Glob(filepath.Join(packages, "nvidia", "cu*"))
	if len(matches) == 0 {
		return
	}
	os.Setenv("GOPJRT_CUDA_CHECKS", "no")
	addFlag(path, cudaFolder, matches[len(matches)-1])
}
