//go:build unix && !resident

package resident_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine/resident"
)

// program builds the fastnb command, which is the engine.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "resident")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "one", "fastnb")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/fastnb").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(filepath.Dir(path)))
	}
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
	t.Cleanup(func() {
		if err := resident.Stop(l.Socket); err != nil {
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
	if _, err := double(be); !errors.Is(err, resident.ErrLost) {
		t.Errorf("after the engine was killed: %v", err)
	}
	mustDouble(t, open(t, l))
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
