//go:build linux && cgo

package plugin

// #include <malloc.h>
//
// #ifdef __GLIBC__
// static void trim_memory(void) { malloc_trim(0); }
// static void keep_memory(void) {
// 	mallopt(M_MMAP_MAX, 0);
// 	mallopt(M_TRIM_THRESHOLD, -1);
// 	mallopt(M_TOP_PAD, 64 << 20);
// 	mallopt(M_ARENA_MAX, 1);
// }
// #else
// static void trim_memory(void) {}
// static void keep_memory(void) {}
// #endif
import "C"

import "os"

// Tunables is the setting of glibc's allocator, in the environment variable GLIBC_TUNABLES, with which XLA's buffers
// get huge pages. It counts from the start of a process only.
const Tunables = "glibc.malloc.hugetlb=1"

// keepMemory makes the C allocator keep what XLA frees. XLA asks for its buffers anew at every call, and glibc would
// take each large one from the kernel and give it back: the page faults cost more than the arithmetic of an
// element-wise operation. A user's own MALLOC_ settings stand.
func keepMemory() {
	if os.Getenv("MALLOC_MMAP_MAX_") == "" {
		C.keep_memory()
	}
}

// Trim gives the memory that XLA has freed back to the system.
func Trim() { C.trim_memory() }
