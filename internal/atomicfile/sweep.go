package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sweep removes from a folder the files in the making whose writers are dead. Those of other users are left to them.
func sweep(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			removeDead(filepath.Join(dir, name))
		}
	}
}

// removeDead removes a file of ours that nobody has locked, or what has no lock, such as a link, after an hour.
func removeDead(path string) {
	info, err := os.Lstat(path)
	switch {
	case err != nil || !own(info):
	case info.Mode().IsRegular() && canLock:
		removeUnlocked(path)
	case info.Mode().IsRegular() || info.Mode()&os.ModeSymlink != 0:
		if time.Since(info.ModTime()) > time.Hour {
			os.Remove(path)
		}
	}
}
