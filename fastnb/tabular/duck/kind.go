package duck

import (
	"bytes"
	"strings"
	"time"
)

// kinds is a set of what the values of a column look like.
type kinds uint8

const (
	anInt kinds = 1 << iota
	aFloat
	aBool
	aDate
	aMoment
	aZoned // a moment with its distance from UTC
	anyText
	zeros // an integer that begins with zeros, as the number of a house or a place may
)

// sql is the narrowest type for a column. One without values becomes numbers.
func (k kinds) sql() string {
	switch k &^ zeros {
	case 0, anInt:
		return "BIGINT"
	case aFloat, anInt | aFloat:
		return "DOUBLE"
	case aBool:
		return "BOOLEAN"
	case aDate:
		return "DATE"
	case aMoment, aDate | aMoment:
		return "TIMESTAMP"
	case aZoned:
		return "TIMESTAMPTZ"
	}
	return "VARCHAR"
}

// kindOf says what a field looks like.
func kindOf(field []byte) kinds {
	f := bytes.Trim(field, " ")
	switch n := digits(sign(f)); {
	case len(f) == 0:
		return anyText
	case n > 0 && n == len(sign(f)):
		return integer(sign(f))
	case n == 4 && n < len(f) && (f[n] == '-' || f[n] == '/'):
		return dateOrMoment(f)
	case isFloat(sign(f)):
		return aFloat
	case isWord(f, "true") || isWord(f, "false"):
		return aBool
	}
	return anyText
}

// integer is the kind of some digits. BIGINT holds 18 of them; longer ones are names rather than numbers.
func integer(f []byte) kinds {
	switch {
	case len(f) > 18:
		return anyText
	case f[0] == '0' && len(f) > 1:
		return anInt | zeros
	}
	return anInt
}

// sign returns what follows a minus.
func sign(f []byte) []byte {
	if len(f) > 1 && f[0] == '-' {
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

// clocks are the ways to write a time of day that need no DateFormat.
var clocks = []struct {
	form string
	kind kinds
}{{"15:04", aMoment}, {"15:04:05", aMoment}, {"15:04:05Z07:00", aZoned}}

// dateOrMoment knows 2014-08-01, and 2014-08-01 12:30:00 with or without seconds, fractions of them and a zone.
func dateOrMoment(f []byte) kinds {
	s := strings.ReplaceAll(string(f), "/", "-")
	if _, err := time.Parse("2006-1-2", s); err == nil {
		return aDate
	}
	day, clock, found := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
	if _, err := time.Parse("2006-1-2", day); err != nil || !found {
		return anyText
	}
	for _, c := range clocks {
		if _, err := time.Parse(c.form, clock); err == nil {
			return c.kind
		}
	}
	return anyText
}
