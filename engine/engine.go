// Package engine finds the PJRT plugin that runs the graphs, installs one where there is none, and opens it.
//
// It is the only package that names a backend or links C for one: everything else sees a compute.Backend.
//
// What it uses can be set in the environment, in this order of precedence:
//
//	FASTNB_DEVICE            cpu, cuda or go
//	FASTNB_PLUGIN            path of a plugin's shared library, or go
//	GOMLX_BACKEND            GoMLX's own setting, such as xla:cpu or go
//	PJRT_PLUGIN_LIBRARY_PATH folders that are looked at first
//
// To XLA_FLAGS it adds, where they are not set there: xla_cpu_use_xnnpack=false, since XNNPACK may multiply with the weights
// of an earlier call, and xla_gpu_deterministic_ops=true, so that the same seed gives the same weights on a GPU too.
//
// FASTNB_ENGINE names the program of the resident engine, if a process is to compute with that; the settings above then
// are the engine's, from when it starts.
package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/internal/trace"
)

// Device is what the graphs run on.
type Device string

const (
	Auto Device = ""     // CUDA where there is an NVIDIA GPU, else the CPU
	CPU  Device = "cpu"  // XLA on the processor
	CUDA Device = "cuda" // XLA on an NVIDIA GPU
	Go   Device = "go"   // GoMLX's engine in pure Go: needs no plugin, is slow, and lacks some gradients
)

// ErrNoGPU is returned where CUDA is asked for and no NVIDIA GPU is found.
var ErrNoGPU = errors.New("no NVIDIA GPU found (want /dev/nvidia* or a working nvidia-smi)")

var openDefault = sync.OnceValues(func() (compute.Backend, error) {
	defer trace.Mark("engine")
	if program := os.Getenv(residentVar); program != "" && program != Own {
		return openResident(program, Device(os.Getenv("FASTNB_DEVICE")))
	}
	return openOwn()
})

// Open opens the process's engine, once: every call returns the same one. Where FASTNB_ENGINE names a program, as it
// does in notebooks, that is a connection to the resident engine, which is started if need be. Else the process has an
// engine of its own: a plugin is installed where none is found; where none can be had Open says so on stderr and
// returns GoMLX's pure-Go engine.
func Open() (compute.Backend, error) { return openDefault() }

// Describe returns one line about the engine for users: "xla:cpu, PJRT v0.81, 4 devices". XLA shows its CPU as four
// virtual devices; graphs run on one.
func Describe(be compute.Backend) string {
	if be.Name() != "xla" {
		return "go, GoMLX's pure-Go engine"
	}
	line := "xla:" + string(deviceOf(pluginPath(be.Description())))
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

// deviceOf tells a plugin's device from its file name, as go-xla does.
func deviceOf(path string) Device {
	if strings.Contains(strings.ToLower(filepath.Base(path)), "cuda") {
		return CUDA
	}
	return CPU
}
