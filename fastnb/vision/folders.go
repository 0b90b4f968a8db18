package vision

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// file is one image file of the data.
type file struct {
	name  string // slash-separated, from the path of the data
	size  int64
	mtime int64 // ns
	class string
}

// listFiles returns the files of a folder in natural order, without hidden ones.
func listFiles(root, folder, class string) ([]file, error) {
	entries, err := readDir(filepath.Join(root, folder))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(root, folder, e.Name())) // follows links
		if err != nil {
			info, err = e.Info() // a dangling link: it will be listed as unreadable
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			name := filepath.ToSlash(filepath.Join(folder, e.Name()))
			files = append(files, file{name, info.Size(), info.ModTime().UnixNano(), class})
		}
	}
	return files, nil
}

// listClasses returns the names of the class folders in a folder, sorted, without those in except.
func listClasses(root, folder string, except ...string) ([]string, error) {
	entries, err := readDir(filepath.Join(root, folder))
	if err != nil {
		return nil, err
	}
	var classes []string
	for _, e := range entries {
		if isDir(filepath.Join(root, folder, e.Name())) && !slices.Contains(except, e.Name()) {
			classes = append(classes, e.Name())
		}
	}
	slices.Sort(classes)
	return classes, nil
}

// listLabelled returns the files of every class folder of a folder, class by class.
func listLabelled(root, folder string, classes []string) ([]file, error) {
	var files []file
	for _, class := range classes {
		in, err := listFiles(root, filepath.Join(folder, class), class)
		if err != nil {
			return nil, err
		}
		files = append(files, in...)
	}
	return files, nil
}

// readDir returns the entries of a folder in natural order, without hidden ones.
func readDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("folder %s cannot be read; change its permissions: %w", dir, err)
	case err != nil:
		return nil, fmt.Errorf("folder %s cannot be read: %w", dir, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { return natural(a.Name(), b.Name()) })
	return entries, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// natural compares names as people count: 2.jpg comes before 10.jpg.
func natural(a, b string) int {
	whole := cmp.Compare(a, b)
	for a != "" && b != "" {
		na, nb := leadingNumber(a), leadingNumber(b)
		if na == "" || nb == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		if c := compareNumbers(na, nb); c != 0 {
			return c
		}
		a, b = a[len(na):], b[len(nb):]
	}
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return whole
}

// leadingNumber returns the digits that s starts with.
func leadingNumber(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
	if end < 0 {
		return s
	}
	return s[:end]
}

// compareNumbers compares decimal numbers of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}
