// Package notebook runs a notebook in the real kernel, without a browser.
package notebook

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/fastnb/fastnb/internal/atomicfile"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/engine/resident"
)

//go:embed run.py streams.py
var scripts embed.FS

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
	Event          string // "start", "done", "error" or "note"
	Cell, Of, Line int
	Source         string
	Message        string
	Seconds        float64
}

// Run executes the notebook's cells in order, in the notebook's own folder as JupyterLab does, and tells each cell's
// time to log. The notebook itself is left as it is: with its outputs it is written to out, unless that is empty, also
// where a cell fails or the context ends; out then is the new file or the old, and whole. Cells that read standard
// input read its end.
//
// The first cell that fails ends the run; the error is then an *Error. What Check refuses is not run. When Run returns,
// the kernel and all that it has started are gone, and the resident engine if nobody else computes with it.
func Run(ctx context.Context, env *setup.Env, path, out string, log io.Writer) error {
	if err := Check(path, out); err != nil {
		return err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
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

// execute runs the script, and puts the notebook that it writes in its place.
func execute(ctx context.Context, env *setup.Env, path, out string, log io.Writer) (*Error, error) {
	dir, err := os.MkdirTemp("", "fastnb-run")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, scripts); err != nil {
		return nil, err
	}
	written := filepath.Join(dir, "out.ipynb")
	cmd := child.Command(ctx, syscall.SIGINT, env.Python, filepath.Join(dir, "run.py"), path, written, setup.RawKernelName)
	cmd.Env = append(env.Environ(), resident.NotebookVar+"="+path)
	failed, err := supervise(cmd, log)
	if failed != nil {
		err = nil // the script ends with an error, too
	}
	if out == "" {
		return failed, err
	}
	return failed, errors.Join(err, place(written, out))
}

// supervise runs the script until it and the kernel have ended. The script stops on an interrupt, and where its
// standard input ends because we are gone; the kernel stops where the script has.
func supervise(cmd *exec.Cmd, log io.Writer) (*Error, error) {
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	defer alive.Close()
	wait, err := hold(cmd)
	if err != nil {
		return nil, err
	}
	events, w := io.Pipe()
	cmd.Stdout = w
	ended := make(chan error, 1)
	go func() {
		err := child.Run(cmd)
		w.Close()
		ended <- err
	}()
	failed := follow(events, log)
	err = <-ended
	return failed, errors.Join(err, wait())
}

// mostWait is how long a kernel may go on when what started it has ended.
const mostWait = 10 * time.Second

// hold gives the program one end of a pipe that the kernel is to inherit. What it returns waits until all that have
// that end are gone.
func hold(cmd *exec.Cmd) (wait func() error, err error) {
	if runtime.GOOS == "windows" {
		return func() error { return nil }, nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles, cmd.Env = []*os.File{w}, append(cmd.Env, "FASTNB_HELD=3")
	return func() error {
		defer r.Close()
		w.Close()
		r.SetReadDeadline(time.Now().Add(mostWait))
		if _, err := r.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("the kernel goes on: look for the program keeper, and kill it")
		}
		return nil
	}, nil
}

// place moves what the script wrote, if it did, to where the user wants it.
func place(written, out string) error {
	content, err := os.ReadFile(written)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(out); err == nil {
		out = real
	}
	if info, err := os.Stat(out); err == nil {
		mode = info.Mode().Perm()
	}
	return atomicfile.Write(out, content, mode)
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
		case "note":
			fmt.Fprintf(log, "\n  note: %s\n", e.Source)
		case "error":
			fmt.Fprintf(log, " failed\n")
			failed = &Error{Cell: e.Cell, Line: e.Line, Source: e.Source, Message: e.Message}
		}
	}
}
