// Package fetch gets files into the user's cache: from a URL, from a wheel of the Python package index, from a package
// of npm, or from a mirror folder. A file in the cache is whole and its checksum was right; a cut download goes on
// where it stopped; two processes at once do the work once; and what is cached needs no network.
//
// A mirror is a folder that holds files by their base name: those of the list FASTNB_MIRROR are looked at first, then
// the folder "mirror" in the cache. That is how a machine without internet gets its files.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Source is a file that lies elsewhere. Fetch returns the path of a local copy whose checksum was verified; the file
// belongs to the cache and must not be changed.
type Source interface {
	Fetch(ctx context.Context) (path string, err error)
}

// File is a local file, which is its own copy.
type File string

// Fetch returns the absolute path of the file, or an error if it isn't a file.
func (f File) Fetch(context.Context) (string, error) {
	info, err := os.Stat(string(f))
	if err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("fetch: %s is not a file", f)
	}
	return filepath.Abs(string(f))
}

// CacheDir returns the folder that all cached files are in: $FASTNB_CACHE, else "fastnb" in the user's cache folder. It
// may not exist yet.
func CacheDir() (string, error) {
	if dir := os.Getenv("FASTNB_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("fetch: no cache folder: %w (set FASTNB_CACHE to a folder)", err)
	}
	return filepath.Join(dir, "fastnb"), nil
}

// cached returns a path in the cache.
func cached(elem ...string) (string, error) {
	dir, err := CacheDir()
	return filepath.Join(append([]string{dir}, elem...)...), err
}

// SHA256 returns the checksum of a file in hexadecimal.
func SHA256(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// ChecksumError says that a file isn't the one that was asked for.
type ChecksumError struct {
	Path      string // the file, or where it came from
	Got, Want string // SHA-256, hexadecimal
}

func (e *ChecksumError) Error() string {
	return fmt.Sprintf("%s has SHA-256 %s (want %s): the file is damaged or another version", e.Path, e.Got, e.Want)
}

// verify returns a ChecksumError if the file's checksum isn't want; an empty want is not checked.
func verify(path, want string) error {
	if want == "" {
		return nil
	}
	got, err := SHA256(path)
	if err == nil && got != want {
		err = &ChecksumError{Path: path, Got: got, Want: want}
	}
	return err
}
