package fetch

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// mirrors returns the folders that may hold files by base name.
func mirrors() []string {
	dirs := filepath.SplitList(os.Getenv("FASTNB_MIRROR"))
	if own, err := cached("mirror"); err == nil {
		dirs = append(dirs, own)
	}
	return dirs
}

// Mirrored returns the paths of the files of the mirrors whose name is one of names, in the order of the mirrors.
func Mirrored(names ...string) (paths []string) {
	for _, dir := range mirrors() {
		for _, name := range names {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// MirroredFolder returns the first folder of the mirrors that is called name and has something in it, "" if there is
// none.
func MirroredFolder(name string) string {
	for _, dir := range mirrors() {
		path := filepath.Join(dir, name)
		if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 {
			return path
		}
	}
	return ""
}

// copyMirrored copies the first of the files with the right checksum to dst. It says whether there was one; the error
// tells of those with a wrong checksum.
func copyMirrored(paths []string, sha256, dst string) (done bool, rejected error) {
	for _, path := range paths {
		err := verify(path, sha256)
		if err == nil {
			err = copyFile(path, dst)
		}
		if err == nil {
			return true, nil
		}
		rejected = err
	}
	return false, rejected
}

// andRejected adds to an error that a mirror had a file, but the wrong one.
func andRejected(err, rejected error) error {
	if rejected == nil {
		return err
	}
	return fmt.Errorf("%w; and the mirror's is no use: %w", err, rejected)
}

func copyFile(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(dst, in)
}

// writeFile makes a file of what r yields.
func writeFile(path string, r io.Reader) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	return err
}

// byHand tells how to do without a network.
func byHand(name, sha256 string) string {
	dir := "the folder that FASTNB_MIRROR names"
	if dirs := mirrors(); len(dirs) > 0 {
		dir = dirs[len(dirs)-1]
	}
	if sha256 != "" {
		sha256 = fmt.Sprintf(" (SHA-256 %s)", sha256)
	}
	return fmt.Sprintf("without a network, get %s%s elsewhere and put it into %s", name, sha256, dir)
}
