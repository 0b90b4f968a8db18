//go:build !unix

package child

import (
	"os/exec"
	"syscall"
)

func ownGroup(*exec.Cmd) {}

// signal ends the program: other systems have no signals to send.
func signal(cmd *exec.Cmd, _ syscall.Signal) error { return cmd.Process.Kill() }
