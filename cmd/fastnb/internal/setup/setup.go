// Package setup installs what the lessons need into the user's cache folder: JupyterLab in a Python environment of its
// own, the Go kernel, the engine's plugin, and a warm build cache.
//
// Every step looks first whether its work is done, so that a second run takes a moment, needs no network, and goes on
// where a run was cut.
package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/internal/fetch"
)

// Env is what was set up.
type Env struct {
	Root    string        // the checkout
	Cache   string        // the cache folder
	Go      string        // the go command
	Python  string        // the interpreter that has JupyterLab
	Bin     string        // folder of gonb, goimports and the kernel's go and gopls
	Kernels string        // folder to put on JUPYTER_PATH
	Engine  engine.Report // what the cells compute with
	Program string        // the fastnb command that serves as their resident engine

	log  io.Writer
	held *os.File // the lock
}

// ErrIncomplete is returned by Find where something is still to be set up.
var ErrIncomplete = errors.New("not set up")

// begin is told what is about to be done; its error ends the step.
type begin func(what string) error

// step does one piece of the work, if need be, and fills in the part of env that it provides.
type step func(ctx context.Context, env *Env, begin begin) error

var steps = []step{findGo, installPython, installPlugin, buildTools, buildEngine, writeKernels}

// Run does what is missing, one process at a time, and tells its progress to log.
func Run(ctx context.Context, log io.Writer) (*Env, error) {
	env, err := locate()
	if err != nil {
		return nil, err
	}
	env.log = log
	if err := os.MkdirAll(env.Cache, 0o755); err != nil {
		return nil, err
	}
	if env.held, err = lock(ctx, env.Cache, log); err != nil {
		return nil, fmt.Errorf("setup: %w", err)
	}
	defer env.held.Close()
	for _, do := range append(steps, warmBuild) {
		if err := timed(ctx, do, env); err != nil {
			return nil, fmt.Errorf("setup: %w", cmp.Or(ctx.Err(), err))
		}
	}
	return env, nil
}

// Find says what is set up, changing nothing.
func Find(ctx context.Context) (*Env, error) {
	env, err := locate()
	if err != nil {
		return nil, err
	}
	env.log = io.Discard
	for _, look := range steps {
		err := look(ctx, env, func(what string) error { return fmt.Errorf("%w: %s is left to do", ErrIncomplete, what) })
		if err != nil {
			return nil, err
		}
	}
	return env, nil
}

func locate() (*Env, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	cache, err := fetch.CacheDir()
	if err != nil {
		return nil, err
	}
	return &Env{Root: root, Cache: cache, log: io.Discard}, nil
}

// timed runs a step and logs what it did, if it did something.
func timed(ctx context.Context, do step, env *Env) error {
	began := time.Time{}
	err := do(ctx, env, func(what string) error {
		began = time.Now()
		_, err := fmt.Fprintf(env.log, "setup: %s ...\n", what)
		return err
	})
	if err == nil && !began.IsZero() {
		fmt.Fprintf(env.log, "setup: done in %s\n", time.Since(began).Round(100*time.Millisecond))
	}
	return err
}

// lock waits until no other set-up is under way.
func lock(ctx context.Context, cache string, log io.Writer) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(cache, "setup.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	for told := false; ; told = true {
		if ok, err := tryLock(f); ok || err != nil {
			return f, err
		}
		if !told {
			fmt.Fprintln(log, "setup: waiting for another fastnb that is setting up")
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// command is a program that inherits the lock: if we are killed, the lock is free when the program has ended too.
func (e *Env) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := child.Command(ctx, syscall.SIGTERM, name, args...)
	if e.held != nil && runtime.GOOS != "windows" {
		cmd.ExtraFiles = []*os.File{e.held}
	}
	return cmd
}

// String names the parts in one line.
func (e *Env) String() string {
	plugin := string(e.Engine.Device)
	if e.Engine.Plugin != "" {
		plugin += " (" + e.Engine.Plugin + ")"
	}
	return fmt.Sprintf("JupyterLab in %s, kernel in %s, engine %s", filepath.Dir(filepath.Dir(e.Python)), e.Kernels,
		plugin)
}

// Environ is the environment for Jupyter: its settings, data and kernels are ours and not the user's.
func (e *Env) Environ() []string {
	jupyter := filepath.Join(e.Cache, "jupyter")
	return append(os.Environ(),
		"JUPYTER_PATH="+e.Kernels,
		"JUPYTER_DATA_DIR="+filepath.Join(jupyter, "data"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(jupyter, "config"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(jupyter, "runtime"),
		"PYTHONNOUSERSITE=1",
	)
}
