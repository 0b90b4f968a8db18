// Package plugin finds the PJRT plugin that runs the graphs, installs one where there is none, and opens it. It is the
// only package that names a backend or links C for one: its users are engine and, through that, everything else.
//
// go-xla finds and installs plugins too; it is what installs where this package does not know better. It looks into its
// own folders alone, installs the newest build, which takes about twice as long for convolutions on a CPU, and asks a
// host that many machines do not reach. It does not know either which of XLA's settings give wrong products, that a
// plugin may have been named in another variable, or that JAX has brought one: that is what is written by hand here.
package plugin

import (
	"fmt"
	"os"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend"
	_ "github.com/gomlx/go-xla/compute/xla"

	"github.com/fastnb/fastnb/engine/internal/device"
)

// goLimits is the one line that a user sees when no plugin can be had.
const goLimits = "using GoMLX's pure-Go engine, which is slow " +
	"and cannot train nets with max-pooling or recurrent layers"

// Open opens a new engine as the environment asks.
func Open() (compute.Backend, error) {
	want, err := setting()
	if err != nil {
		return nil, err
	}
	return open(want)
}

// OpenDevice opens a new engine on the device. Auto tries CUDA where there is a GPU, then the CPU, then Go; any other
// device is opened or is an error.
func OpenDevice(d device.Kind) (compute.Backend, error) {
	want, err := setting()
	if err != nil {
		return nil, err
	}
	if want.device != d {
		want = request{device: d}
	}
	return open(want)
}

func open(want request) (compute.Backend, error) {
	devices := want.devices()
	for _, d := range devices[:len(devices)-1] {
		be, err := openOne(want, d)
		if err == nil {
			return be, nil
		}
		next := devices[len(devices)-1]
		if d == device.CUDA {
			next = device.CPU
		}
		warnFallback(d, next, err)
	}
	return openOne(want, devices[len(devices)-1])
}

func warnFallback(from, to device.Kind, err error) {
	says := "using the " + string(to)
	if to == device.Go {
		says = goLimits
	}
	fmt.Fprintf(os.Stderr, "fastnb: no %s engine (%s): %s\n", from, oneLine(err), says)
}

func openOne(want request, d device.Kind) (compute.Backend, error) {
	if d == device.Go {
		return start("go")
	}
	p, err := findOrInstall(want, d)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	p.export()
	if d == device.CPU {
		keepMemory()
	}
	return start("xla:" + p.path + want.options)
}

// start makes a backend. GoMLX panics where a backend isn't linked in.
func start(config string) (be compute.Backend, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("engine: %s: %v", config, r)
		}
	}()
	if be, err = compute.NewWithConfig(config); err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	return be, nil
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
