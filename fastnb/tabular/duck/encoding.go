package duck

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
)

// prepare looks at how the files begin, which check refuses or not, and makes copies in UTF-8 of those that are in
// another encoding, or JSON behind a byte order mark: DuckDB reads Latin-1 only in part, the others not at all, and
// a list behind a mark as one value.
func (r *reading) prepare(check func(begin []byte) error) error {
	if err := charset.Check(r.encoding); err != nil {
		return err
	}
	for i, path := range r.paths {
		encoding, marked, err := r.encodingOf(path, check)
		if err == nil && (encoding != charset.UTF8 || marked && r.json()) {
			err = r.copyUTF8(path, strconv.Itoa(i), encoding)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// encodingOf returns the encoding of a file that check does not refuse, and whether it begins with the mark of UTF-8.
func (r *reading) encodingOf(path string, check func(begin []byte) error) (encoding string, marked bool, err error) {
	f, err := openText(path)
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	begin, err := in.Peek(1 << 16)
	if err != nil && err != io.EOF {
		return "", false, cut(path, err)
	}
	if err := instead.Check(begin); err != nil {
		return "", false, fmt.Errorf("%s: %w", path, err)
	}
	if err := check(begin); err != nil {
		return "", false, fmt.Errorf("%s is %w", path, err)
	}
	encoding, err = charset.OfAll(in, r.encoding)
	if err == nil && encoding == charset.UTF8 {
		err = charset.Unmarked(begin)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return encoding, bytes.HasPrefix(begin, []byte("\ufeff")), err
}

// copyUTF8 copies a file into a folder of its own, so that the copy can have the file's name.
func (r *reading) copyUTF8(path, folder, encoding string) (err error) {
	in, err := openText(path)
	if err != nil {
		return err
	}
	defer in.Close()
	to := filepath.Join(r.copies(), folder, strings.TrimSuffix(filepath.Base(path), ".gz"))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	from := io.Reader(in)
	if encoding == charset.Latin1 {
		from = &latin1{in: in, line: 1}
	}
	if err := charset.Copy(out, from, encoding); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if r.copied == nil {
		r.copied = map[string]string{}
	}
	r.copied[path] = to
	return nil
}

// copies is the folder of the copies.
func (r *reading) copies() string { return r.temp + "-utf8" }

// at is where a file can be read in UTF-8.
func (r *reading) at(path string) string {
	if to, ok := r.copied[path]; ok {
		return to
	}
	return path
}

// readable are the files as at has them, as SQL.
func (r *reading) readable() string {
	paths := make([]string, len(r.paths))
	for i, path := range r.paths {
		paths[i] = r.at(path)
	}
	return literal(paths)
}

// original names in a message of DuckDB's the files instead of their copies.
func (r *reading) original(message string) string {
	for path, to := range r.copied {
		message = strings.ReplaceAll(message, to, path)
	}
	return message
}

// discard removes the copies, and their names from an error.
func (r *reading) discard(err error) error {
	if len(r.copied) == 0 {
		return err
	}
	if err != nil {
		err = errors.New(r.original(err.Error()))
	}
	return errors.Join(err, os.RemoveAll(r.copies()))
}

// openText opens a file, uncompressed if it is named .gz.
func openText(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return f, err
	}
	in, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w; if it is not compressed, name it without .gz", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{in, f}, nil
}

func cut(path string, err error) error { return fmt.Errorf("%s: %w; is the file cut off?", path, err) }

// notUTF8 tells in which line of a text it is not UTF-8, and what it may be. The first is called line.
func notUTF8(path string, line int, text []byte) error {
	for part := range bytes.Lines(text) {
		if !utf8.Valid(part) {
			return fmt.Errorf("%s:%d: %w", path, line, charset.Valid(bytes.TrimRight(part, "\r\n")))
		}
		line++
	}
	return nil
}

// latin1 reads a file in Latin-1 up to bytes that Latin-1 has no letters for.
type latin1 struct {
	in   io.Reader
	line int
}

func (l *latin1) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for line := range bytes.Lines(p[:n]) {
		if charset.HasControls(line) {
			return 0, l.controls(bytes.TrimRight(line, "\r\n"))
		}
		if bytes.HasSuffix(line, []byte("\n")) {
			l.line++
		}
	}
	return n, err
}

func (l *latin1) controls(line []byte) error {
	at := slices.IndexFunc(line, func(c byte) bool { return charset.HasControls([]byte{c}) })
	near := line[max(0, at-8):min(len(line), at+8)]
	reads, err := charset.Decode(near, charset.Windows1252)
	if err != nil {
		return err
	}
	return fmt.Errorf("line %d: %q has bytes that Latin-1 has no letters for; "+
		"if it should read %q, the file is Windows-1252: Encoding(%q)", l.line, near, reads, charset.Windows1252)
}
