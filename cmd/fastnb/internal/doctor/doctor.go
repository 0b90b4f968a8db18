// Package doctor says what of the lessons' needs is there, and what to do about what is missing.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/internal/fetch"
)

// finding is one line of the report.
type finding struct {
	what, is string
	missing  bool
	remedy   string
}

// check looks at one thing.
type check func(ctx context.Context) []finding

var checks = []check{goCommand, compilers, python, gpu, plugin, devices, residentEngine, kernel}

// Examine writes the report. The error counts what is missing.
func Examine(ctx context.Context, w io.Writer) error {
	missing := 0
	for _, look := range checks {
		for _, f := range look(ctx) {
			fmt.Fprintln(w, f)
			if f.missing {
				missing++
			}
		}
	}
	if missing > 0 {
		return fmt.Errorf("doctor: %d missing", missing)
	}
	return nil
}

// String is one line for what is there, two for what is missing.
func (f finding) String() string {
	mark := "ok     "
	if f.missing {
		mark = "MISSING"
	}
	line := fmt.Sprintf("%s  %-8s %s", mark, f.what, f.is)
	if f.remedy != "" {
		line += "\n                  " + f.remedy
	}
	return line
}

// version runs a program and takes the first line that it says.
func version(ctx context.Context, what, remedy, name string, args ...string) []finding {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return []finding{{what, fmt.Sprintf("%s: %v", name, err), true, remedy}}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return []finding{{what: what, is: line}}
}

func goCommand(ctx context.Context) []finding {
	return version(ctx, "Go", "install Go 1.26 or newer from https://go.dev/dl", "go", "version")
}

// compilers are needed by cgo: C to call XLA, C++ to link DuckDB.
func compilers(ctx context.Context) (found []finding) {
	const remedy = "a C and C++ compiler is needed to call XLA and DuckDB (Debian, Ubuntu: apt install g++; macOS: xcode-select --install)"
	for _, c := range []struct{ language, variable, usual string }{{"C", "CC", "gcc"}, {"C++", "CXX", "g++"}} {
		out, err := exec.CommandContext(ctx, "go", "env", c.variable).Output()
		words := strings.Fields(string(out))
		if err != nil || len(words) == 0 {
			words = []string{c.usual}
		}
		found = append(found, version(ctx, c.language, remedy, words[0], "--version")...)
	}
	return found
}

func python(ctx context.Context) []finding {
	const look = "import sys, venv, ensurepip; print('Python', sys.version.split()[0], 'with venv,', sys.executable)"
	return version(ctx, "Python", setup.ErrNoPython.Error(), fetch.Python(), "-c", look)
}

func gpu(context.Context) []finding {
	if engine.HasGPU() {
		return []finding{{what: "GPU", is: "NVIDIA"}}
	}
	return []finding{{what: "GPU", is: "none found; the CPU is used"}}
}

func plugin(context.Context) []finding {
	r, err := engine.Find()
	switch {
	case err != nil:
		return []finding{{"plugin", err.Error(), true, ""}}
	case r.Device == engine.Go:
		return []finding{{what: "plugin", is: "none; the pure-Go engine is used: slow, and no nets with max-pooling or recurrent layers"}}
	case r.Plugin == "":
		return []finding{{"plugin", "no " + string(r.Device) + " plugin", true, "run: go run ./cmd/fastnb setup"}}
	}
	if err := r.Verify(); err != nil {
		return []finding{{"plugin", err.Error(), true, ""}}
	}
	is := fmt.Sprintf("%s, %s (from %s)", r.Device, r.Plugin, r.Source)
	if r.Version != "" {
		is += ", " + r.Version + ", checksum right"
	}
	return []finding{{what: "plugin", is: is}}
}

// devices opens the engine, but never installs it.
func devices(context.Context) []finding {
	r, err := engine.Find()
	if err != nil || r.Plugin == "" && r.Device != engine.Go {
		return nil
	}
	be, err := engine.Open()
	if err != nil {
		return []finding{{"device", err.Error(), true, "choose another with FASTNB_DEVICE=cpu, cuda or go"}}
	}
	found := []finding{{what: "engine", is: engine.Describe(be)}}
	for _, name := range engine.Devices(be) {
		found = append(found, finding{what: "device", is: name})
	}
	return found
}

// residentEngine says whether cells find their engine running. That it does not run is as it should be between
// notebooks.
func residentEngine(context.Context) []finding {
	socket, err := engine.DefaultSocket()
	if err != nil {
		return []finding{{"resident", err.Error(), true, ""}}
	}
	be, err := resident.Dial(socket, "")
	if err != nil {
		return []finding{{what: "resident", is: "no engine runs at " + socket + "; the first cell that computes starts it"}}
	}
	defer be.Finalize()
	return []finding{{what: "resident", is: fmt.Sprintf("an engine runs at %s, process %d", socket, be.Engine())}}
}

func kernel(ctx context.Context) []finding {
	env, err := setup.Find(ctx)
	if errors.Is(err, setup.ErrIncomplete) {
		return []finding{{"kernel", err.Error(), true, "run: go run ./cmd/fastnb setup"}}
	}
	if err != nil {
		return []finding{{"kernel", err.Error(), true, ""}}
	}
	return []finding{{what: "kernel", is: env.Kernels}, {what: "Jupyter", is: env.Python}, {what: "cache", is: env.Cache}}
}
