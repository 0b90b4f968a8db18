package look

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/few"
)

// Source says where a column comes from, and so what mends it.
type Source struct {
	Package string // what the names of package duck's options begin with: "duck." or nothing
	Typed   bool   // its files have types of their own, so that a text becomes a number by Type only
}

// shown is how many values a note names.
const shown = 5

// Note says what keeps a column of text, of so many rows, from being what it seems to be meant for, and which option
// mends it; "" if there is nothing to say.
func (f Finding) Note(column string, rows int, from Source) string {
	others := append(slices.Clone(f.Missing), f.Odd...).frequent()
	switch {
	case f.Class == Other || f.Class == Number && f.Kinds&Zeros != 0 && !f.Kinds.Styled() && len(others) == 0:
		return ""
	case f.Class == Absence:
		return fmt.Sprintf("%s has no value in any of %d rows: %s; %s", column, rows, others.listed(), f.mend(column, from))
	case f.Class == Day && f.Kinds&Zoned != 0 && f.Kinds != Zoned:
		return f.mixedZones(column, rows)
	case len(others) == 0:
		return fmt.Sprintf("%s is text, though its %d values are %s, such as %s; %s", column, f.Meant.Rows(), f.what(),
			f.example(), f.way(column, from))
	case f.asWritten():
		return fmt.Sprintf("%s is text in %d of %d rows only: %s; %s", column, others.Rows(), rows, others.listed(),
			f.mend(column, from))
	}
	return fmt.Sprintf("%s is text, though %d of %d rows are %s, such as %s; %s; the other %d are %s; %s", column,
		f.Meant.Rows(), rows, f.what(),
		f.example(), f.way(column, from), others.Rows(), others.listed(), f.mend(column, Source{Package: from.Package}))
}

// asWritten tells whether what is meant needs no option to be read.
func (f Finding) asWritten() bool {
	return !f.Kinds.Styled() && f.Formats == nil && (f.Class != Truth || f.Kinds == Bool)
}

// mixedZones is the note of moments of which only some have an offset.
func (f Finding) mixedZones(column string, rows int) string {
	zoned, _ := f.Meant.split(func(v Value) bool { return Of([]byte(v.Text)) == Zoned })
	return fmt.Sprintf("%s is text: its times have an offset from UTC in %d of %d rows, and none in others; "+
		"DateParts takes those for UTC", column, zoned.Rows(), rows)
}

// what is the class in words.
func (f Finding) what() string {
	switch f.Class {
	case Day:
		return "dates"
	case Truth:
		return fmt.Sprintf("truth values in %d spellings", len(f.Meant))
	}
	return "numbers"
}

// example is a value as it is written, one that an option is needed for.
func (f Finding) example() string {
	v := f.Meant.frequent()
	if odd, _ := v.split(func(v Value) bool { return Of([]byte(v.Text)) == Text }); f.Class == Number && len(odd) > 0 {
		v = odd
	}
	if f.Class == Truth {
		return v.listed()
	}
	return shownText(v[0].Text)
}

// way names the options that read what is meant.
func (f Finding) way(column string, from Source) string {
	var options []string
	option := func(format string, args ...any) { options = append(options, from.Package+fmt.Sprintf(format, args...)) }
	if f.Style.Thousands != "" {
		option("Thousands(%q)", f.Style.Thousands)
	}
	if f.Style.Decimal != "" {
		option("Decimal(%q)", f.Style.Decimal)
	}
	if len(f.Style.Units) > 0 {
		option("Units(%s)", quoted(f.Style.Units))
	}
	switch {
	case f.Class == Truth:
		return fmt.Sprintf("in SQL, lower(%s) IN ('true', 'yes', 'on', '1') makes bools of them", f.trimmed(column))
	case f.Formats != nil:
		option("DateFormat(%q, %q)", column, f.Formats[0])
	case from.Typed || options == nil:
		option("Type(%q, %q)", column, f.Kinds.SQL())
	}
	return strings.Join(options, " with ") + " reads them" + f.unsure()
}

// trimmed is the SQL of a column of text without the spaces around its values, if they have any.
func (f Finding) trimmed(column string) string {
	name := strconv.Quote(column)
	if slices.ContainsFunc(f.Meant, func(v Value) bool { return strings.TrimSpace(v.Text) != v.Text }) {
		return "trim(" + name + ")"
	}
	return name
}

// unsure says what else the values could mean.
func (f Finding) unsure() string {
	if len(f.Formats) > 1 {
		return " (or " + quoted(f.Formats[1:]) + ", if days and months stand the other way round)"
	}
	if f.Style.Thousands != "," {
		return ""
	}
	if _, not := f.Meant.in(Style{Decimal: ",", Units: f.Style.Units}); len(not) > 0 {
		return ""
	}
	return ` (Decimal(",") if the comma is a decimal one)`
}

// mend says what to do about the values that are not of the class.
func (f Finding) mend(column string, from Source) string {
	words, _ := f.Odd.split(func(v Value) bool { return !strings.ContainsAny(v.Text, "0123456789") })
	nulls := append(slices.Clone(f.Missing), words...).frequent()
	if len(nulls) == 0 {
		return "correct them in the file"
	}
	texts := make([]string, min(len(nulls), 2*shown))
	for i := range texts {
		texts[i] = nulls[i].Text
	}
	with := ""
	if from.Typed && f.Class != Absence && f.asWritten() {
		with = fmt.Sprintf(" with %sType(%q, %q)", from.Package, column, f.Kinds.SQL())
	}
	s := fmt.Sprintf("%sNullStrings(%s)%s reads them as missing", from.Package, quoted(texts), with)
	if len(words) < len(f.Odd) {
		s += ", correct those with digits in the file"
	}
	return s
}

// listed names the first values.
func (v Values) listed() string {
	return few.Of(v, shown, ", ", func(x Value) string { return shownText(x.Text) })
}

// shownText is a text in a note: as it is, or in quotes where it would be misread.
func shownText(s string) string {
	if runes := []rune(s); len(runes) > 30 {
		s = string(runes[:29]) + "…"
	}
	if s == "" || strings.TrimSpace(s) != s || !strconv.CanBackquote(s) || strings.Contains(s, ", ") {
		return strconv.Quote(s)
	}
	return s
}

func quoted(list []string) string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = strconv.Quote(s)
	}
	return strings.Join(all, ", ")
}
