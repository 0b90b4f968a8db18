package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

// scratch is a folder of all tests here.
var scratch string

// program builds the command.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "fastnb")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "fastnb-test"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// Notebooks of one cell, which writes a file when it has begun and then goes on for long.
const (
	much     = `%%\nfmt.Println(strings.Repeat("x", 3<<20))\nos.WriteFile("begun", nil, 0o644)\nselect {}`
	patient  = `%%\nos.WriteFile("begun", nil, 0o644)\ntime.Sleep(time.Hour)`
	stubborn = `%%\nsignal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)\nos.WriteFile("begun", nil, 0o644)\ntime.Sleep(time.Hour)`
)

// After any signal, in any phase, nothing of a run is left, and its exit status tells the signal.
func TestNothingIsLeft(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the kernel")
	}
	if _, err := setup.Run(t.Context(), os.Stderr); err != nil {
		t.Fatal(err)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP) // lest what the test starts ignores it, as the test does under nohup
	t.Cleanup(func() { signal.Stop(told) })
	for name, c := range map[string]struct {
		cell    string
		begun   func(r *running) bool
		signals []syscall.Signal
		status  int
	}{
		"3 MB on a line":   {much, cellRuns, []syscall.Signal{syscall.SIGINT}, 130},
		"a patient cell":   {patient, cellRuns, []syscall.Signal{syscall.SIGTERM}, 143},
		"a hang-up":        {patient, cellRuns, []syscall.Signal{syscall.SIGHUP}, 129},
		"a stubborn cell":  {stubborn, cellRuns, []syscall.Signal{syscall.SIGINT}, 130},
		"twice":            {stubborn, cellRuns, []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, 130},
		"a kernel starts":  {patient, func(r *running) bool { return r.has("keeper") }, []syscall.Signal{syscall.SIGINT}, 130},
		"a cell is built":  {patient, func(r *running) bool { return strings.Contains(r.said(), "[1/1]") }, []syscall.Signal{syscall.SIGTERM}, 143},
		"killed, and left": {patient, cellRuns, []syscall.Signal{syscall.SIGKILL}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := begin(t, c.cell)
			await(t, "the beginning", func() bool { return c.begun(r) })
			for _, sig := range c.signals {
				if err := r.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
			}
			r.cmd.Wait()
			if got := r.cmd.ProcessState.ExitCode(); got != c.status {
				t.Errorf("the status is %d (want %d); it said\n%s", got, c.status, r.said())
			}
			if c.status == -1 { // what it left sees that and ends
				await(t, "the end", func() bool { return len(r.left()) == 0 })
			}
			if left := r.left(); len(left) > 0 {
				t.Errorf("left are %q", left)
			}
			if now, err := os.ReadFile(r.path); err != nil || string(now) != notebookOf(c.cell) {
				t.Errorf("the notebook is %q, %v", now, err)
			}
		})
	}
}

func cellRuns(r *running) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(r.path), "begun"))
	return err == nil
}

func notebookOf(cell string) string {
	return `{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": "` +
		strings.NewReplacer(`"`, `\"`).Replace(cell) + `"}]}`
}

// running is a `fastnb run`.
type running struct {
	path string // of the notebook: all that belongs to the run has it in its environment
	cmd  *exec.Cmd
	log  string
}

func begin(t *testing.T, cell string) *running {
	t.Helper()
	fastnb, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := &running{path: filepath.Join(dir, "a.ipynb"), log: filepath.Join(dir, "log")}
	if err := os.WriteFile(r.path, []byte(notebookOf(cell)), 0o644); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(r.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r.cmd = exec.Command(fastnb, "run", r.path)
	r.cmd.Stdout, r.cmd.Stderr = log, log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill(); r.cmd.Wait() })
	return r
}

func (r *running) said() string {
	content, _ := os.ReadFile(r.log)
	return string(content)
}

// left names the processes of the run other than fastnb's own.
func (r *running) left() (names []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		environ, _ := os.ReadFile(file)
		if bytes.Contains(environ, []byte("FASTNB_NOTEBOOK="+r.path+"\x00")) {
			name, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "comm"))
			names = append(names, strings.TrimSpace(string(name))+" "+strconv.Quote(filepath.Base(filepath.Dir(file))))
		}
	}
	return names
}

func (r *running) has(name string) bool {
	return strings.Contains(strings.Join(r.left(), "\n"), name+" ")
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for began := time.Now(); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("%s: not after 5 minutes", what)
		}
	}
}
