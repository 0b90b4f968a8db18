//go:build unix

package resident

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// private checks that a folder is the user's own, and closed to others.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ok || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is open to others, or not yours: move it away, or set XDG_RUNTIME_DIR to a folder with mode 0700", dir)
	}
	return nil
}

// waitFor waits until a process has gone, a few seconds at most: one whose parent does not ask for it seems to stay.
func waitFor(pid int) {
	for began := time.Now(); time.Since(began) < 3*time.Second && syscall.Kill(pid, 0) == nil; time.Sleep(5 * time.Millisecond) {
	}
}

// detached lets a program go on when the one that started it ends.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
