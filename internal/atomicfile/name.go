package atomicfile

import (
	"os"
	"path/filepath"
)

// Move gives a finished file or folder another name in the same file system, after all that is in it is on the disk.
func Move(from, to string) error {
	if err := syncTree(from); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	syncFolder(filepath.Dir(to))
	return nil
}

// Link gives a file a second name, in the place of a file that has it. Where the file system has no links the file is
// renamed.
func Link(path, second string) error {
	if f, err := os.Open(path); err == nil && canLock {
		defer f.Close()
		lock(f) // the new name's lock, too: it is that of the file
	} else if err == nil {
		f.Close()
	}
	tmp := fresh(filepath.Dir(second))
	if err := os.Link(path, tmp); err != nil {
		return os.Rename(path, second)
	}
	defer os.Remove(tmp) // still there if both were names of one file already
	return os.Rename(tmp, second)
}

// Symlink makes a symbolic link to target, in the place of what is at path.
func Symlink(target, path string) error {
	sweep(filepath.Dir(path))
	tmp := fresh(filepath.Dir(path))
	if err := os.Symlink(target, tmp); err != nil {
		return named(err, path)
	}
	defer os.Remove(tmp)
	if err := os.Rename(tmp, path); err != nil {
		return named(err, path)
	}
	return nil
}

// syncFolder makes a new name last. Not every system does that for folders; the name is there all the same.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
