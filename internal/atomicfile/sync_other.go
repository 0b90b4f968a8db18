//go:build !linux

package atomicfile

import (
	"io/fs"
	"os"
	"path/filepath"
)

// syncTree writes a file, or all files of a folder, to disk.
func syncTree(path string) error {
	return filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}
