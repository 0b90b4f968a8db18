// Package nb is the notebook edge: what a lesson's cells call to stop on an error, to show a plot and to watch a fit.
// Each of its functions also does something sensible in a program that runs in a terminal.
package nb

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
)

// Must returns v, or ends the cell as Check does.
func Must[T any](v T, err error) T {
	Check(err)
	return v
}

// Check ends the cell, or the program, if err is not nil: it prints the error and the lines of the cell that led to it
// to standard error, and exits with status 1.
func Check(err error) {
	if err == nil {
		return
	}
	gonbui.Sync()
	report(os.Stderr, err, places(err))
	os.Exit(1)
}

// Load loads a checkpoint into v and returns v, or ends the cell as Check does. It saves a line:
//
//	learn := nb.Load(pets(), "head")
func Load[T interface{ Load(name string) error }](v T, name string) T {
	Check(v.Load(name))
	return v
}

func report(w io.Writer, err error, lines []string) {
	fmt.Fprintf(w, "error: %s\n", strings.TrimSpace(err.Error()))
	for _, line := range lines {
		fmt.Fprintf(w, "    at %s\n", line)
	}
}
