//go:build unix

package process_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/fastnb/fastnb/engine/internal/process"
)

// A process runs until it ends, also while nobody has asked for it.
func TestRunning(t *testing.T) {
	if !process.Running(os.Getpid()) {
		t.Error("this process does not run")
	}
	for _, pid := range []int{0, -1, 1 << 30} {
		if process.Running(pid) {
			t.Errorf("process %d runs", pid)
		}
	}
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !process.Running(cmd.Process.Pid) {
		t.Error("a program that waits does not run")
	}
	in.Close()
	process.Wait(cmd.Process.Pid, 20*time.Second)
	if runtime.GOOS == "linux" && process.Running(cmd.Process.Pid) {
		t.Error("a program that has ended runs, as nobody has asked for it")
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
