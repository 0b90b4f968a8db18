// Package child runs other programs so that they stop when we do.
package child

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// grace is how long a program may take to stop before it is killed.
const grace = 10 * time.Second

// Command is exec.CommandContext in a process group of its own: a ctrl-C in the terminal reaches only us, and we send
// the group one signal when the context ends. What has not ended a while later, or when Hurry is called, is killed.
func Command(ctx context.Context, sig syscall.Signal, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error {
		go killLater(cmd)
		return signal(cmd, sig)
	}
	cmd.WaitDelay = grace + time.Second
	ownGroup(cmd)
	return cmd
}

var hurry, hurryOnce = make(chan struct{}), sync.Once{}

// Hurry kills the programs that were asked to stop and have not yet, and those that are asked to from now on.
func Hurry() { hurryOnce.Do(func() { close(hurry) }) }

func killLater(cmd *exec.Cmd) {
	select {
	case <-hurry:
	case <-time.After(grace):
	}
	if cmd.Process.Signal(syscall.Signal(0)) == nil { // it has not ended, so the group's number is still its own
		signal(cmd, syscall.SIGKILL)
	}
}

// Run runs a program to its end. The error holds the last lines of what it wrote: of its errors alone, where its
// output goes elsewhere.
func Run(cmd *exec.Cmd) error {
	var out bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	cmd.Stderr = tee(cmd.Stderr, &out)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w%s", strings.Join(cmd.Args, " "), err, indent(lastLines(out.String(), 15)))
	}
	return nil
}

func tee(w io.Writer, out *bytes.Buffer) io.Writer {
	if w == nil {
		return out
	}
	return io.MultiWriter(w, out)
}

func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func indent(s string) string {
	if s == "" {
		return ""
	}
	return "\n\t" + strings.ReplaceAll(s, "\n", "\n\t")
}
