//go:build unix

package setup

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks an open file for as long as it is open, here or in a program that inherited it.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
