package duck

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// maxLine is the longest line, in bytes.
const maxLine = 16 << 20

// scan is what a look at all of a CSV file tells.
type scan struct {
	delimiter byte
	newline   string // as SQL writes it; "" if the first record has none
	mixed     bool   // records end in different ways
	skip      int    // blank lines at the start
	names     []string
	kinds     []look.Kinds // of each column
	records   int          // without the header
	bad       []fastnb.Skipped
}

// scanner goes through a file record by record.
type scanner struct {
	*scan
	o      *reading
	path   string
	in     io.Reader
	buf    []byte
	start  int  // of the record in buf
	end    int  // of the record in buf, where inside
	inside bool // a record was found
	line   int  // of the record in the file, from 1
	ended  bool
	wide   bool // a record had letters beyond ASCII
	nulls  map[string]bool
	look   *look.Reader

	fields [][]byte
	reason string // why the record is bad
}

// scan looks at a file, and adds what it sees to that of the files before.
func (r *reading) scan(path string, before *scan) (*scan, error) {
	f, err := openText(r.at(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &scanner{scan: &scan{}, o: r, path: path, in: f, line: 1, nulls: map[string]bool{}, look: look.NewReader(r.style)}
	for _, n := range r.nulls {
		s.nulls[n] = true
	}
	if err := s.all(before); err != nil {
		return nil, err
	}
	return s.scan, nil
}

func (s *scanner) all(before *scan) error {
	if err := s.first(before); err != nil {
		return err
	}
	for {
		more, err := s.next()
		if err != nil || !more {
			return err
		}
		s.take()
	}
}

// first looks at the first line: delimiter, names.
func (s *scanner) first(before *scan) error {
	if err := s.fill(); err != nil {
		return err
	}
	s.buf = bytes.TrimPrefix(s.buf, []byte("\ufeff"))
	if len(s.buf) == 0 {
		return fmt.Errorf("%s is empty: it has not even a line of names", s.path)
	}
	s.delimiter = s.guess()
	more, err := s.next()
	if err != nil || !more {
		return errors.Join(err, s.blank(more))
	}
	s.skip = bytes.Count(s.buf[:s.start], []byte("\n"))
	s.newline = s.lineEnd()
	return s.columns(before)
}

// lineEnd returns how the first record ends.
func (s *scanner) lineEnd() string {
	switch rest := s.buf[s.end:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		return `\r\n`
	case bytes.HasPrefix(rest, []byte("\r")):
		return `\r`
	case len(rest) > 0:
		return `\n`
	}
	return ""
}

func (s *scanner) blank(more bool) error {
	if more {
		return nil
	}
	return fmt.Errorf("%s has blank lines only", s.path)
}

// columns names the columns after the first record, and counts that as a row if it is one.
func (s *scanner) columns(before *scan) error {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = s.name(i, f)
	}
	if before != nil {
		if err := s.like(before, names); err != nil {
			return err
		}
		mixed := s.mixed
		*s.scan = *before
		s.mixed = mixed
	} else {
		s.names, s.kinds = names, make([]look.Kinds, len(names))
	}
	if !s.o.header {
		s.take()
	}
	return nil
}

// like says whether a file is written as the ones before.
func (s *scanner) like(before *scan, names []string) error {
	s.mixed = s.mixed || before.mixed || s.newline != "" && s.newline != before.newline
	if s.delimiter != before.delimiter || s.skip != before.skip {
		return fmt.Errorf("%s is not written as the files before it (delimiter, blank lines at the start); "+
			"read them one by one", s.path)
	}
	if s.o.header && !slices.Equal(names, before.names) {
		return fmt.Errorf("%s has the columns %s, the files before it %s; read them one by one", s.path,
			strings.Join(names, ", "), strings.Join(before.names, ", "))
	}
	return nil
}

// name is the name of column i: what the header has, or column1, column2, ... where it has nothing.
func (s *scanner) name(i int, field []byte) string {
	if len(field) == 0 || !s.o.header {
		return fmt.Sprintf("column%d", i+1)
	}
	name := string(field)
	return strings.ReplaceAll(name, s.o.quote+s.o.quote, s.o.quote)
}

// guess returns the delimiter: the one that the first line has most of, outside of quotes.
func (s *scanner) guess() byte {
	if s.o.delimiter != "" {
		return s.o.delimiter[0]
	}
	line, _, _ := bytes.Cut(s.buf, []byte("\n"))
	counts := map[byte]int{}
	quoted := false
	for _, c := range line {
		if s.o.quote != "" && c == s.o.quote[0] {
			quoted = !quoted
		}
		if !quoted {
			counts[c]++
		}
	}
	return slices.MaxFunc([]byte(",\t;|"), func(a, b byte) int { return counts[a] - counts[b] })
}

// take counts a record: its fields' kinds, or why it is bad.
func (s *scanner) take() {
	s.records++
	if n, want := len(s.fields), len(s.kinds); n != want && s.reason == "" {
		s.reason = fmt.Sprintf("%d fields (want %d)", n, want)
	}
	if s.reason != "" {
		s.bad = append(s.bad, fastnb.Skipped{Path: s.path, Line: s.line, Count: 1, Reason: s.reason})
		return
	}
	for i, f := range s.fields {
		if k := s.kinds[i]; k&look.Text == 0 && !s.null(f) {
			s.kinds[i] = k | s.look.Of(f)
		}
	}
}

func (s *scanner) null(field []byte) bool {
	return len(field) == 0 || len(s.nulls) > 0 && s.nulls[string(field)]
}

// fill reads more of the file behind what is left of the buffer.
func (s *scanner) fill() error {
	s.buf = append(s.buf[:0], s.buf[s.start:]...)
	s.start = 0
	if len(s.buf) > maxLine {
		return fmt.Errorf("%s:%d: a line of more than %d bytes; is a quote left open?", s.path, s.line, maxLine)
	}
	had := len(s.buf)
	s.buf = slices.Grow(s.buf, 1<<20)
	n, err := readFull(s.in, s.buf[had:had+1<<20])
	s.buf = s.buf[:had+n]
	if err == io.EOF {
		s.ended, err = true, nil
	}
	if err != nil {
		return cut(s.path, err)
	}
	return nil
}

// readFull fills buf. Unlike io.ReadFull's, its error tells the end of a file, io.EOF, from that of a cut one.
func readFull(in io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var more int
		more, err = in.Read(buf[n:])
		n += more
	}
	return n, err
}

