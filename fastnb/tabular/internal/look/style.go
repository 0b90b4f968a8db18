package look

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Style is how numbers are written.
type Style struct {
	Thousands string   // between groups of digits, "" for nothing; " " also for narrow and unbreakable spaces
	Decimal   string   // before the fraction; "" is the point
	Units     []string // around a number, such as $ or km
}

// Plain tells whether the style is that of programs: 1234.5.
func (s Style) Plain() bool { return s.Thousands == "" && s.point() == "." && len(s.Units) == 0 }

func (s Style) point() string {
	if s.Decimal == "" {
		return "."
	}
	return s.Decimal
}

// Check tells what is wrong with a style.
func (s Style) Check() error {
	for _, o := range []struct{ name, mark string }{{"Thousands", s.Thousands}, {"Decimal", s.Decimal}} {
		if utf8.RuneCountInString(o.mark) > 1 || strings.ContainsAny(o.mark, "0123456789+-eE") {
			return fmt.Errorf("%s(%q): want one sign that is no digit, plus or minus", o.name, o.mark)
		}
	}
	if s.Thousands == s.point() {
		return fmt.Errorf("%s(%q) is the decimal sign, too; say which other that is: Decimal", "Thousands", s.Thousands)
	}
	for _, u := range s.Units {
		if u == "" || strings.ContainsAny(u, "0123456789") {
			return fmt.Errorf("%s: %q (want signs or words without digits, such as \"$\")", "Units", u)
		}
	}
	return nil
}

// set is a mark as a set of characters of a regular expression.
func set(mark string) string {
	if mark == " " {
		return `[ \x{a0}\x{202f}]`
	}
	return "[" + regexp.QuoteMeta(mark) + "]"
}

// blank are the spaces around a number and its unit.
const blank = `[\s\x{a0}\x{202f}]*`

// Group is the regular expression of the sign between groups of digits.
func (s Style) Group() string { return set(s.Thousands) }

// Pattern is the regular expression of numbers of the style, which RE2 and Go read alike. Group 1 and 2 are signs, 3
// the digits with their marks.
func (s Style) Pattern() string {
	whole := "[0-9]+"
	if s.Thousands != "" {
		t := set(s.Thousands)
		whole = "[0-9]{1,3}(?:" + t + "[0-9]{2,3})*" + t + "[0-9]{3}|" + whole
	}
	point := set(s.point())
	number := fmt.Sprintf("(?:%s)(?:%s[0-9]*)?|%[2]s[0-9]+", whole, point)
	unit := s.unit()
	return fmt.Sprintf(`%s([-+]?)%s([-+]?)((?:%s)(?:[eE][-+]?[0-9]+)?)%[2]s%[1]s`, blank, unit, number)
}

// unit is the expression of a unit that may be there.
func (s Style) unit() string {
	if len(s.Units) == 0 {
		return ""
	}
	quoted := make([]string, len(s.Units))
	for i, u := range s.Units {
		quoted[i] = regexp.QuoteMeta(u)
	}
	return blank + `(?:` + strings.Join(quoted, "|") + `)?` + blank
}

// Reader tells the kinds of fields of a style.
type Reader struct {
	style   Style
	pattern *regexp.Regexp
}

// NewReader returns a reader of a style.
func NewReader(s Style) *Reader {
	if s.Plain() {
		return &Reader{style: s}
	}
	return &Reader{s, regexp.MustCompile("^(?:" + s.Pattern() + ")$")}
}

// Of says what a field looks like in the reader's style.
func (r *Reader) Of(field []byte) Kinds {
	k := Of(field)
	if r.pattern == nil || k&(Int|Bool|times) != 0 || r.isPlain(k, field) {
		return k
	}
	m := r.pattern.FindSubmatch(field)
	switch {
	case m == nil || len(m[1])*len(m[2]) > 0:
		return Text
	case bytes.ContainsAny(m[3], "eE"+r.style.point()):
		return StyledFloat
	case len(m[3]) > 24: // 18 digits, and their marks
		return Text
	}
	return StyledInt
}

// isPlain tells whether a number means the same in the reader's style as without one; inf and nan do.
func (r *Reader) isPlain(k Kinds, field []byte) bool {
	pointed := r.style.point() == "." && r.style.Thousands != "."
	return k == Float && (pointed || !bytes.ContainsAny(field, "0123456789"))
}
