package duck

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/charset"
)

// split cuts the record at s.start into fields. It is whole if its end is in the buffer, and end is where that is.
func (s *scanner) split() (end int, whole bool) {
	s.fields, s.reason = s.fields[:0], ""
	i := s.start
	for {
		field, next := s.field(i)
		if next < 0 || next >= len(s.buf)-1 && !s.ended {
			return 0, false // one byte more, so that \r\n stays together
		}
		s.fields = append(s.fields, field)
		if next == len(s.buf) || s.buf[next] != s.delimiter {
			return next, true
		}
		i = next + 1
	}
}

// field returns the field at i and where it ends; -1 if that is not in the buffer.
func (s *scanner) field(i int) (field []byte, end int) {
	open := s.spaces(i)
	if s.o.quote == "" || open == len(s.buf) || s.buf[open] != s.o.quote[0] {
		end = s.endFrom(i)
		return s.buf[i:end], end
	}
	closed := s.closing(open + 1)
	if closed < 0 {
		if s.ended {
			s.reason = "a quote is not closed"
			return nil, len(s.buf)
		}
		return nil, -1
	}
	if end = s.endFrom(closed + 1); end > s.spaces(closed+1) {
		s.reason = "text after a closing quote"
	}
	return s.buf[open+1 : closed], end
}

// spaces returns where the spaces at i end. Those around quotes are no part of the field, unless they are the
// delimiter.
func (s *scanner) spaces(i int) int {
	for i < len(s.buf) && s.buf[i] == ' ' && s.delimiter != ' ' {
		i++
	}
	return i
}

// endFrom returns where an unquoted field ends.
func (s *scanner) endFrom(i int) int {
	delimiter := s.delimiter
	for ; i < len(s.buf); i++ {
		if c := s.buf[i]; c == delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return i
}

// closing returns where the quote closes; two quotes are one in the text.
func (s *scanner) closing(i int) int {
	for {
		n := bytes.IndexByte(s.buf[i:], s.o.quote[0])
		if n < 0 {
			return -1
		}
		i += n
		if i+1 == len(s.buf) && !s.ended {
			return -1
		}
		if i+1 == len(s.buf) || s.buf[i+1] != s.o.quote[0] {
			return i
		}
		i += 2
	}
}

// check checks that a record is in UTF-8. Where others of the file have letters beyond ASCII that are, no other
// encoding would read them all.
func (s *scanner) check(record []byte) error {
	switch {
	case utf8.Valid(record):
		s.wide = s.wide || utf8.RuneCount(record) < len(record)
		return nil
	case s.wide:
		return fmt.Errorf("%s:%d: %.40q is not UTF-8, %w; mend that line", s.path, s.line, record, charset.ErrDamaged)
	}
	return notUTF8(s.path, s.line, record)
}
