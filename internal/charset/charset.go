// Package charset turns the bytes of texts into letters: one rule for documents, tables, vocabularies, word vectors,
// samples of submissions and notebooks.
//
// A byte order mark says what a text is, whatever it was said to be, and is no part of it. What is in no mark's
// encoding is in the one that was named, UTF-8 if none was. What that encoding does not have is an error that shows
// where, and names the encoding that would read it; nothing is replaced unless that was asked for.
package charset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The encodings, by name.
const (
	UTF8        = "utf-8"
	Latin1      = "latin-1"
	Windows1252 = "windows-1252"
	UTF16       = "utf-16"
)

// Check tells that there is no encoding of a name; "" is UTF-8.
func Check(name string) error {
	switch name {
	case "", UTF8, Latin1, Windows1252, UTF16:
		return nil
	}
	return fmt.Errorf("Encoding(%q) (want %q, %q, %q or %q; convert other files first)", name, UTF8, Latin1, Windows1252,
		UTF16)
}

// Of returns the encoding of a text that begins with start, whose name is given, and how long its byte order mark is.
func Of(start []byte, name string) (encoding string, mark int, err error) {
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(start, []byte("\x00\x00\xfe\xff")):
		return "", 0, errors.New("this is UTF-32; convert it to UTF-8")
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		return UTF8, 3, nil
	case bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")):
		return UTF16, 0, nil // the mark tells the order of bytes
	case name == "":
		return UTF8, 0, nil
	}
	return name, 0, nil
}

// Decode returns text as a string of UTF-8.
func Decode(text []byte, name string) (string, error) {
	encoding, mark, err := Of(text, name)
	if err != nil {
		return "", err
	}
	if text = text[mark:]; ofBytes(encoding) && isWideUTF8(text) {
		encoding = UTF8
	}
	switch encoding {
	case Latin1:
		return fromLatin1(text), nil
	case Windows1252:
		return fromWindows1252(text), nil
	case UTF16:
		return fromUTF16(text)
	}
	return string(text), Valid(text)
}

// DecodeAny is Decode that puts U+FFFD in the place of what the encoding does not have.
func DecodeAny(text []byte, name string) (string, error) {
	encoding, mark, err := Of(text, name)
	switch {
	case err != nil:
		return "", err
	case encoding == UTF16:
		s, _ := fromUTF16(text)
		return s, nil
	case encoding == UTF8:
		return strings.ToValidUTF8(string(text[mark:]), string(utf8.RuneError)), nil
	}
	return Decode(text, name)
}

// ofBytes tells of an encoding that has one byte a letter.
func ofBytes(encoding string) bool { return encoding == Latin1 || encoding == Windows1252 }

// isWideUTF8 tells of a text that is UTF-8 and has letters beyond ASCII. As Latin-1 each would be two signs that no
// text has together ("Ã©"), so where both encodings come among texts that were said to be of one byte a letter, it is
// read as UTF-8.
func isWideUTF8(text []byte) bool {
	_, wide, bad := tally(text)
	return wide > 0 && bad == 0
}

// Valid tells where text is not UTF-8, and what it may be.
func Valid(text []byte) error {
	if !utf8.Valid(text) {
		return notUTF8(text)
	}
	return Unmarked(text)
}

// Unmarked tells that text, or the start of one, has the zeros that UTF-16 has, and no mark.
func Unmarked(text []byte) error {
	if likeUTF16(text) {
		return fmt.Errorf("%.16q has a zero byte in every other place, as UTF-16 without a byte order mark; "+
			"%s reads that", text, option(UTF16))
	}
	return nil
}

// Unmark is for texts whose encoding nobody is asked for: what a mark or zeros show to be UTF-16 becomes UTF-8, and
// a mark is taken away. The rest is as it was, UTF-8 or not.
func Unmark(text []byte) ([]byte, error) {
	name := ""
	if likeUTF16(text) {
		name = UTF16
	}
	encoding, mark, err := Of(text, name)
	if err != nil || encoding != UTF16 {
		return text[mark:], err
	}
	s, err := fromUTF16(text)
	return []byte(s), err
}

// around is how many bytes of a text are shown before and behind one that is not UTF-8.
const around = 8

func notUTF8(text []byte) error {
	at, wide, bad := tally(text)
	near := text[start(text, at):min(len(text), at+around)]
	where := ""
	if line := bytes.Count(text[:at], []byte("\n")) + 1; line > 1 {
		where = fmt.Sprintf(" in line %d", line)
	}
	if wide >= bad {
		return fmt.Errorf("%q%s is not UTF-8, %w", near, where, ErrDamaged)
	}
	reads, is, name := fromLatin1(near), "Latin-1", Latin1
	if HasControls(near) {
		reads, is, name = fromWindows1252(near), "Windows-1252", Windows1252
	}
	return fmt.Errorf("%q%s is not UTF-8; if it should read %q, the text is %s: %s", near, where, reads, is, option(name))
}

// ErrDamaged is within the error of a text that is UTF-8 but for some bytes.
var ErrDamaged = errors.New("though other letters of the text are: it is damaged")

// tally returns where the first byte is that is not UTF-8, and how many characters beyond ASCII and how many such
// bytes there are.
func tally(text []byte) (first, wide, bad int) {
	first = -1
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRune(text[at:])
		switch {
		case r == utf8.RuneError && n == 1:
			if bad++; first < 0 {
				first = at
			}
		case n > 1:
			wide++
		}
		at += n
	}
	return first, wide, bad
}

// start returns where to begin to show what is at a place.
func start(text []byte, at int) int {
	from := max(0, at-around)
	for from < at && !utf8.RuneStart(text[from]) {
		from++
	}
	return from
}

func option(name string) string { return fmt.Sprintf("Encoding(%q)", name) }

// HasControls tells of bytes that are controls in Latin-1, and mostly letters or quotes in Windows-1252.
func HasControls(text []byte) bool {
	for _, b := range text {
		if 0x80 <= b && b < 0xa0 {
			return true
		}
	}
	return false
}

func fromLatin1(text []byte) string {
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// fromWindows1252 has the control characters of Latin-1 for the five bytes that Windows-1252 lacks, as browsers do.
func fromWindows1252(text []byte) string {
	var b strings.Builder
	for _, c := range text {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}
