package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/engine/internal/xlaflags"
	"github.com/fastnb/fastnb/engine/resident"
)

// residentVar names the program that serves as resident engine, the fastnb command.
const residentVar = "FASTNB_ENGINE"

// Own is the value of FASTNB_ENGINE with which every process computes itself, the cells of notebooks too.
const Own = "own"

// choices are the variables that make one engine differ from another.
var choices = []string{"FASTNB_DEVICE", "FASTNB_PLUGIN", "GOMLX_BACKEND", "XLA_FLAGS", "CUDA_VISIBLE_DEVICES"}

// Socket returns where the resident engine of a device listens, or is to listen.
func Socket(d Device) (string, error) {
	settings := make([]string, len(choices))
	for i, name := range choices {
		settings[i] = os.Getenv(name)
		if name == "XLA_FLAGS" {
			settings[i] = xlaflags.Users()
		}
	}
	settings[0] = string(d)
	return resident.Socket(strings.Join(settings, "\n"))
}

// DefaultSocket returns the Socket of the device that FASTNB_DEVICE names.
func DefaultSocket() (string, error) { return Socket(Device(os.Getenv("FASTNB_DEVICE"))) }

// residentProgram returns the program of the resident engine, if the process is to compute with that.
func residentProgram() (program string, ok bool) {
	program = os.Getenv(residentVar)
	return program, program != "" && program != Own
}

// openResident connects to the resident engine of a device.
func openResident(program string, d Device) (compute.Backend, error) {
	socket, err := Socket(d)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	env := append(os.Environ(), "FASTNB_DEVICE="+string(d), residentVar+"=", "FASTNB_TRACE=")
	if plugin := os.Getenv("FASTNB_PLUGIN"); plugin != "" && plugin != string(Go) {
		// the engine runs in another folder
		if plugin, err = filepath.Abs(plugin); err != nil {
			return nil, fmt.Errorf("engine: %w", err)
		}
		env = append(env, "FASTNB_PLUGIN="+plugin)
	}
	if program, err = filepath.Abs(program); err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	l := resident.Launcher{Program: program, Socket: socket, Env: env}
	be, err := l.Open()
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	return be, nil
}
