package datasets

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/internal/fetch"
)

// source is one place that a set, or a smaller variant of it, comes from.
type source struct {
	file    string // base name, in mirrors too
	url     string // public address; empty for what only a mirror has
	sha256  string // empty if it isn't known: public archives may change
	inRepo  bool   // lies in a folder of this package, called as the file without its extension
	oneFile bool   // the file itself is the set, not an archive
}

// fetch returns the path of the verified file.
func (s source) fetch(ctx context.Context) (string, error) {
	if s.url != "" {
		return fetch.URL{Addr: s.url, SHA256: s.sha256, Name: s.file}.Fetch(ctx)
	}
	err := fmt.Errorf("no %s (SHA-256 %s) in a mirror: put it into a folder and set FASTNB_MIRROR to that", s.file,
		s.sha256)
	paths := fetch.Mirrored(s.file)
	if s.inRepo {
		paths = append(paths, repoFiles(s.file)...)
	}
	for _, path := range paths {
		var got string
		if got, err = fetch.SHA256(path); err != nil {
			continue
		}
		if got == s.sha256 {
			return path, nil
		}
		err = &fetch.ChecksumError{Path: path, Got: got, Want: s.sha256}
	}
	return "", err
}

// unpack makes the folder dir of an archive; if the archive has one folder at its top, of what is in that.
func (s source) unpack(path, dir string) error {
	if s.oneFile {
		return copyInto(path, dir, s.file)
	}
	if err := fetch.Unpack(path, dir); err != nil {
		return err
	}
	top, err := onlyFolder(dir)
	if err != nil || top == "" {
		return err
	}
	return raise(dir, top)
}

// onlyFolder returns the name of a folder's only visible entry if that is a folder, else nothing.
func onlyFolder(dir string) (string, error) {
	entries, err := visible(dir)
	if err != nil || len(entries) != 1 || !entries[0].IsDir() {
		return "", err
	}
	return entries[0].Name(), nil
}

// raise replaces a folder by one of the folders in it.
func raise(dir, top string) error {
	inner := dir + ".inner"
	if err := os.RemoveAll(inner); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, top), inner); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(inner, dir)
}

// copyInto makes a folder that holds a copy of one file.
func copyInto(path, dir, name string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}
