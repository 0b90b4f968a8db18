//go:build unix && !resident

package resident_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine/resident"
)

// scratch is a folder of all tests here.
var scratch string

// program builds the fastnb command, which is the engine.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "one", "fastnb")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/fastnb").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "resident"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// launcher starts engines at a socket of the test's own, and stops what is left of them.
func launcher(t *testing.T) resident.Launcher {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	l := resident.Launcher{Program: path, Socket: filepath.Join(t.TempDir(), "engine.sock")}
	if testing.Short() { // an engine that needs no plugin
		l.Env = append(os.Environ(), "FASTNB_DEVICE=go")
	}
	t.Cleanup(func() {
		if err := resident.StopAnyway(l.Socket); err != nil {
			t.Error(err)
		}
	})
	return l
}

func open(t *testing.T, l resident.Launcher) *resident.Backend {
	t.Helper()
	be, err := l.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(be.Finalize)
	return be
}

func double(be *resident.Backend) (any, error) {
	y, err := graph.CallOnce(be, func(x *graph.Node) *graph.Node { return graph.Add(x, x) }, float32(21))
	if err != nil {
		return nil, err
	}
	return y.Value(), nil
}

func mustDouble(t *testing.T, be *resident.Backend) {
	t.Helper()
	if y, err := double(be); err != nil || y != float32(42) {
		t.Fatalf("21+21 is %v, %v", y, err)
	}
}

// Whoever comes first starts the engine; there is one.
func TestOneEngine(t *testing.T) {
	l := launcher(t)
	var wait sync.WaitGroup
	pids := make([]int, 4)
	for i := range pids {
		wait.Go(func() {
			be, err := l.Open()
			if err != nil {
				t.Error(err)
				return
			}
			pids[i] = be.Engine()
			be.Finalize()
		})
	}
	wait.Wait()
	for _, pid := range pids {
		if pid != pids[0] || pid == os.Getpid() {
			t.Errorf("engines are the processes %v, want one", pids)
		}
	}
}

// An engine that is killed is told, also to who waits for it, and the next cell starts another.
func TestKilledEngine(t *testing.T) {
	l := launcher(t)
	be := open(t, l)
	mustDouble(t, be)
	if err := syscall.Kill(be.Engine(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, err := double(be)
	for _, want := range []string{
		"signal: killed", "run the cell again", "the end of its log, " + l.Log(), "process " + strconv.Itoa(be.Engine()),
	} {
		if !errors.Is(err, resident.ErrLost) || !strings.Contains(err.Error(), want) {
			t.Errorf("after the engine was killed: %v (want %q)", err, want)
		}
	}
	mustDouble(t, open(t, l))
}

// How an engine ended is told also to a process that did not start it: by its last words, or that it had none.
func TestLostEngineSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		signal syscall.Signal
		want   string
	}{
		"terminated": {syscall.SIGTERM, "it was told to end: interrupted (terminated)"},
		"killed":     {syscall.SIGKILL, "was killed, without a word in its log (signal: killed)"},
		"crashed":    {syscall.SIGABRT, "crashed"},
	} {
		t.Run(name, func(t *testing.T) {
			l := launcher(t)
			serve := exec.Command(l.Program, "engine", "serve", "-socket", l.Socket)
			log, err := os.Create(l.Log())
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			serve.Env, serve.Stdout, serve.Stderr = append(os.Environ(), "FASTNB_DEVICE=go"), log, log
			if err := serve.Start(); err != nil {
				t.Fatal(err)
			}
			var be *resident.Backend
			settle(t, "the engine's start", func() bool { be, err = resident.Dial(l.Socket, ""); return err == nil })
			defer be.Finalize()
			mustDouble(t, be)
			if err := serve.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			serve.Wait()
			_, err = double(be)
			if !errors.Is(err, resident.ErrLost) || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(err.Error(), l.Log()) {
				t.Errorf("%v (want %q and the log)", err, c.want)
			}
		})
	}
}

// The log is this user's, and goes on from one engine to the next.
func TestLogIsKept(t *testing.T) {
	l := launcher(t)
	first := open(t, l).Engine()
	if err := resident.StopAnyway(l.Socket); err != nil {
		t.Fatal(err)
	}
	second := open(t, l).Engine()
	log, err := os.ReadFile(l.Log())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("process %d\n", first), "ends: it was stopped", fmt.Sprintf("process %d\n", second),
	} {
		if !strings.Contains(string(log), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	if info, err := os.Stat(l.Log()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log's mode is %v, %v (want 0600)", info.Mode(), err)
	}
}

// An engine of another version is replaced, but not under who computes with it, nor for a program that is not there.
func TestAnotherVersion(t *testing.T) {
	l := launcher(t)
	old := open(t, l)
	other := filepath.Join(filepath.Dir(filepath.Dir(l.Program)), "two", "fastnb")
	if err := errors.Join(os.MkdirAll(filepath.Dir(other), 0o755), os.Link(l.Program, other)); err != nil {
		t.Fatal(err)
	}
	before := l
	l.Program = other
	if _, err := l.Open(); err == nil || !strings.Contains(err.Error(), "others compute with it") {
		t.Errorf("while the old engine is in use: %v", err)
	}
	mustDouble(t, old)
	old.Finalize()
	be := open(t, l)
	mustDouble(t, be)
	if be.Engine() == old.Engine() {
		t.Error("the old engine goes on")
	}
	before.Program = filepath.Join(t.TempDir(), "missing")
	if _, err := before.Open(); err == nil {
		t.Error("a program that is not there is opened")
	}
	mustDouble(t, be)
	settle(t, "the old engine's end", func() bool { return syscall.Kill(old.Engine(), 0) != nil })
}

// An engine that can't start says why.
func TestEngineThatFails(t *testing.T) {
	l := launcher(t)
	l.Env = append(os.Environ(), "FASTNB_DEVICE=abacus")
	if _, err := l.Open(); err == nil || !strings.Contains(err.Error(), "want cpu, cuda or go") {
		t.Errorf("with a device that is none: %v", err)
	}
	l.Program = filepath.Join(t.TempDir(), "missing", "fastnb")
	if _, err := l.Open(); err == nil || !strings.Contains(err.Error(), "FASTNB_ENGINE names") {
		t.Errorf("without the program: %v", err)
	}
}

// The engine outlives who started it, and its signals.
func TestEngineIsDetached(t *testing.T) {
	l := launcher(t)
	be := open(t, l)
	group, err := syscall.Getpgid(be.Engine())
	if err != nil || group == syscall.Getpgrp() {
		t.Errorf("the engine's process group is %d, %v: the test's own", group, err)
	}
}

func TestSocketFolder(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("TMPDIR", dir)
	path, err := resident.Socket("a")
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := resident.Socket("b"); other == path || filepath.Dir(other) != filepath.Dir(path) {
		t.Errorf("sockets %s and %s", path, other)
	}
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := resident.Socket("a"); err == nil || !strings.Contains(err.Error(), "open to others") {
		t.Errorf("a folder that is open to all: %v", err)
	}
}

func settle(t *testing.T, what string, done func() bool) {
	t.Helper()
	for began := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%s: not after 20 s", what)
		}
	}
}