// next finds the next record's fields; more is false at the end.
func (s *scanner) next() (more bool, err error) {
	if s.inside {
		s.pass(s.end)
	}
	s.inside = false
	for {
		for len(s.kinds) != 1 && s.start < len(s.buf) && isEnd(s.buf[s.start]) && s.sees(s.start) {
			s.pass(s.start)
		}
		if s.start == len(s.buf) && s.ended {
			return false, nil
		}
		whole := false
		if s.end, whole = s.split(); whole {
			s.inside = true
			s.mixed = s.mixed || s.newline != "" && s.lineEnd() != s.newline && s.end < len(s.buf)
			return true, s.check(s.buf[s.start:s.end])
		}
		if err := s.fill(); err != nil {
			return false, err
		}
	}
}

func isEnd(c byte) bool { return c == '\n' || c == '\r' }

// sees tells whether the byte after i is in the buffer, if the file has one.
func (s *scanner) sees(i int) bool { return s.ended || i+1 < len(s.buf) }

// pass steps over a record that ends at end, and over the line's end.
func (s *scanner) pass(end int) {
	s.line += bytes.Count(s.buf[s.start:end], []byte("\n"))
	s.start = end
	if bytes.HasPrefix(s.buf[end:], []byte("\r\n")) {
		s.start++
	}
	if s.start < len(s.buf) {
		s.start++
		s.line++
	}
}
