package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
	"github.com/gomlx/go-xla/installer"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/fetch"
)

// cpuWheel holds the CPU plugin for Linux on amd64 (PJRT v0.81). On convolutions it is about twice as fast as the
// newer build that go-xla installs.
var cpuWheel = fetch.Wheel{
	Package: "xla-cpu-pjrt",
	Version: "0.0.1",
	SHA256:  "55837b6b7b47daa717f2d9a5a03563ea0ceaa338d06a81a1e2d3f060d960decc",
	Member:  "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
}

// cpuPluginSHA256 is the checksum of the wheel's member.
const cpuPluginSHA256 = "88c3f28c5900f48ad4a82cab9e79bba9537809743395e341485f8794268820dc"

// cudaVersion is the release of jax-cuda13-pjrt that is installed where there is a GPU.
const cudaVersion = "0.11.2"

// findOrInstall uses the network only where no plugin is found.
func findOrInstall(want request, d device.Kind) (library, error) {
	l, err := find(want, d)
	if !errors.Is(err, errNotInstalled) {
		return l, err
	}
	if err := install(d); err != nil {
		return library{}, fmt.Errorf("install the %s plugin: %w", d, err)
	}
	return find(want, d)
}

func install(d device.Kind) error {
	if d == device.CUDA && !HasGPU() {
		return device.ErrNoGPU
	}
	return InstallDevice(d)
}

// InstallDevice installs the plugin of the CPU or of CUDA where it is not installed yet, also on a machine that has no
// such device: an image is built on one machine and runs on another. CUDA's libraries come with it, about 3 GB.
func InstallDevice(d device.Kind) error {
	if d != device.CPU && d != device.CUDA {
		return fmt.Errorf("engine: there is no plugin for the device %q (want cpu or cuda)", string(d))
	}
	dir, err := pluginDir()
	if err != nil {
		return err
	}
	if d == device.CPU && runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		return installWheel(dir)
	}
	return installGoXLA(dir, d)
}

// installWheel links the wheel's library to the name under which go-xla looks for it.
func installWheel(dir string) error {
	path, err := cpuWheel.Fetch(context.Background())
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, cpuWheel.Package+"-"+cpuWheel.Version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return atomicfile.Symlink(path, filepath.Join(dir, "pjrt_c_api_cpu_plugin.so"))
}

// installGoXLA runs go-xla's own installer, in one process at a time.
func installGoXLA(dir string, d device.Kind) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, string(d)+".lock"))
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Unlock()
	if _, err := find(request{}, d); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "fastnb: installing the %s plugin with go-xla's installer into %s\n", d, dir)
	if d == device.CUDA {
		return installer.CudaInstall("cuda13", cudaVersion, filepath.Join(dir, "go-xla"), true, installer.Quiet)
	}
	return installer.AutoInstallPlugin(string(d), dir, true, installer.Quiet)
}
