//go:build resident

package engine

import (
	"errors"
	"os"

	"github.com/gomlx/compute"
)

// With the build tag resident nothing of XLA is linked, nor anything of C: a cell of a notebook builds in a third of
// the time. It computes with the resident engine alone.

var errNoOwn = errors.New("engine: this program is built to compute with the resident engine, and FASTNB_ENGINE does not name it: " +
	"set it to the fastnb command, or build without -tags resident; for cells that compute themselves, start the notebook by `FASTNB_ENGINE=own fastnb lab`")

func openOwn() (compute.Backend, error) { return nil, errNoOwn }

// OpenDevice connects to the resident engine of a device.
func OpenDevice(d Device) (compute.Backend, error) {
	program := os.Getenv(residentVar)
	if program == "" || program == Own {
		return nil, errNoOwn
	}
	return openResident(program, d)
}
