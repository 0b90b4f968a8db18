package tabular

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"
)

// prep is what was fitted to the training rows: all that turns a table into numbers. It is kept as JSON.
type prep struct {
	Cats   []category   `json:"cats"`
	Conts  []continuous `json:"conts"`
	Target target       `json:"target"`
	ID     string       `json:"id,omitempty"` // column that names a row
}

// category is a column of categories. Its code 0 stands for a missing value and for one that training did not have;
// value i has code i+1.
type category struct {
	Column  string    `json:"column"`
	NA      bool      `json:"na,omitempty"` // not the column's values, but whether they are missing
	Kind    Kind      `json:"kind"`
	Texts   []string  `json:"texts,omitempty"`   // sorted
	Numbers []float64 `json:"numbers,omitempty"` // sorted
}

// The codes of whether a number is missing.
const isThere, isMissing = 1, 2

// name is how the category is called in reports: an indicator of missing values is COLUMN_na.
func (c category) name() string {
	if c.NA {
		return c.Column + "_na"
	}
	return c.Column
}

// size returns the number of codes, that of the unknown included.
func (c category) size() int { return len(c.Texts) + len(c.Numbers) + 1 }

// continuous is a column of numbers: missing ones become the median, then all (x - Mean) / Std.
type continuous struct {
	Column string  `json:"column"`
	Median float64 `json:"median"`
	Mean   float64 `json:"mean"` // after the median was put in
	Std    float64 `json:"std"`  // with n in the denominator; 1 for a column that is constant
}

// fitCategory collects the values of some rows, sorted; those that come less often than minCount are left out.
func fitCategory(c *Column, rows []int, minCount int) (category, error) {
	fitted := category{Column: c.Name, Kind: c.Kind}
	if c.Kind == Text {
		fitted.Texts = frequent(c.Texts, c, rows, minCount)
		return fitted, inUTF8(c.Name, fitted.Texts)
	}
	fitted.Numbers = frequent(c.Numbers, c, rows, minCount)
	return fitted, finite(c)
}

// inUTF8 tells which text is none: a checkpoint could not keep it.
func inUTF8(column string, texts []string) error {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return fmt.Errorf("column %q has the category %q, which is not UTF-8; read the file with its Encoding", column, s)
		}
	}
	return nil
}

func frequent[T cmp.Ordered](values []T, c *Column, rows []int, minCount int) []T {
	counts := map[T]int{}
	for _, r := range rows {
		if !c.IsMissing(r) {
			counts[values[r]]++
		}
	}
	var kept []T
	for v, n := range counts {
		if n >= minCount {
			kept = append(kept, v)
		}
	}
	slices.Sort(kept)
	return kept
}

// like tells how other differs in what a net's inputs and outputs stand for.
func (p *prep) like(other *prep) error {
	switch {
	case !slices.Equal(p.catNames(), other.catNames()):
		return fmt.Errorf("its categories are %v, here they are %v", other.catNames(), p.catNames())
	case !slices.Equal(p.contNames(), other.contNames()):
		return fmt.Errorf("its numbers are %v, here they are %v", other.contNames(), p.contNames())
	case !reflect.DeepEqual(p.Target, other.Target):
		return fmt.Errorf("its target, %v, is fitted otherwise than here", other.Target.Columns)
	}
	for k, c := range p.Cats {
		if o := other.Cats[k]; !slices.Equal(c.Texts, o.Texts) || !slices.Equal(c.Numbers, o.Numbers) {
			return fmt.Errorf("its category %q was fitted to other values (%d, here %d): the training rows were others",
				c.name(), o.size()-1, c.size()-1)
		}
	}
	return nil
}

func (p *prep) contNames() []string {
	names := make([]string, len(p.Conts))
	for i, c := range p.Conts {
		names[i] = c.Column
	}
	return names
}

// fitNA is the category of whether a column's number is missing.
func fitNA(column string) category {
	return category{Column: column, NA: true, Kind: Bool, Numbers: []float64{0, 1}}
}

