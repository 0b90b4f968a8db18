//go:build !linux || !cgo

package plugin

// Tunables is empty: only glibc's allocator has them.
const Tunables = ""

func keepMemory() {}

// Trim does nothing: other allocators than glibc's give memory back by themselves.
func Trim() {}
