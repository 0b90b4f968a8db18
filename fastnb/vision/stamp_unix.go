//go:build unix

package vision

import "golang.org/x/sys/unix"

// stampOf returns the stamp of a file, links followed.
func stampOf(path string) stamp {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return stamp{}
	}
	return stamp{Size: st.Size, Modified: st.Mtim.Nano(), Changed: st.Ctim.Nano(),
		Device: uint64(st.Dev), Inode: uint64(st.Ino)}
}
