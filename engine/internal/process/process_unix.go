//go:build unix && !linux

package process

import "syscall"

// Started tells whether a process is there; when it began isn't known.
func Started(pid int) (when string, ok bool) { return "", pid > 0 && syscall.Kill(pid, 0) == nil }
