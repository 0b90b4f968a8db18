package fetch

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// The most that an archive may unpack to, so that a small hostile one cannot fill the disk: its size times maxGrowth,
// or minGrowth bytes if that is more. Every member counts at least memberCost bytes.
var (
	maxGrowth  int64 = 100
	minGrowth  int64 = 256 << 20
	memberCost int64 = 512
)

// Extract unpacks a .tar, .tar.gz or .zip archive, told apart by content, into the folder dir, which appears whole or
// not at all; if it is there, nothing is done. Only files and folders are unpacked: a member that is a link or a
// device, or that would lie outside dir, is an error.
func Extract(archive, dir string) error {
	return Once(context.Background(), dir, func(tmp string) error { return Unpack(archive, tmp) })
}

// Unpack does the work of Extract, for use within Once: what was in dir is removed, and so is dir after an error.
func Unpack(archive, dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	if err := extract(archive, dir); err != nil {
		os.RemoveAll(dir)
		return fmt.Errorf("fetch: extracting %s: %w", archive, err)
	}
	return nil
}

func extract(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	out, err := newUnpacker(dir, info.Size())
	if err != nil {
		return err
	}
	defer out.root.Close()
	return out.unpack(f, info.Size())
}

// unpack tells the format by the first bytes.
func (u *unpacker) unpack(f *os.File, size int64) error {
	r := bufio.NewReaderSize(f, 1<<16)
	magic, _ := r.Peek(2)
	switch {
	case bytes.Equal(magic, []byte("PK")):
		return u.zip(f, size)
	case bytes.Equal(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return err
		}
		return u.tar(z)
	}
	if err := checkTrailer(f, size); err != nil {
		return err
	}
	return u.tar(r)
}

// checkTrailer says whether a tar ends as it should, with an empty block: a cut one may look whole otherwise.
func checkTrailer(f io.ReaderAt, size int64) error {
	var block [512]byte
	if _, err := f.ReadAt(block[:], size-int64(len(block))); err != nil || block != [512]byte{} {
		return errors.New("not a whole tar, tar.gz or zip archive")
	}
	return nil
}

// unpacker writes members below a folder that they cannot leave.
type unpacker struct {
	root *os.Root
	left int64  // bytes that may still be written
	made string // the folder that was made last
}

func newUnpacker(dir string, archiveSize int64) (*unpacker, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	return &unpacker{root: root, left: max(maxGrowth*archiveSize, minGrowth)}, err
}

func (u *unpacker) tar(r io.Reader) error {
	t := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := t.Next()
		if err == io.EOF && n > 0 {
			_, err := io.Copy(io.Discard, r) // the checksum of a gzip stream comes last
			return err
		}
		if err != nil {
			return fmt.Errorf("not a whole tar, tar.gz or zip archive: %w", err)
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		mode := h.FileInfo().Mode()
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeDir {
			mode |= os.ModeIrregular // a hard link has a file's mode
		}
		if err := u.member(h.Name, mode, t); err != nil {
			return err
		}
	}
}

func (u *unpacker) zip(f io.ReaderAt, size int64) error {
	z, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	for _, m := range z.File {
		r, err := m.Open()
		if err != nil {
			return fmt.Errorf("%q: %w", m.Name, err)
		}
		if err := errors.Join(u.member(m.Name, m.Mode(), r), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// member writes one file or makes one folder.
func (u *unpacker) member(name string, mode os.FileMode, r io.Reader) error {
	local := filepath.FromSlash(path.Clean(name))
	if !filepath.IsLocal(local) {
		return fmt.Errorf("member %q would lie outside the folder", name)
	}
	u.left -= memberCost
	switch {
	case mode.IsDir():
		return u.root.MkdirAll(local, 0o755)
	case !mode.IsRegular():
		return fmt.Errorf("member %q is neither file nor folder", name)
	}
	if dir := filepath.Dir(local); dir != u.made {
		if err := u.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		u.made = dir
	}
	return u.file(local, r)
}

func (u *unpacker) file(name string, r io.Reader) error {
	f, err := u.root.Create(name)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(r, max(u.left, 0)+1))
	u.left -= n
	if u.left < 0 {
		err = fmt.Errorf("member %q: the archive grows too much in unpacking (to over %d times its size)", name, maxGrowth)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
