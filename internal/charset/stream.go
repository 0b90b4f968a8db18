package charset

import (
	"bufio"
	"io"
	"unicode/utf8"
)

// block is how many bytes of a long text are looked at together.
const block = 1 << 16

// OfAll is Of for all of a text, so that it tells UTF-8 among texts that were said to be of one byte a letter, as
// Decode does. It reads no more than it must, and keeps nothing of it.
func OfAll(in io.Reader, name string) (encoding string, err error) {
	r := bufio.NewReaderSize(in, block)
	begin, err := r.Peek(4)
	if err != nil && err != io.EOF {
		return "", err
	}
	encoding, _, err = Of(begin, name)
	if err != nil || !ofBytes(encoding) {
		return encoding, err
	}
	if is, err := isUTF8(r); err != nil || !is {
		return encoding, err
	}
	return UTF8, nil
}

// isUTF8 is utf8.Valid of a text of any length.
func isUTF8(r *bufio.Reader) (bool, error) {
	for {
		begin, err := r.Peek(block)
		if err != nil && err != io.EOF {
			return false, err
		}
		ended := err == io.EOF
		if !ended {
			begin = begin[:whole(begin)]
		}
		if valid := utf8.Valid(begin); !valid || ended {
			return valid, nil
		}
		_, _ = r.Discard(len(begin))
	}
}

// whole returns how much of the start of a text ends with a whole character.
func whole(text []byte) int {
	for n := 1; n < utf8.UTFMax; n++ {
		if at := len(text) - n; utf8.RuneStart(text[at]) && !utf8.FullRune(text[at:]) {
			return at
		}
	}
	return len(text)
}

// Copy writes a text to w in UTF-8, without a mark. The encoding is the one that OfAll found; whether a text is
// UTF-8 is not looked at. A text in UTF-16 is in memory as a whole.
func Copy(w io.Writer, in io.Reader, encoding string) error {
	switch encoding {
	case UTF8:
		r := bufio.NewReaderSize(in, block)
		if begin, _ := r.Peek(3); string(begin) == "\ufeff" {
			_, _ = r.Discard(3)
		}
		_, err := r.WriteTo(w)
		return err
	case Latin1:
		return copyBytes(w, in, fromLatin1)
	case Windows1252:
		return copyBytes(w, in, fromWindows1252)
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	s, err := fromUTF16(all)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, s)
	return err
}

// copyBytes is Copy of a text whose letters are of one byte each.
func copyBytes(w io.Writer, in io.Reader, from func([]byte) string) error {
	buf := make([]byte, block)
	for {
		n, err := in.Read(buf)
		if _, err := io.WriteString(w, from(buf[:n])); err != nil {
			return err
		}
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}
