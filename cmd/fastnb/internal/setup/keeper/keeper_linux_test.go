package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test's own program is the keeper, where the variable says so.
func TestMain(m *testing.M) {
	if os.Getenv("KEEPER_TEST") != "" {
		os.Exit(keep(os.Args[1], os.Args[2:]))
	}
	os.Exit(m.Run())
}

// kernel starts what a shell script does as Jupyter starts a kernel. The script says its process number, then those of what
// it has started; a shell in between is the keeper's parent, whose number comes first.
func kernel(t *testing.T, script string) (parent, kernel int, started []int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", `echo $$; setsid "$0" sh -c "$1" & wait`, self, script)
	cmd.Env = append(os.Environ(), "KEEPER_TEST=1", "FASTNB_NOTEBOOK=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	var all []int
	lines := bufio.NewScanner(out)
	for len(all) < 4 && lines.Scan() {
		pid, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pid)
	}
	if len(all) != 4 {
		t.Fatalf("the kernel says %d", all)
	}
	return all[0], all[1], all[2:]
}

// sleepers are a cell that ends when interrupted, and one that does not.
const sleepers = `echo $$
sh -c 'trap "exit 0" INT; while :; do sleep 0.1; done' & echo $!
sh -c 'trap "" INT TERM HUP; while :; do sleep 0.1; done' & echo $!
`

// However a kernel ends, what it has started ends: when it returns, is killed, is told to end, or its parent is gone.
func TestNothingStays(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		end    func(parent, kernel int) error
	}{
		"returns":      {sleepers + "exit 3", func(int, int) error { return nil }},
		"is killed":    {sleepers + "wait", func(_, kernel int) error { return syscall.Kill(kernel, syscall.SIGKILL) }},
		"is told":      {sleepers + "wait", func(_, kernel int) error { return syscall.Kill(kernel, syscall.SIGTERM) }},
		"parent gone":  {sleepers + "wait", func(parent, _ int) error { return syscall.Kill(parent, syscall.SIGKILL) }},
		"keeper told":  {sleepers + "wait", func(_, kernel int) error { return syscall.Kill(parentOf(kernel), syscall.SIGHUP) }},
		"is stubborn":  {"trap '' TERM\n" + sleepers + "wait; wait; wait", func(parent, _ int) error { return syscall.Kill(parent, syscall.SIGKILL) }},
		"group killed": {sleepers + "wait", func(_, kernel int) error { return syscall.Kill(-parentOf(kernel), syscall.SIGKILL) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent, kernel, started := kernel(t, c.script)
			if err := c.end(parent, kernel); err != nil {
				t.Fatal(err)
			}
			for _, pid := range append(started, kernel) {
				for began := time.Now(); runs(pid); time.Sleep(10 * time.Millisecond) {
					if time.Since(began) > time.Minute {
						t.Fatalf("process %d of %d, %d stays", pid, kernel, started)
					}
				}
			}
		})
	}
}

func runs(pid int) bool { return stat(pid) != nil && stat(pid)[0] != "Z" }

func parentOf(pid int) int {
	parent, _ := strconv.Atoi(stat(pid)[1])
	return parent
}

// stat returns a process's state, parent, ...; nil if there is none.
func stat(pid int) []string {
	content, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil
	}
	_, rest, _ := cutLast(string(content), ") ")
	return strings.Fields(rest)
}

// The kernel's exit status is told, and cells learn whose they are.
func TestStatusAndNotebook(t *testing.T) {
	t.Setenv("FASTNB_NOTEBOOK", "")
	t.Setenv("JPY_SESSION_NAME", "lessons/pets.ipynb")
	t.Setenv("KEEPER_TEST", "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for script, want := range map[string]int{"exit 3": 3, "kill -9 $$": 137} {
		cmd := exec.Command(self, "sh", "-c", `echo "$FASTNB_KERNEL $PPID $FASTNB_NOTEBOOK"; `+script)
		out, err := cmd.Output()
		var failed *exec.ExitError
		if !errors.As(err, &failed) || failed.ExitCode() != want {
			t.Errorf("%s: %v (want status %d)", script, err, want)
		}
		pid := strconv.Itoa(cmd.Process.Pid)
		if want := pid + " " + pid + " lessons/pets.ipynb\n"; string(out) != want {
			t.Errorf("a cell learns %q (want %q)", out, want)
		}
	}
}
