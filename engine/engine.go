// Package engine opens what runs the graphs: an engine of the process's own, whose plugin is found and if need be
// installed by package plugin, or a connection to the resident engine. Everything else sees a compute.Backend.
//
// A program that is built with the tag resident, as the cells of notebooks are, has nothing of XLA in it, nor any C: it
// builds in a third of the time, and computes with the resident engine alone.
//
// What it uses can be set in the environment, in this order of precedence:
//
//	FASTNB_DEVICE            cpu, cuda or go
//	FASTNB_PLUGIN            path of a plugin's shared library, or go
//	GOMLX_BACKEND            GoMLX's own setting, such as xla:cpu or go
//	PJRT_PLUGIN_LIBRARY_PATH folders that are looked at first
//
// To XLA_FLAGS it adds, where they are not set there: xla_cpu_use_xnnpack=false, since XNNPACK may multiply with the
// weights of an earlier call, and xla_gpu_deterministic_ops=true, so that the same seed gives the same weights on a GPU
// too.
//
// FASTNB_ENGINE names the program of the resident engine, if a process is to compute with that; the settings above then
// are the engine's, from when it starts.
package engine

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/internal/trace"
)

// Device is what the graphs run on.
type Device = device.Kind

const (
	Auto Device = device.Auto // CUDA where there is an NVIDIA GPU, else the CPU
	CPU  Device = device.CPU  // XLA on the processor
	CUDA Device = device.CUDA // XLA on an NVIDIA GPU
	Go   Device = device.Go   // GoMLX's engine in pure Go: needs no plugin, is slow, and lacks some gradients
)

// ErrNoGPU is returned where CUDA is asked for and no NVIDIA GPU is found.
var ErrNoGPU = device.ErrNoGPU

// openOwn and openOwnDevice open an engine of the process's own. A program with the tag resident has none.
var (
	openOwn       = func() (compute.Backend, error) { return nil, errNoOwn }
	openOwnDevice func(Device) (compute.Backend, error)
)

var errNoOwn = errors.New("engine: this program is built to compute with the resident engine, " +
	"and FASTNB_ENGINE does not name it: set it to the fastnb command, or build without -tags resident; " +
	"for cells that compute themselves, start the notebook by `FASTNB_ENGINE=own fastnb lab`")

var openDefault = sync.OnceValues(func() (compute.Backend, error) {
	defer trace.Mark("engine")
	if program, ok := residentProgram(); ok {
		return openResident(program, Device(os.Getenv("FASTNB_DEVICE")))
	}
	return openOwn()
})

// Open opens the process's engine, once: every call returns the same one. Where FASTNB_ENGINE names a program, as it
// does in notebooks, that is a connection to the resident engine, which is started if need be. Else the process has an
// engine of its own: a plugin is installed where none is found; where none can be had Open says so on stderr and
// returns GoMLX's pure-Go engine.
func Open() (compute.Backend, error) { return openDefault() }

// OpenDevice opens a new engine of the process's own on the device. Auto tries CUDA where there is a GPU, then the CPU,
// then Go; any other device is opened or is an error. With the build tag resident it connects to the resident engine of
// the device instead.
func OpenDevice(d Device) (compute.Backend, error) {
	if openOwnDevice != nil {
		return openOwnDevice(d)
	}
	if program, ok := residentProgram(); ok {
		return openResident(program, d)
	}
	return nil, errNoOwn
}

// Describe returns one line about the engine for users: "xla:cpu, PJRT v0.81, 4 devices". XLA shows its CPU as four
// virtual devices; graphs run on one.
func Describe(be compute.Backend) string {
	if be.Name() != "xla" {
		return "go, GoMLX's pure-Go engine"
	}
	line := "xla:" + string(device.Of(pluginPath(be.Description())))
	if _, v, ok := strings.Cut(be.Description(), ") v"); ok {
		version, _, _ := strings.Cut(v, " ")
		line += ", PJRT v" + version
	}
	if n := be.NumDevices(); n != 1 {
		return fmt.Sprintf("%s, %d devices", line, n)
	}
	return line + ", 1 device"
}

// Devices returns the engine's own description of each of its devices.
func Devices(be compute.Backend) []string {
	names := make([]string, int(be.NumDevices()))
	for i := range names {
		names[i] = be.DeviceDescription(compute.DeviceNum(i))
	}
	return names
}

// pluginPath takes the path out of "xla:PATH - PJRT plugin (PATH) v0.81 ...".
func pluginPath(description string) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(description, "xla:"), " - ")
	return path
}
