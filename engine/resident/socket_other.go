//go:build !unix

package resident

import "syscall"

// private relies on the rights of the user's temporary folder.
func private(string) error { return nil }

// waitFor does not wait: a device can be opened anew at once.
func waitFor(int) {}

func detached() *syscall.SysProcAttr { return nil }
