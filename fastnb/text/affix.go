package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Punctuation that is split off words, before and behind.
const (
	punctuation = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪"
	quotes      = "'\",”“`‘´’‚„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧"
	dashes      = "—–"
)

// prefix returns the length of what is split off before a piece, 0 if there is nothing.
func prefix(piece string) int {
	r, size := utf8.DecodeRuneInString(piece)
	switch {
	case isPlain(r):
		return 0
	case r == '.':
		return dots(piece)
	case r == '+':
		if next := piece[size:]; next != "" && isDigit(rune(next[0])) {
			return 0
		}
		return size
	case class(r)&(punct|quote|dash|money|icon) != 0 || strings.ContainsRune("§%=", r):
		return size
	}
	return 0
}

// dots returns how many full stops a piece begins with where there are two or more, else 0.
func dots(piece string) int {
	if n := leading(piece, func(r rune) bool { return r == '.' }); n >= 2 {
		return n
	}
	return 0
}

// suffix returns the length of what is split off behind a piece, 0 if there is nothing.
func suffix(piece string) int {
	r, size := utf8.DecodeLastRuneInString(piece)
	before, _ := utf8.DecodeLastRuneInString(piece[:len(piece)-size])
	switch {
	case piece == "":
		return 0
	case r == '.':
		return fullStop(piece, before)
	case r == 's' && (before == '\'' || before == '’'):
		return size + utf8.RuneLen(before)
	case strings.HasSuffix(piece, "……"):
		return len("……")
	case class(r)&(punct|quote|dash|icon) != 0:
		return size
	case r == '+' || class(r)&money != 0:
		if isDigit(before) {
			return size
		}
		return 0
	}
	return unit(piece)
}

// fullStop returns the length of the full stops that end a piece: several, or one behind a word, number or sign.
func fullStop(piece string, before rune) int {
	if n := len(piece) - len(strings.TrimRight(piece, ".")); n >= 2 {
		return n
	}
	switch {
	case class(before)&(digit|lower|uncased|punct|quote) != 0 || strings.ContainsRune("%²-+|", before):
		return 1
	}
	return 0
}

// units are what is split off behind a digit: 5km, 100%.
var units = func() map[string]bool {
	all := map[string]bool{}
	for _, u := range strings.Fields("ha µm nm yd in ft kg g mg µg t lb oz km/h kmh mph mbar mb kb gb tb m/s % " +
		"г кг мг нм кб мб гб тб м/с км/ч") {
		all[u] = true
	}
	for _, m := range strings.Fields("m km dm cm mm м км дм см мм م كم سم مم") {
		all[m], all[m+"²"], all[m+"³"] = true, true, true
	}
	return all
}()

// unit returns the length of a unit that a piece ends in, where a digit is before it.
func unit(piece string) int {
	for i := len(piece) - 1; i >= 0 && i >= len(piece)-8; i-- {
		if isDigit(rune(piece[i])) {
			if units[piece[i+1:]] {
				return len(piece) - i - 1
			}
			return 0
		}
	}
	return 0
}

// hyphens join words, the first that fits.
var hyphens = []string{"-", "–", "—", "--", "---", "——", "~"}

// infix returns the length of what splits a piece at a position, 0 if nothing does.
func infix(piece string, at int) int {
	r, size := utf8.DecodeRuneInString(piece[at:])
	if class(r) == lower {
		return 0
	}
	if n := dots(piece[at:]); n > 0 {
		return n
	}
	before, _ := utf8.DecodeLastRuneInString(piece[:at])
	after, _ := utf8.DecodeRuneInString(piece[at+size:])
	switch p, n := class(before), class(after); {
	case r == '…' || class(r)&icon != 0:
		return size
	case strings.ContainsRune("+-*^", r) && isDigit(before) && (isDigit(after) || after == '-'):
		return size
	case r == '.' && p&(lower|uncased|quote) != 0 && n&(upper|uncased|quote) != 0:
		return size
	case r == ',' && p&letter != 0 && n&letter != 0:
		return size
	case strings.ContainsRune(":<>=/", r) && p&(letter|digit) != 0 && n&letter != 0:
		return size
	case p&(letter|digit) != 0:
		return hyphen(piece[at:])
	}
	return 0
}

// hyphen returns the length of the hyphen that a piece begins with where a letter follows, else 0.
func hyphen(piece string) int {
	for _, h := range hyphens {
		if rest, found := strings.CutPrefix(piece, h); found {
			if after, _ := utf8.DecodeRuneInString(rest); class(after)&letter != 0 {
				return len(h)
			}
		}
	}
	return 0
}

// classes of characters, as bits.
type classes uint16

const (
	lower classes = 1 << iota
	upper
	uncased // a letter of a script without capitals
	digit   // 0 to 9
	punct
	quote
	dash
	money
	icon // a symbol that is no sign of mathematics: emoji, ©, °

	letter = lower | upper | uncased
)

// The scripts whose letters can be joined or split within a word, and the blocks of signs that count as letters of
// Chinese and Japanese.
var (
	cased     = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek}
	withoutUp = []*unicode.RangeTable{
		unicode.Ethiopic, unicode.Bengali, unicode.Hebrew, unicode.Arabic, unicode.Sinhala, unicode.Devanagari,
		unicode.Kannada, unicode.Tamil, unicode.Telugu, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Han,
		eastern,
	}
	eastern = &unicode.RangeTable{R16: []unicode.Range16{
		{Lo: 0x2e80, Hi: 0x30ff, Stride: 1}, {Lo: 0x31c0, Hi: 0x33ff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe4f, Stride: 1},
	}}
	ligatures = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xfb00, Hi: 0xfb06, Stride: 1}}} // are no letters here
)

// first holds the classes of the characters that are most frequent.
var first = func() (table [0x250]classes) {
	for r := range table {
		table[r] = classify(rune(r))
	}
	return table
}()

func class(r rune) classes {
	if int(r) < len(first) {
		return first[r]
	}
	return classify(r)
}

// classify finds the classes of a character: a comma is a quotation mark, too, and 。 a letter.
func classify(r rune) (c classes) {
	for _, of := range []struct {
		class classes
		in    bool
	}{
		{digit, isDigit(r)},
		{punct, strings.ContainsRune(punctuation, r)},
		{quote, strings.ContainsRune(quotes, r)},
		{dash, strings.ContainsRune(dashes, r)},
		{money, strings.ContainsRune("$£€¥฿﷼", r) || '₠' <= r && r <= '₿'},
		{icon, unicode.Is(unicode.So, r)},
		{uncased, unicode.In(r, withoutUp...)},
		{lower, isCased(r) && unicode.IsLower(r)},
		{upper, isCased(r) && unicode.IsUpper(r)},
	} {
		if of.in {
			c |= of.class
		}
	}
	return c
}

func isCased(r rune) bool { return unicode.In(r, cased...) && !unicode.Is(ligatures, r) }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
