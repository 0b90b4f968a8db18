//go:build unix

package resident

import (
	"fmt"
	"os"
	"syscall"
)

// private checks that a folder is the user's own, and closed to others.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !ok || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is open to others, or not yours: "+
			"move it away, or set XDG_RUNTIME_DIR to a folder with mode 0700", dir)
	}
	return nil
}

// detached lets a program go on when the one that started it ends.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
