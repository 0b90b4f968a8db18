//go:build unix && !resident

package serve_test

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

// kernel is a program that runs until end is called.
func kernel(t *testing.T) (pid int, end func()) {
	t.Helper()
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end = func() { in.Close(); cmd.Wait() }
	t.Cleanup(end)
	return cmd.Process.Pid, end
}

// cell connects as a cell of a notebook, and ends.
func cell(t *testing.T, socket string, kernel int, program string) {
	t.Helper()
	t.Setenv(resident.KernelVar, strconv.Itoa(kernel))
	t.Setenv(resident.NotebookVar, "pets.ipynb")
	t.Setenv("FASTNB_ENGINE", program)
	be := dial(t, socket)
	call(t, be, add(1), float32(1))
	be.Finalize()
	t.Setenv(resident.KernelVar, "")
}

// A notebook holds the engine between its cells until its kernel ends. It is named, and does not count when it asks
// itself.
func TestNotebookHoldsTheEngine(t *testing.T) {
	s, socket := start(t, serve.Options{})
	pid, end := kernel(t)
	cell(t, socket, pid, "/cache/fastnb")
	settle(t, "the cell's end", func() bool { return len(s.Status().Clients) == 0 })
	var used *resident.InUseError
	err := resident.Stop(socket)
	who := "pets.ipynb, kernel " + strconv.Itoa(pid) + ", since "
	if !errors.As(err, &used) || len(used.By) != 1 || !strings.Contains(used.By[0], who) {
		t.Errorf("Stop between two cells: %v (want the notebook)", err)
	}
	cell(t, socket, pid, "/cache/fastnb")
	if held := s.Status().Holders; len(held) != 1 || held[0].Holder.Program != "/cache/fastnb" {
		t.Errorf("held by %+v, want one", held)
	}
	end()
	if err := resident.Stop(socket); err != nil {
		t.Errorf("after the notebook's end: %v", err)
	}
}

func TestNotebookMayStopItsOwnEngine(t *testing.T) {
	_, socket := start(t, serve.Options{})
	pid, _ := kernel(t)
	cell(t, socket, pid, "")
	t.Setenv(resident.KernelVar, strconv.Itoa(pid))
	if err := resident.Stop(socket); err != nil {
		t.Error(err)
	}
}

// A holder that isn't there holds nothing.
func TestAbsentHolder(t *testing.T) {
	_, socket := start(t, serve.Options{})
	for _, pid := range []int{-1, 1 << 30} {
		cell(t, socket, pid, "")
	}
	if err := resident.Stop(socket); err != nil {
		t.Error(err)
	}
}
