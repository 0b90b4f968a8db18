//go:build !resident

package engine

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
)

// xnnpack is XLA's setting by which its CPU code multiplies matrices with XNNPACK. That keeps a packed copy of the right
// operand where it is an input of the program, and finds the copy again by the operand's address alone: weights that
// have changed since, or others at the same place, are not seen, and the product is wrong, without a word.
const xnnpack = "xla_cpu_use_xnnpack"

// exportCPU keeps XLA from using XNNPACK.
func exportCPU(path string) { addFlag(path, xnnpack, "false") }

// addFlag adds a setting to XLA_FLAGS. A user's own setting of it stays; a plugin that does not know the setting would
// end the process at it.
func addFlag(path, name, value string) {
	flags := os.Getenv("XLA_FLAGS")
	if !strings.Contains(flags, name) && knows(path, name) {
		os.Setenv("XLA_FLAGS", strings.TrimSpace(flags+" --"+name+"="+value))
	}
}

// knows reports whether a library has the name of a setting in it.
func knows(path, setting string) bool {
	if setting == xnnpack && (plugin{path: path}).version() != "" {
		return true
	}
	f, err := os.Open(path)
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
