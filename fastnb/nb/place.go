package nb

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// places returns the lines of package main that led to an error, the innermost first: those that called Check, and
// before them those where the error came from, if it tells. Errors of GoMLX do: a mistake in a model is found while its
// graph is built, far from the Fit that asked for it.
func places(err error) []string {
	called := mainLines(runtime.CallersFrames(callers()))
	from := origin(err)
	return append(slices.DeleteFunc(from, func(line string) bool { return slices.Contains(called, line) }), called...)
}

func callers() []uintptr {
	pcs := make([]uintptr, 64)
	return pcs[:runtime.Callers(2, pcs)]
}

// origin returns the lines of package main in the innermost stack trace of an error.
func origin(err error) (lines []string) {
	var traced interface{ StackTrace() errors.StackTrace }
	for errors.As(err, &traced) {
		pcs := make([]uintptr, len(traced.StackTrace()))
		for i, frame := range traced.StackTrace() {
			pcs[i] = uintptr(frame)
		}
		lines = mainLines(runtime.CallersFrames(pcs))
		if err = errors.Unwrap(traced.(error)); err == nil {
			break
		}
	}
	return lines
}

// mainLines returns where the calls of package main stand, the innermost first. GoNB writes the number of the cell and
// of the line in it before such a place.
func mainLines(frames *runtime.Frames) (lines []string) {
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "main.") {
			lines = append(lines, fmt.Sprintf("%s:%d", frame.File, frame.Line))
		}
		if !more {
			return lines
		}
	}
}
