package vision

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/fastnb/fastnb/fastnb/internal/passed"
	"github.com/fastnb/fastnb/internal/natural"
)

// file is one image file of the data.
type file struct {
	name string // slash-separated, from the path of the data or absolute
	truth
	group string            // what it belongs to, "" for none
	at    string            // its place in a list
	turn  int               // when it comes among those that are held out for validation, from 1; 0 of others
	sum   [sha256.Size]byte // of the content, zero where it can't be read
}

// walker lists the images below the folder root and notes what it passes over.
type walker struct {
	root   string
	except []string // folders below root that are not walked through
	passed passed.List
}

// below returns the images of a folder and of all folders in it, in natural order.
func (w *walker) below(folder, class string) ([]file, error) {
	var above []fs.FileInfo
	for at := filepath.Clean(folder); at != filepath.Dir(at); at = filepath.Dir(at) {
		info, err := os.Stat(filepath.Join(w.root, filepath.Dir(at)))
		if err != nil {
			return nil, fmt.Errorf("folder %s cannot be read: %w", filepath.Join(w.root, filepath.Dir(at)), cause(err))
		}
		above = append(above, info)
	}
	return w.files(folder, class, above)
}

// files is below of a folder that those above lead to.
func (w *walker) files(folder, class string, above []fs.FileInfo) ([]file, error) {
	self, err := os.Stat(filepath.Join(w.root, folder))
	if err != nil {
		return nil, fmt.Errorf("folder %s cannot be read: %w", filepath.Join(w.root, folder), cause(err))
	}
	if slices.ContainsFunc(above, func(f fs.FileInfo) bool { return os.SameFile(f, self) }) {
		w.pass(folder, "a link to a folder that it lies in", 1)
		return nil, nil
	}
	entries, err := w.readDir(folder)
	if err != nil {
		return nil, err
	}
	above = append(slices.Clone(above), self)
	var files []file
	for _, e := range entries {
		found, err := w.entry(folder, e, class, above)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// entry returns the images that an entry of a folder is or holds.
func (w *walker) entry(folder string, e fs.DirEntry, class string, above []fs.FileInfo) ([]file, error) {
	name := filepath.Join(folder, e.Name())
	info, err := os.Stat(filepath.Join(w.root, name)) // follows links
	if err != nil {
		info, err = e.Info() // a dangling link: it will be listed as unreadable
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // removed since
	case err != nil:
		return nil, err
	case info.IsDir() && slices.Contains(w.except, name):
		return nil, nil
	case info.IsDir():
		return w.files(name, class, above)
	case !imageName(name) && !w.imageContent(name, info):
		w.pass(name, notImage, 1)
		return nil, nil
	}
	return []file{{name: filepath.ToSlash(name), truth: truth{class: class}}}, nil
}

// imageContent tells whether a file begins as an image does.
func (w *walker) imageContent(name string, info fs.FileInfo) bool {
	if !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(filepath.Join(w.root, name))
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, 64)
	n, _ := io.ReadFull(f, start)
	_, err = formatOf(start[:n])
	return err == nil
}

// classes returns the names of the class folders in a folder, sorted. Images beside them have no class and are passed
// over.
func (w *walker) classes(folder string, except ...string) ([]string, error) {
	entries, err := w.readDir(folder)
	if err != nil {
		return nil, err
	}
	var classes []string
	for _, e := range entries {
		name := filepath.Join(folder, e.Name())
		switch dir := isDir(filepath.Join(w.root, name)); {
		case dir && (slices.Contains(except, e.Name()) || w.isOurs(name)):
		case dir:
			classes = append(classes, e.Name())
		case imageName(name):
			w.pass(name, "beside the class folders, so of no class", 1)
		}
	}
	slices.Sort(classes)
	return classes, nil
}

// isOurs tells whether a folder is what an earlier call with this path left.
func (w *walker) isOurs(folder string) bool {
	base := filepath.Base(folder)
	return (base == "tmp" || base == "models") && countImages(filepath.Join(w.root, folder)) == 0
}

// labelled returns the images of every class folder of a folder, class by class.
func (w *walker) labelled(folder string, classes []string) ([]file, error) {
	var files []file
	for _, class := range classes {
		in, err := w.below(filepath.Join(folder, class), class)
		if err != nil {
			return nil, err
		}
		files = append(files, in...)
	}
	return files, nil
}

// readDir returns the entries of a folder in natural order, without those that are passed over by their names.
func (w *walker) readDir(folder string) ([]fs.DirEntry, error) {
	dir := filepath.Join(w.root, folder)
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("folder %s cannot be read; change its permissions: %w", dir, err)
	case err != nil:
		return nil, fmt.Errorf("folder %s cannot be read: %w", dir, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return w.passedByName(folder, e) })
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { return natural.Compare(a.Name(), b.Name()) })
	return entries, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
