// Package notebook runs a notebook in the real kernel, without a browser.
package notebook

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

//go:embed run.py
var script string

// Error says which cell failed, and where in it.
type Error struct {
	Notebook string
	Cell     int    // as Jupyter numbers it: In [Cell]
	Line     int    // 1-based; 0 where it isn't known
	Source   string // the line
	Message  string // what the compiler or the program said
}

// Error is one line with the place, and what was said below it.
func (e *Error) Error() string {
	at := fmt.Sprintf("%s: cell [%d]", e.Notebook, e.Cell)
	if e.Line > 0 {
		at += fmt.Sprintf(", line %d: %s", e.Line, e.Source)
	}
	return at + "\n" + e.Message
}

// event is a line that the script writes.
type event struct {
	Event          string // "start", "done" or "error"
	Cell, Of, Line int
	Source         string
	Message        string
	Seconds        float64
}

// Run executes the notebook's cells in order, in the notebook's own folder as JupyterLab does, and tells each cell's time
// to log. The notebook itself is left as it is: with its outputs it is written to out, unless that is empty. The first
// cell that fails ends the run; the error is then an *Error. In the end the resident engine is stopped if nobody else
// computes with it.
func Run(ctx context.Context, env *setup.Env, path, out string, log io.Writer) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	began := time.Now()
	failed, err := execute(ctx, env, path, out, log)
	err = errors.Join(err, env.StopEngine())
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("run: %s: interrupted", path)
	case failed != nil:
		failed.Notebook = path
		return failed
	case err != nil:
		return fmt.Errorf("run: %w", err)
	}
	fmt.Fprintf(log, "%s: all cells ran, %.1f s\n", filepath.Base(path), time.Since(began).Seconds())
	return nil
}

// execute runs the script. It stops on an interrupt, and where its standard input ends because we are gone.
func execute(ctx context.Context, env *setup.Env, path, out string, log io.Writer) (*Error, error) {
	cmd := child.Command(ctx, syscall.SIGINT, env.Python, "-c", script, path, out, setup.RawKernelName)
	cmd.Env = env.Environ()
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	defer alive.Close()
	events, w := io.Pipe()
	cmd.Stdout = w
	ended := make(chan error, 1)
	go func() {
		err := child.Run(cmd)
		w.Close()
		ended <- err
	}()
	failed := follow(events, log)
	return failed, <-ended
}

// follow prints the script's events and returns the error among them.
func follow(events io.Reader, log io.Writer) (failed *Error) {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return failed
		}
		var e event
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		switch e.Event {
		case "start":
			fmt.Fprintf(log, "[%d/%d] %-60.60s", e.Cell, e.Of, e.Source)
		case "done":
			fmt.Fprintf(log, " %6.1f s\n", e.Seconds)
		case "error":
			fmt.Fprintf(log, " failed\n")
			failed = &Error{Cell: e.Cell, Line: e.Line, Source: e.Source, Message: e.Message}
		}
	}
}
