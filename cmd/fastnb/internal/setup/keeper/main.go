// Command keeper is the notebook's kernel to Jupyter: it runs the real one, GoNB, and sees to it that nothing of a
// notebook stays when it ends, however it does.
//
//   - When the program that started the kernel is gone, the kernel ends: nobody can reach it any more.
//   - What the kernel has started, cells and gopls and builds, ends with it, also where the kernel was killed.
//   - Cells learn by its process number that they belong together: the resident engine goes on between them, for as long
//     as this process runs.
//
// What the user has started in a session of its own, as nohup with setsid does, goes on; so does the resident engine.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// The main thread stays this goroutine's: GoNB is killed when the thread that started it ends.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: keeper KERNEL ARGUMENTS, as Jupyter runs it")
		os.Exit(2)
	}
	os.Exit(keep(os.Args[1], os.Args[2:]))
}

// keep runs the kernel to its end and returns its exit status.
func keep(kernel string, args []string) int {
	syscall.CloseOnExec(3) // `fastnb run` waits until we have closed it
	parent := os.Getppid()
	told := make(chan os.Signal, 4)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	name := os.Getenv("FASTNB_NOTEBOOK")
	if name == "" {
		name = os.Getenv("JPY_SESSION_NAME") // JupyterLab's path of the notebook
	}
	cmd := exec.Command(kernel, args...)
	cmd.Env = append(os.Environ(), "FASTNB_KERNEL="+strconv.Itoa(os.Getpid()), "FASTNB_NOTEBOOK="+name)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdout, os.Stderr, endWithUs()
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "keeper:", err)
		return 1
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	orphaned := watch(cmd.Process, parent, ended, told)
	clear(!cmd.ProcessState.Exited())
	if orphaned {
		removeConnection(args)
	}
	return status(cmd.ProcessState)
}

// watch returns when the kernel has ended. It ends the kernel when our parent has gone, or when we are told to end; an
// interrupt reaches the kernel by itself. It tells whether the parent has gone.
func watch(kernel *os.Process, parent int, ended <-chan error, told <-chan os.Signal) (orphaned bool) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return false
		case sig := <-told:
			if sig != os.Interrupt {
				end(kernel, ended, 500*time.Millisecond) // mostly it was told, too
				return false
			}
		case <-tick.C:
			if os.Getppid() != parent {
				end(kernel, ended, 0)
				return true
			}
		}
	}
}

// end has the kernel interrupt its cell and end; one that does not is killed.
func end(kernel *os.Process, ended <-chan error, after time.Duration) {
	select {
	case <-ended:
		return
	case <-time.After(after):
		kernel.Signal(syscall.SIGTERM)
	}
	select {
	case <-ended:
	case <-time.After(2 * time.Second):
		kernel.Kill()
		<-ended
	}
}

// clear ends what the kernel has left. Cells are given a moment to end by themselves: the kernel has interrupted them,
// or we do where it could not.
func clear(killed bool) {
	left := others()
	folders := folders(left)
	for _, p := range left {
		if p.name == "gopls" {
			send(p.pid, syscall.SIGKILL)
		} else if killed {
			send(p.pid, syscall.SIGINT)
		}
	}
	gone(2 * time.Second)
	for _, p := range others() {
		send(p.pid, syscall.SIGKILL)
	}
	gone(2 * time.Second)
	for _, dir := range folders {
		os.RemoveAll(dir)
	}
}

func send(pid int, sig syscall.Signal) {
	if p, err := os.FindProcess(pid); err == nil {
		p.Signal(sig)
		p.Release()
	}
}

// gone waits until all that the kernel started has ended, so long at most.
func gone(most time.Duration) {
	for began := time.Now(); len(others()) > 0 && time.Since(began) < most; time.Sleep(10 * time.Millisecond) {
	}
}

// member is a process of our session.
type member struct {
	pid  int
	name string
	dir  string // it works in
}

// folders are those that the kernel made to build cells in. Where it ended well it has removed them.
func folders(left []member) (all []string) {
	for _, p := range left {
		made, _ := filepath.Match("gonb_*", filepath.Base(p.dir))
		if made && filepath.Dir(p.dir) == filepath.Clean(os.TempDir()) && !slices.Contains(all, p.dir) {
			all = append(all, p.dir)
		}
	}
	return all
}

// removeConnection removes the file by which nobody is going to reach the kernel.
func removeConnection(args []string) {
	if i := slices.Index(args, "--kernel"); i >= 0 && i+1 < len(args) {
		os.Remove(args[i+1])
	}
}

// status is the kernel's exit status as a shell has it.
func status(state *os.ProcessState) int {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && !state.Exited() {
		return 128 + int(ws.Signal())
	}
	return state.ExitCode()
}
