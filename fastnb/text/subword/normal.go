package subword

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fields goes through what whitespace parts, without characters that are invisible.
func fields(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for field := range strings.FieldsFuncSeq(text, isSpace) {
			if strings.ContainsFunc(field, isInvisible) {
				field = strings.Map(visible, field)
			}
			if field != "" && !yield(field) {
				return
			}
		}
	}
}

// normal returns a field in lower case and without accents, where that is wanted.
func (w *WordPiece) normal(field string) string {
	if w.strip && !isASCII(field) {
		field = strings.Map(withoutMarks, norm.NFD.String(field))
	}
	if w.lower {
		field = strings.Map(unicode.ToLower, field)
	}
	return field
}

// words goes through the words of a field; punctuation and CJK ideographs are words by themselves.
func words(field string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i, r := range field {
			if !isPunctuation(r) && !isIdeograph(r) {
				continue
			}
			end := i + utf8.RuneLen(r)
			if start < i && !yield(field[start:i]) || !yield(field[i:end]) {
				return
			}
			start = end
		}
		if start < len(field) {
			yield(field[start:])
		}
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isSpace is Unicode's White_Space without the two control characters that isInvisible has.
func isSpace(r rune) bool { return unicode.IsSpace(r) && !isInvisible(r) }

// isInvisible tells of controls, format characters, private use and what is not UTF-8.
func isInvisible(r rune) bool {
	if r == '\t' || r == '\n' || r == '\r' {
		return false
	}
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

func visible(r rune) rune {
	if isInvisible(r) {
		return -1
	}
	return r
}

func withoutMarks(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// isPunctuation counts all of ASCII that is neither letter nor digit, such as $ and +, which Unicode calls symbols.
func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && !('0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z') && r != 0x7f
	}
	return unicode.IsPunct(r)
}

// isIdeograph tells of the blocks of CJK ideographs, by their bounds.
func isIdeograph(r rune) bool {
	switch {
	case 0x4E00 <= r && r <= 0x9FFF, 0x3400 <= r && r <= 0x4DBF, 0x20000 <= r && r <= 0x2A6DF,
		0x2A700 <= r && r <= 0x2B73F, 0x2B740 <= r && r <= 0x2B81F,
		0x2B920 <= r && r <= 0x2CEAF, 0xF900 <= r && r <= 0xFAFF, 0x2F800 <= r && r <= 0x2FA1F:
		return true
	}
	return false
}
