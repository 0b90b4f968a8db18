package tabular

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/fastnb/fastnb/internal/verb"
)

// Kind is what a column holds.
type Kind int

const (
	Number Kind = iota // Numbers
	Text               // Texts
	Bool               // Numbers, 0 or 1
	Time               // Times
)

// String returns "number", "text", "bool" or "time".
func (k Kind) String() string {
	if k < Number || k > Time {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return [...]string{"number", "text", "bool", "time"}[k]
}

// Column is a named column of a table. One of the slices holds its values, as Kind says.
type Column struct {
	Name    string
	Kind    Kind
	Type    string      // what the source calls the type, such as BIGINT; may be empty
	Numbers []float64   // NaN where the value is missing
	Texts   []string    // "" where the value is missing
	Times   []time.Time // the zero Time where the value is missing; in UTC
	Missing []bool      // [rows]; nil where no value is missing
}

// Numbers returns a column of numbers; NaN is a missing value.
func Numbers(name string, values []float64) Column {
	return numbers(name, Number, values)
}

// Bools returns a column of truth values, none missing.
func Bools(name string, values []bool) Column {
	floats := make([]float64, len(values))
	for i, v := range values {
		if v {
			floats[i] = 1
		}
	}
	return numbers(name, Bool, floats)
}

func numbers(name string, kind Kind, values []float64) Column {
	c := Column{Name: name, Kind: kind, Numbers: values}
	c.markMissing(func(i int) bool { return math.IsNaN(values[i]) })
	return c
}

// Texts returns a column of text, none missing.
func Texts(name string, values []string) Column { return Column{Name: name, Kind: Text, Texts: values} }

// Times returns a column of dates or moments; the zero Time is a missing value.
func Times(name string, values []time.Time) Column {
	c := Column{Name: name, Kind: Time, Times: values}
	c.markMissing(func(i int) bool { return values[i].IsZero() })
	return c
}

// markMissing sets Missing where there is a missing value.
func (c *Column) markMissing(missing func(i int) bool) {
	for i := range c.Len() {
		if !missing(i) {
			continue
		}
		if c.Missing == nil {
			c.Missing = make([]bool, c.Len())
		}
		c.Missing[i] = true
	}
}

// Len returns the number of values.
func (c *Column) Len() int {
	switch c.Kind {
	case Text:
		return len(c.Texts)
	case Time:
		return len(c.Times)
	}
	return len(c.Numbers)
}

// IsMissing tells whether the value of row i is missing.
func (c *Column) IsMissing(i int) bool { return c.Missing != nil && c.Missing[i] }

// MissingCount returns how many values are missing.
func (c *Column) MissingCount() int {
	n := 0
	for _, m := range c.Missing {
		if m {
			n++
		}
	}
	return n
}

// rows returns the column's values of some rows.
func (c *Column) rows(rows []int) Column {
	picked := Column{Name: c.Name, Kind: c.Kind, Type: c.Type}
	picked.Numbers, picked.Texts, picked.Times = pick(c.Numbers, rows), pick(c.Texts, rows), pick(c.Times, rows)
	if picked.Missing = pick(c.Missing, rows); !slices.Contains(picked.Missing, true) {
		picked.Missing = nil
	}
	return picked
}

func pick[T any](values []T, rows []int) []T {
	if values == nil {
		return nil
	}
	picked := make([]T, len(rows))
	for i, row := range rows {
		picked[i] = values[row]
	}
	return picked
}

// Table is columns of one length, by name. It is what a query returned: to join, filter or compute, write SQL (package
// duck).
type Table struct {
	columns []Column
	rows    int
}

// NewTable makes a table of columns. Columns of different lengths, without a name or of one name are an error. A number
// that is NaN is missing, also where a column's Missing does not say so.
func NewTable(columns ...Column) (t *Table, err error) {
	defer verb.Name(&err, "tabular: NewTable")
	t = &Table{columns: slices.Clone(columns)}
	names := map[string]bool{}
	for i := range t.columns {
		c := &t.columns[i]
		switch {
		case c.Kind < Number || c.Kind > Time:
			return nil, fmt.Errorf("column %q is of %s (want Number, Text, Bool or Time)", c.Name, c.Kind)
		case c.Name == "":
			return nil, fmt.Errorf("column %d has no name", i+1)
		case names[c.Name]:
			return nil, fmt.Errorf("two columns are called %q; rename one (in SQL: AS)", c.Name)
		case i > 0 && c.Len() != t.rows:
			return nil, fmt.Errorf("column %q has %d rows, %q has %d", c.Name, c.Len(), columns[0].Name, t.rows)
		case c.Missing != nil && len(c.Missing) != c.Len():
			return nil, fmt.Errorf("column %q has %d rows, its Missing %d", c.Name, c.Len(), len(c.Missing))
		}
		t.rows, names[c.Name] = c.Len(), true
		c.markNaN()
	}
	return t, nil
}

// markNaN marks numbers that are none as missing.
func (c *Column) markNaN() {
	if c.Kind == Number || c.Kind == Bool {
		c.Missing = slices.Clone(c.Missing)
		c.markMissing(func(i int) bool { return math.IsNaN(c.Numbers[i]) })
	}
}

// Len returns the number of rows.
func (t *Table) Len() int { return t.rows }

// Names returns the names of the columns, in their order.
func (t *Table) Names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.Name
	}
	return names
}

// Columns returns the columns, in their order. They are the table's own: don't change them.
func (t *Table) Columns() []Column { return t.columns }

// Column returns the column called name, nil if there is none.
func (t *Table) Column(name string) *Column {
	for i := range t.columns {
		if t.columns[i].Name == name {
			return &t.columns[i]
		}
	}
	return nil
}

// Strings returns the values of a column as text, "" where one is missing; nil if there is no such column. A whole
// number has all its digits, a truth value is "true" or "false", and a moment at midnight is a date.
func (t *Table) Strings(column string) []string {
	c := t.Column(column)
	if c == nil {
		return nil
	}
	texts := make([]string, t.rows)
	for r := range texts {
		texts[r] = c.text(r)
	}
	return texts
}

// column is Column with an error that names what there is.
func (t *Table) column(name string) (*Column, error) {
	if c := t.Column(name); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("no column %q (have %s)", name, strings.Join(t.Names(), ", "))
}

// where returns the rows in which a column of truth values is true.
func (t *Table) where(column string) ([]int, error) {
	c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	if c.Kind != Bool {
		return nil, fmt.Errorf("column %q is %s (want bool); in SQL a comparison makes one", column, c.Kind)
	}
	var rows []int
	for r, x := range c.Numbers {
		if x == 1 && !c.IsMissing(r) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// groups returns the values of a column as texts, each of which names the group of its row.
func (t *Table) groups(column string) ([]string, error) {
	if _, err := t.column(column); err != nil {
		return nil, err
	}
	groups := t.Strings(column)
	if r := slices.Index(groups, ""); r >= 0 {
		return nil, fmt.Errorf("row %d has no value in column %q (want a group for each row)", r, column)
	}
	return groups, nil
}

// Rows returns a table of some rows, by number from 0, in the order given.
func (t *Table) Rows(rows []int) *Table {
	picked := &Table{columns: make([]Column, len(t.columns)), rows: len(rows)}
	for i := range t.columns {
		picked.columns[i] = t.columns[i].rows(rows)
	}
	return picked
}
