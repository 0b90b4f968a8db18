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
	if err := about(path, instead.Check(begin)); err != nil {
		return "", false, err
	}
	if err := check(begin); err != nil {
		return "", false, fmt.Errorf("%s is %w", path, err)
	}
	if encoding, err = charset.OfAll(in, r.encoding); err == nil {
		err = zeros(begin, encoding)
	}
	return encoding, bytes.HasPrefix(begin, []byte("\ufeff")), about(path, err)
}

// zeros tells of a text that has a zero beside each end of a line and is not said to be UTF-16, or is said to be and
// has none at all.
func zeros(begin []byte, encoding string) error {
	zero := bytes.IndexByte(begin, 0) >= 0
	beside := max(bytes.Count(begin, []byte("\n\x00")), bytes.Count(begin, []byte("\x00\n")))
	switch {
	case encoding != charset.UTF16 && zero && beside == bytes.Count(begin, []byte("\n")):
		if err := charset.Unmarked(begin); err != nil {
			return err
		}
		return fmt.Errorf("it has zero bytes: if it is UTF-16 without a byte order mark, Encoding(%q) reads it",
			charset.UTF16)
	case encoding == charset.UTF16 && !zero && len(begin) > 0 && utf8.Valid(begin):
		return fmt.Errorf("it is no UTF-16, which has zero bytes, and looks like UTF-8: leave Encoding(%q) out",
			charset.UTF16)
	}
	return nil
}

// about puts the name of a file before an error, nil if there is none.
func about(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return cut(path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// copyUTF8 copies a file into a folder of its own, so that the copy can have the file's name.
func (r *reading) copyUTF8(path, folder, encoding string) (err error) {
	in, err := openText(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := r.createCopy(path, folder)
	if err != nil {
		return fmt.Errorf("%s is to be copied in UTF-8 into the temporary folder, which TMPDIR names: %w", path, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	from := io.Reader(in)
	if encoding == charset.Latin1 {
		from = &latin1{in: in, path: path, line: 1}
	}
	if err := charset.Copy(out, from, encoding); errors.As(err, new(*controlsError)) {
		return err
	} else if err != nil {
		return about(path, err)
	}
	if r.copied == nil {
		r.copied = map[string]string{}
	}
	r.copied[path] = out.Name()
	return nil
}

// createCopy makes the file of a copy, in a folder of its own within that of the copies.
func (r *reading) createCopy(path, folder string) (*os.File, error) {
	if r.copies == "" {
		made, err := os.MkdirTemp("", "fastnb-duck-*-utf8")
		if err != nil {
			return nil, err
		}
		r.copies = made
	}
	to := filepath.Join(r.copies, folder, strings.TrimSuffix(filepath.Base(path), ".gz"))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return nil, err
	}
	return os.Create(to)
}

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

// discard removes the copies, also one that was not finished, and their names from an error.
func (r *reading) discard(err error) error {
	if r.copies == "" {
		return err
	}
	if err != nil && len(r.copied) > 0 {
		err = renamedError{err, r.original(err.Error())}
	}
	return errors.Join(err, os.RemoveAll(r.copies))
}

// renamedError is an error whose text names files instead of their copies.
type renamedError struct {
	error
	text string
}

func (e renamedError) Error() string { return e.text }

func (e renamedError) Unwrap() error { return e.error }

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
	path string
	line int
}

// controlsError tells where a text in Latin-1 has bytes that Latin-1 has no letters for.
type controlsError struct{ text string }

func (e *controlsError) Error() string { return e.text }

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
	return &controlsError{fmt.Sprintf("%s:%d: %q has bytes that Latin-1 has no letters for; "+
		"if it should read %q, the file is Windows-1252: Encoding(%q)", l.path, l.line, near, reads, charset.Windows1252)}
}
