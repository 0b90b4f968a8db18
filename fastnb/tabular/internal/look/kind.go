// Package look tells what texts look like: numbers, dates, truth values; and what keeps a column of text from being
// one of these.
package look

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

// Kinds is a set of what the values of a column look like.
type Kinds uint16

// The kinds.
const (
	Int Kinds = 1 << iota
	Float
	Bool
	Date
	Moment
	Zoned // a moment with its distance from UTC
	Text
	Zeros       // an integer that begins with zeros, as the number of a house or a place may
	StyledInt   // an integer that only a Style tells
	StyledFloat // a number that only a Style tells
)

const (
	styled  = StyledInt | StyledFloat
	numbers = Int | Float | styled
	times   = Date | Moment | Zoned
)

// Styled tells whether a column of these kinds holds numbers that only a Style tells.
func (k Kinds) Styled() bool { return k&styled != 0 && k&^(numbers|Zeros) == 0 }

// SQL is the narrowest type for a column. One without values becomes numbers.
func (k Kinds) SQL() string {
	switch k &= ^Zeros; {
	case k&^(Int|StyledInt) == 0:
		return "BIGINT"
	case k&^numbers == 0:
		return "DOUBLE"
	case k == Bool:
		return "BOOLEAN"
	case k == Date:
		return "DATE"
	case k&^(Date|Moment) == 0:
		return "TIMESTAMP"
	case k == Zoned:
		return "TIMESTAMPTZ"
	}
	return "VARCHAR"
}

// Of says what a field looks like.
func Of(field []byte) Kinds {
	f := bytes.Trim(field, " \t")
	switch n := digits(sign(f)); {
	case len(f) == 0:
		return Text
	case n > 0 && n == len(sign(f)):
		return integer(sign(f))
	case n == 4 && n < len(f) && (f[n] == '-' || f[n] == '/'):
		return dateOrMoment(f)
	case isFloat(sign(f)):
		return Float
	case isWord(f, "true") || isWord(f, "false"):
		return Bool
	}
	return Text
}

// integer is the kind of some digits. BIGINT holds 18 of them; longer ones are names rather than numbers.
func integer(f []byte) Kinds {
	switch {
	case len(f) > 18:
		return Text
	case f[0] == '0' && len(f) > 1:
		return Int | Zeros
	}
	return Int
}

// sign returns what follows a plus or minus.
func sign(f []byte) []byte {
	if len(f) > 1 && (f[0] == '-' || f[0] == '+') {
		return f[1:]
	}
	return f
}

// digits counts the digits that a text begins with.
func digits(f []byte) int {
	for i, c := range f {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(f)
}

// isFloat knows 1.5, .5, 5., 1e-3, inf and nan.
func isFloat(f []byte) bool {
	whole := digits(f)
	rest := f[whole:]
	fraction := 0
	if len(rest) > 0 && rest[0] == '.' {
		fraction = digits(rest[1:])
		rest = rest[1+fraction:]
	}
	if whole+fraction == 0 {
		return isWord(f, "inf") || isWord(f, "infinity") || isWord(f, "nan")
	}
	return len(rest) == 0 || isExponent(rest)
}

func isExponent(f []byte) bool {
	if f[0]|0x20 != 'e' || len(f) == 1 {
		return false
	}
	if f = f[1:]; f[0] == '+' || f[0] == '-' {
		f = f[1:]
	}
	n := digits(f)
	return n > 0 && n == len(f)
}

func isWord(f []byte, word string) bool {
	return len(f) == len(word) && strings.EqualFold(string(f), word)
}

// Offset is the regular expression of a moment with its distance from UTC: Z, UTC, GMT, +02, +02:00 or -0500. Its
// parts are the moment, the offset's hours with their sign, and its minutes. Other names of zones are not known.
const Offset = `(` + Plain + `) ?(?:[zZ]|UTC|GMT|([-+][01][0-9])(?::?([0-5][0-9]))?)`

// Plain is the regular expression of a moment without one, or of a day, year-month-day.
const Plain = `[0-9]+[-/][0-9]+[-/][0-9]+(?:[ T]+[0-9]+:[0-9]{1,2}(?::[0-9]{1,2}(?:[.][0-9]*)?)?)?`

var offset = regexp.MustCompile(`^(?:` + Offset + `)$`)

// dateOrMoment knows 2014-08-01, and 2014-08-01 12:30:00 with or without seconds, fractions of them and an offset.
func dateOrMoment(f []byte) Kinds {
	s := string(f)
	switch {
	case isDay(s):
		return Date
	case isMoment(s):
		return Moment
	case isZoned(s):
		return Zoned
	}
	return Text
}

// isZoned knows a moment with an offset, of which there are none beyond 15 hours.
func isZoned(s string) bool {
	m := offset.FindStringSubmatch(s)
	return m != nil && isMoment(m[1]) && (m[2] == "" || m[2][1:] <= "15" && m[3] <= "59")
}

func isDay(s string) bool {
	_, err := time.Parse("2006-1-2", strings.ReplaceAll(s, "/", "-"))
	return err == nil
}

func isMoment(s string) bool {
	day, clock, found := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
	if !found || !isDay(day) {
		return false
	}
	_, short := time.Parse("15:04", clock)
	_, long := time.Parse("15:04:05", clock)
	return short == nil || long == nil
}
