//go:build !resident

package engine

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
)

// exportCPU keeps XLA from using XNNPACK.
func exportCPU(path string) { addFlag(path, xnnpack, "false") }

// addFlag adds a setting to XLA_FLAGS. A user's own setting of it stays, and so does the name of a file with settings; a
// plugin that does not know the setting would end the process at it.
func addFlag(path, name, value string) {
	flags := os.Getenv("XLA_FLAGS")
	file := flags != "" && !strings.HasPrefix(flags, "-")
	if !file && !strings.Contains(flags, name) && knows(path, name) {
		flag := "--" + name + "=" + value
		added = append(added, flag)
		os.Setenv("XLA_FLAGS", strings.TrimSpace(flags+" "+flag))
	}
}

// dropFlags takes out of XLA_FLAGS what was added for another plugin, which this one may not know.
func dropFlags() {
	flags := os.Getenv("XLA_FLAGS")
	if users := userFlags(flags); len(strings.Fields(users)) < len(strings.Fields(flags)) {
		os.Setenv("XLA_FLAGS", users)
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
