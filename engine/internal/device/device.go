// Package device names what graphs run on. It is apart from engine, which shows these names to users, and from
// engine/plugin, which needs them too: a program that computes with the resident engine does not link that one.
package device

import (
	"errors"
	"path/filepath"
	"strings"
)

// Kind is a kind of device.
type Kind string

const (
	Auto Kind = ""     // CUDA where there is an NVIDIA GPU, else the CPU
	CPU  Kind = "cpu"  // XLA on the processor
	CUDA Kind = "cuda" // XLA on an NVIDIA GPU
	Go   Kind = "go"   // GoMLX's engine in pure Go
)

// ErrNoGPU is returned where CUDA is asked for and no NVIDIA GPU is found.
var ErrNoGPU = errors.New("no NVIDIA GPU found (want /dev/nvidia* or a working nvidia-smi)")

// Of tells the device of a plugin from the name of its file, as go-xla does.
func Of(path string) Kind {
	if strings.Contains(strings.ToLower(filepath.Base(path)), "cuda") {
		return CUDA
	}
	return CPU
}
