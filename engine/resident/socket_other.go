//go:build !unix

package resident

import "syscall"

// private relies on the rights of the user's temporary folder.
func private(string) error { return nil }

func detached() *syscall.SysProcAttr { return nil }
