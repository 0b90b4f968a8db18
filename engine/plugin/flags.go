package plugin

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine/internal/device"
	"github.com/fastnb/fastnb/engine/internal/xlaflags"
)

// setFlags adds to XLA_FLAGS what the library is to be told: to do without XNNPACK on the CPU, and to compute the same
// numbers each time on a GPU.
func (l library) setFlags() {
	xlaflags.Drop()
	if device.Of(l.path) == device.CUDA {
		xlaflags.Add(xlaflags.Deterministic, "true", l.knows)
		l.findCUDA()
		return
	}
	xlaflags.Add(xlaflags.XNNPACK, "false", l.knows)
}

// findCUDA tells XLA where CUDA's compiler and device library are. In a JAX installation they are not where go-xla
// expects them, two folders above the plugin.
func (l library) findCUDA() {
	packages := filepath.Dir(filepath.Dir(filepath.Dir(l.path)))
	matches, _ := filepath.Glob(filepath.Join(packages, "nvidia", "cu*"))
	if len(matches) == 0 {
		return
	}
	os.Setenv("GOPJRT_CUDA_CHECKS", "no")
	xlaflags.Add(xlaflags.CUDAFolder, matches[len(matches)-1], l.knows)
}

// knows reports whether the library has the name of a setting in it.
func (l library) knows(setting string) bool {
	if setting == xlaflags.XNNPACK && l.version() != "" {
		return true
	}
	f, err := os.Open(l.path)
	if err != nil {
		return false
	}
	defer f.Close()
	return contains(bufio.NewReaderSize(f, 1<<20), []byte(setting))
}

// contains reports whether r yields the word, which is shorter than r's buffer.
func contains(r *bufio.Reader, word []byte) bool {
	for {
		window, err := r.Peek(r.Size())
		if bytes.Contains(window, word) {
			return true
		}
		if err != nil {
			return false
		}
		if _, err := io.CopyN(io.Discard, r, int64(len(window)-len(word))); err != nil {
			return false
		}
	}
}
