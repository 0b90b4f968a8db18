//go:build !linux

package main

import "syscall"

func endWithUs() *syscall.SysProcAttr { return nil }

// others does not list what the kernel has started here: gopls ends by itself, and cells end with the interrupt that
// the kernel sends them.
func others() []member { return nil }
