// Package child runs other programs so that they stop when we do.
package child

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// grace is how long a program may take to stop before it is killed.
const grace = 20 * time.Second

// Command is exec.CommandContext in a process group of its own: a ctrl-C in the terminal reaches only us, and we send
// the group one signal when the context ends.
func Command(ctx context.Context, sig syscall.Signal, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return signal(cmd, sig) }
	cmd.WaitDelay = grace
	ownGroup(cmd)
	return cmd
}

// Run runs a program to its end. The error holds the last lines of what it wrote.
func Run(cmd *exec.Cmd) error {
	var out bytes.Buffer
	cmd.Stdout = tee(cmd.Stdout, &out)
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
