//go:build (!linux || !cgo) && !resident

package engine

// Tunables is empty: only glibc's allocator has them.
const Tunables = ""

func keepMemory() {}
