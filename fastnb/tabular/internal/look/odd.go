package look

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Value is a text, and how many rows have it.
type Value struct {
	Text string
	Rows int
}

// Values are the different texts of a column.
type Values []Value

// Count collects the different texts of a column's rows; there tells which rows have one.
func Count(texts []string, there func(row int) bool) Values {
	rows := map[string]int{}
	for i, t := range texts {
		if there(i) {
			rows[t]++
		}
	}
	var all Values
	for _, t := range slices.Sorted(maps.Keys(rows)) {
		all = append(all, Value{t, rows[t]})
	}
	return all
}

// Rows counts the rows of values.
func (v Values) Rows() (n int) {
	for _, x := range v {
		n += x.Rows
	}
	return n
}

// split parts the values.
func (v Values) split(f func(Value) bool) (yes, no Values) {
	for _, x := range v {
		if f(x) {
			yes = append(yes, x)
		} else {
			no = append(no, x)
		}
	}
	return yes, no
}

// frequent sorts the values by how many rows have them.
func (v Values) frequent() Values {
	return slices.SortedStableFunc(slices.Values(v), func(a, b Value) int { return cmp.Compare(b.Rows, a.Rows) })
}

// Class is what the values of a column of text would be, but for some.
type Class int

// The classes.
const (
	Other   Class = iota // text
	Number               // numbers
	Day                  // dates or moments
	Truth                // truth values
	Absence              // spellings of missing values alone
)

// Finding is what keeps a column of text from being of a class.
type Finding struct {
	Class   Class
	Kinds   Kinds    // of Meant as they are written
	Meant   Values   // what is of the class
	Missing Values   // what are spellings of a missing value
	Odd     Values   // what is neither
	Style   Style    // of numbers
	Formats []string // of dates not year-month-day, for strptime; several if days and months can't be told apart
}

// most is how many odd values a column of another class may have where they are more than a tenth of its rows.
const most = 20

// Find looks at all values of a column of text. Its class is Other if it is text, or little else than text.
func Find(all Values) Finding {
	missing, there := all.split(func(v Value) bool { return isMissing(strings.TrimSpace(v.Text)) })
	if len(there) == 0 && len(missing) > 0 {
		return Finding{Class: Absence, Missing: missing}
	}
	best := truth(there, len(missing) > 0)
	if best.Class == Other {
		for _, f := range []Finding{plain(there), styledLike(there), dates(there)} {
			if f.Meant.Rows() > best.Meant.Rows() && f.mostly() {
				best = f
			}
		}
	}
	if best.Class != Other {
		best.Missing = missing
	}
	return best
}

// mostly tells whether what is odd is the exception.
func (f *Finding) mostly() bool {
	meant, odd := f.Meant.Rows(), f.Odd.Rows()
	return meant > odd && len(f.Meant) > len(f.Odd) && (len(f.Odd) <= most || odd <= (meant+odd)/10)
}

// truth finds truth values that are written in several ways, or of which some are missing.
func truth(there Values, missing bool) Finding {
	if len(there) > 2*len(truths) {
		return Finding{}
	}
	meant, odd := there.split(func(v Value) bool { return isTruth(strings.TrimSpace(v.Text)) })
	f := Finding{Class: Truth, Meant: meant, Odd: odd, Kinds: meant.kinds(Style{})}
	several := len(meant) > 2 && f.Kinds&(Text|Bool) != 0
	if !f.mostly() || !several && (f.Kinds != Bool || len(odd) == 0 && !missing) {
		return Finding{}
	}
	return f
}

// plain finds numbers and dates as programs write them.
func plain(there Values) Finding {
	isNumber := func(v Value) bool { return Of([]byte(v.Text))&numbers != 0 }
	isTime := func(v Value) bool { return Of([]byte(v.Text))&times != 0 }
	f := Finding{Class: Number}
	f.Meant, f.Odd = there.split(isNumber)
	if days, others := there.split(isTime); days.Rows() > f.Meant.Rows() {
		f = Finding{Class: Day, Meant: days, Odd: others}
	}
	f.Kinds = f.Meant.kinds(Style{})
	return f
}

// tried is how many values the style of a column is told from.
const tried = 1000

// styledLike finds numbers that are written as people write them.
func styledLike(there Values) Finding {
	sample := there.frequent()
	sample = sample[:min(tried, len(sample))]
	var best Style
	count := 0
	for _, s := range styles {
		s.Units = units
		if meant, _ := sample.in(s); meant.Rows() > count {
			best, count = s, meant.Rows()
		}
	}
	best.Units = used(best, there)
	f := Finding{Class: Number, Style: best}
	if f.Meant, f.Odd = there.in(best); len(f.Meant) == 0 {
		return Finding{}
	}
	f.Kinds = f.Meant.kinds(best)
	return f
}

// in parts values into numbers of a style and others.
func (v Values) in(s Style) (meant, odd Values) {
	r := NewReader(s)
	return v.split(func(v Value) bool { return r.Of([]byte(v.Text))&numbers != 0 })
}

func (v Values) kinds(s Style) (k Kinds) {
	r := NewReader(s)
	for _, x := range v {
		k |= r.Of([]byte(x.Text))
	}
	return k
}

// used returns the units that values have.
func used(s Style, v Values) (found []string) {
	meant, _ := v.in(s)
	s.Units = nil
	_, meant = meant.in(s)
	for _, u := range units {
		with, without := meant.split(func(x Value) bool { return strings.Contains(x.Text, u) })
		if len(with) > 0 {
			found, meant = append(found, u), without
		}
	}
	return found
}

// dates finds dates that are not written year-month-day.
func dates(there Values) Finding {
	sample := there.frequent()
	counts, high := map[string]int{}, 0
	for _, v := range sample[:min(tried, len(sample))] {
		for _, format := range formatsOf(strings.TrimSpace(v.Text)) {
			counts[format] += v.Rows
			high = max(high, counts[format])
		}
	}
	if high == 0 {
		return Finding{}
	}
	f := Finding{Class: Day, Kinds: Text, Formats: likely(counts, high)}
	layouts := layoutsOf(f.Formats[0])
	f.Meant, f.Odd = there.split(func(v Value) bool { return fits(strings.TrimSpace(v.Text), layouts) })
	return f
}

// likely returns the formats that most rows fit, in their order.
func likely(counts map[string]int, high int) (formats []string) {
	for _, d := range dateFormats {
		for _, c := range clockFormats {
			if format := d.format + c.format; counts[format] == high &&
				!slices.Contains(formats, format) {
				formats = append(formats, format)
			}
		}
	}
	return formats
}
