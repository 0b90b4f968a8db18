// Package trace writes down when things happen, for measuring what the reader of a notebook waits for: bench/cells
// reads it. It does nothing unless FASTNB_TRACE names a file; then each line of that file is the time in nanoseconds
// since 1970, the process, and what happened.
package trace

import (
	"fmt"
	"os"
	"time"
)

var file = open(os.Getenv("FASTNB_TRACE"))

func init() { Mark("process") }

func open(path string) *os.File {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fastnb: FASTNB_TRACE:", err)
		return nil
	}
	return f
}

// Mark notes that something happens now.
func Mark(what string) {
	if file != nil {
		fmt.Fprintf(file, "%d %d %s\n", time.Now().UnixNano(), os.Getpid(), what)
	}
}