// fitContinuous measures a column of numbers on some rows.
func fitContinuous(c *Column, rows []int) (continuous, error) {
	var known []float64
	for _, r := range rows {
		if !c.IsMissing(r) {
			known = append(known, c.Numbers[r])
		}
	}
	if len(known) == 0 {
		return continuous{}, fmt.Errorf("column %q has no value in any training row; leave it out: Skip(%q)", c.Name, c.Name)
	}
	fitted := continuous{Column: c.Name, Median: median(known)}
	filled := float64(len(rows) - len(known))
	fitted.Mean = (sum(known, func(x float64) float64 { return x }) + filled*fitted.Median) / float64(len(rows))
	square := func(x float64) float64 { return (x - fitted.Mean) * (x - fitted.Mean) }
	fitted.Std = math.Sqrt((sum(known, square) + filled*square(fitted.Median)) / float64(len(rows)))
	switch {
	case math.IsNaN(fitted.Std) || math.IsInf(fitted.Std, 0):
		return fitted, fmt.Errorf("column %q has numbers too large to be normalised, up to %g; divide it in SQL",
			c.Name, slices.Max(known))
	case fitted.Std <= 1e-12*math.Abs(fitted.Mean):
		fitted.Std = 1
	}
	return fitted, nil
}

// median is the middle value, the mean of the two middle ones of an even number.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func sum(values []float64, f func(float64) float64) (total float64) {
	for _, v := range values {
		total += f(v)
	}
	return total
}

// code returns the code of every row of a table's column, and how many values were missing and how many unknown.
func (c category) code(t *Table) (codes []int32, missing, unknown int, err error) {
	col, err := t.column(c.Column)
	if err != nil {
		return nil, 0, 0, err
	}
	codes = make([]int32, t.Len())
	if c.NA {
		for r := range codes {
			codes[r] = isThere
			if col.IsMissing(r) {
				codes[r] = isMissing
			}
		}
		return codes, 0, 0, nil
	}
	if err := c.fits(col); err != nil {
		return nil, 0, 0, err
	}
	if c.Kind == Text {
		missing, unknown = lookUp(codes, col, col.Texts, c.Texts)
	} else {
		missing, unknown = lookUp(codes, col, col.Numbers, c.Numbers)
	}
	return codes, missing, unknown, nil
}

// fits tells whether a column holds what the category was fitted to. A column without any value fits all.
func (c category) fits(col *Column) error {
	if col.MissingCount() == col.Len() || (col.Kind == Text) == (c.Kind == Text) && col.Kind != Time {
		return nil
	}
	hint := "cast it in SQL"
	if s := col.suspect(); s != "" {
		hint = s
	}
	return fmt.Errorf("column %q is %s, in training it was %s; %s", c.Column, col.Kind, c.Kind, hint)
}

func lookUp[T cmp.Ordered](codes []int32, col *Column, values, known []T) (missing, unknown int) {
	index := make(map[T]int32, len(known))
	for i, v := range known {
		index[v] = int32(i + 1)
	}
	for r := range codes {
		if col.IsMissing(r) {
			missing++
			continue
		}
		if codes[r] = index[values[r]]; codes[r] == 0 {
			unknown++
		}
	}
	return missing, unknown
}

// labels returns what each code stands for; "#na#" for 0.
func (c category) labels() []string {
	labels := append([]string{"#na#"}, c.Texts...)
	for _, v := range c.Numbers {
		switch {
		case c.Kind == Bool:
			labels = append(labels, strconv.FormatBool(v != 0))
		default:
			labels = append(labels, numberText(v))
		}
	}
	return labels
}

// farthest is how many deviations a number may be from the mean: what a net makes of more is beyond float32.
const farthest = 1e15

// scale returns the normalised values of a table's column, and how many were missing.
func (c continuous) scale(t *Table) (values []float32, missing int, err error) {
	col, err := t.column(c.Column)
	if err != nil {
		return nil, 0, err
	}
	if missing = col.MissingCount(); missing < col.Len() {
		if err := finite(col); err != nil {
			return nil, 0, err
		}
	}
	values = make([]float32, t.Len())
	for r := range values {
		x := c.Median
		if !col.IsMissing(r) {
			x = col.Numbers[r]
		}
		if values[r] = float32((x - c.Mean) / c.Std); math.Abs(float64(values[r])) > farthest {
			return nil, 0, fmt.Errorf("column %q is %g in row %d, too far from the training rows' mean of %g (deviation %g) "+
				"for a net; is it wrong?", c.Column, x, r, c.Mean, c.Std)
		}
	}
	return values, missing, nil
}

// finite tells which values of a column of numbers are no numbers.
func finite(c *Column) error {
	if c.Kind != Number && c.Kind != Bool {
		return c.noNumber("name it in Cats, or cast it in SQL")
	}
	var rows []int
	for r, x := range c.Numbers {
		if math.IsInf(x, 0) {
			rows = append(rows, r)
		}
	}
	if rows == nil {
		return nil
	}
	return fmt.Errorf("column %q is infinite in %d rows (the first: %v); make them missing in SQL, such as with nullif",
		c.Name, len(rows), rows[:min(len(rows), 5)])
}
