// Package atomicfile makes files that are whole or not there at all, whatever happens while they are written: each is
// written under another name in the folder that it is to be in, synced, and renamed. What a process left there that
// was killed while it wrote is removed by the next one that writes into that folder; what others are writing is left
// alone.
package atomicfile

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// prefix begins the name of every file in the making. The rest is a random number, so that a name of any length can be
// made.
const prefix = ".fastnb-partial-"

// File is a file in the making: written to, then kept by Commit or thrown away by Discard.
type File struct {
	*os.File
	path string // what it becomes; empty for what is written to directly
}

// Create begins a file that is to become path. It has the permissions perm before umask, or those of the file that it
// takes the place of. A link is followed. What is there and no regular file, such as a pipe or /dev/stdout, is written
// to directly.
//
// The folder must exist. An error is a *fs.PathError that names path.
func Create(path string, perm fs.FileMode) (*File, error) {
	target := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		target = real
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return create(path, target, perm)
	case info.IsDir():
		return nil, &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(target, os.O_WRONLY, 0)
		return &File{File: f}, err
	}
	f, err := create(path, target, info.Mode().Perm())
	if err == nil {
		_ = f.Chmod(info.Mode().Perm()) // not every file system keeps them
	}
	return f, err
}

func create(path, target string, perm fs.FileMode) (*File, error) {
	sweep(filepath.Dir(target))
	f, err := begin(filepath.Dir(target), perm)
	if err != nil {
		return nil, named(err, path)
	}
	return &File{f, target}, nil
}

// named makes of an error about a name that the user does not know one about path.
func named(err error, path string) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return &fs.PathError{Op: "write", Path: path, Err: err}
}

// begin makes a file of a new name and locks it, which tells others that its writer lives. Between the two another
// process may take it for a dead one's; then it is made again.
func begin(dir string, perm fs.FileMode) (*os.File, error) {
	for range 100 {
		f, err := os.OpenFile(fresh(dir), os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lock(f)
		if _, err := os.Lstat(f.Name()); err == nil {
			return f, nil
		}
		f.Close()
	}
	return nil, fs.ErrExist
}

// fresh returns a name for a file in the making.
func fresh(dir string) string {
	return filepath.Join(dir, prefix+strconv.FormatUint(rand.Uint64(), 36))
}

// Commit waits until the file is on the disk and gives it its name. After an error the file is gone, and what was
// there before is as it was.
func (f *File) Commit() error {
	if f.path == "" {
		return f.Close()
	}
	defer f.Discard()
	if err := f.Sync(); err != nil {
		return named(err, f.path)
	}
	if runtime.GOOS == "windows" { // an open file has no other name there; elsewhere the lock is held until it has
		f.Close()
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return named(err, f.path)
	}
	syncFolder(filepath.Dir(f.path))
	return nil
}

// Discard throws the file away. After Commit it does nothing, so that it can be deferred.
func (f *File) Discard() {
	if f.path != "" {
		os.Remove(f.Name()) // fails when it has been renamed
	}
	f.Close()
}

// Write is os.WriteFile of a file that is whole or as it was before.
func Write(path string, data []byte, perm fs.FileMode) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.File.Write(data); err != nil {
		return named(err, path)
	}
	return f.Commit()
}
