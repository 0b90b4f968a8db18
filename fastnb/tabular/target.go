package tabular

import (
	"fmt"
	"math"
	"slices"
)

// task is what is to be learned.
type task string

const (
	regression task = "regression" // numbers
	oneClass   task = "class"      // one class per row
	manyLabels task = "labels"     // any number of labels per row
)

// target is what the net is to say of a row.
type target struct {
	Task    task     `json:"task"`
	Columns []string `json:"columns"`
	Log     bool     `json:"log,omitempty"` // the net learns the logarithm
	Class   category `json:"class"`         // of oneClass: its values are the classes, from code 1 on
}

// classes returns the names of the classes or labels, nil for a regression.
func (t target) classes() []string {
	switch t.Task {
	case oneClass:
		return t.Class.labels()[1:]
	case manyLabels:
		return slices.Clone(t.Columns)
	}
	return nil
}

// outputs returns how many numbers the net says of a row.
func (t target) outputs() int {
	if t.Task == oneClass {
		return t.Class.size() - 1
	}
	return len(t.Columns)
}

// fit collects the classes, and checks the targets of all rows of the table.
func (t target) fit(table *Table, rows []int) (target, error) {
	for _, name := range t.Columns {
		c, err := table.column(name)
		if err != nil {
			return t, err
		}
		if t.Task != oneClass {
			if err := t.check(c); err != nil {
				return t, err
			}
			continue
		}
		if c.Kind == Time {
			return t, fmt.Errorf("column %q is a time, not a class; cast it in SQL", name)
		}
		if t.Class, err = fitCategory(c, rows, 1); err != nil {
			return t, fmt.Errorf("class: %w", err)
		}
		if t.Class.size() < 3 {
			return t, fmt.Errorf("column %q has %d classes in the training rows (want 2 or more)", name, t.Class.size()-1)
		}
		if _, err := t.labels(table); err != nil {
			return t, err
		}
	}
	return t, nil
}

// labels returns the class of every row, counted from 0. A missing class and one that training has not are errors.
func (t target) labels(table *Table) ([]int, error) {
	codes, missing, unknown, err := t.Class.code(table)
	if err != nil {
		return nil, err
	}
	labels := make([]int, len(codes))
	for r, code := range codes {
		if code == 0 {
			return nil, t.noClass(table.Column(t.Columns[0]), r, missing, unknown)
		}
		labels[r] = int(code) - 1
	}
	return labels, nil
}

func (t target) noClass(c *Column, row, missing, unknown int) error {
	if c.IsMissing(row) {
		return fmt.Errorf("the class %q is missing in %d rows (the first: %d); leave those out in SQL: WHERE %q IS NOT NULL",
			c.Name, missing, row, c.Name)
	}
	hint := "put such a row into training (ValidRows), or join rare classes in SQL"
	if c.Kind == Number {
		hint += "; a number that is no class is a Target"
	}
	return fmt.Errorf("the class %q has values in %d validation rows that no training row has "+
		"(the first: %s in row %d); %s",
		c.Name, unknown, c.text(row), row, hint)
}

// check tells why a column is no target.
func (t target) check(c *Column) error {
	if s := c.suspect(); s != "" {
		return fmt.Errorf("the target %q is text, not a number: %s", c.Name, s)
	}
	if c.Kind == Text || c.Kind == Time {
		return fmt.Errorf("the target %q is %s, not a number; cast it in SQL, or, if it names a class, use Class(%q)",
			c.Name, c.Kind, c.Name)
	}
	if err := finite(c); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	if n := c.MissingCount(); n > 0 {
		return fmt.Errorf("the target %q is missing in %d rows (the first: %d); leave those out in SQL: WHERE %q IS NOT NULL",
			c.Name, n, slices.Index(c.Missing, true), c.Name)
	}
	for r, x := range c.Numbers {
		if _, err := t.value(c.Name, r, x); err != nil {
			return err
		}
	}
	return nil
}

// values returns the numbers of every row, [rows][columns], of columns that check found right.
func (t target) values(table *Table) ([][]float32, error) {
	rows := make([][]float32, table.Len())
	for r := range rows {
		rows[r] = make([]float32, len(t.Columns))
	}
	for k, name := range t.Columns {
		c, err := table.column(name)
		if err != nil {
			return nil, err
		}
		for r, x := range c.Numbers {
			if x, err = t.value(name, r, x); err != nil {
				return nil, err
			}
			rows[r][k] = float32(x)
		}
	}
	return rows, nil
}

// value checks and converts one number of a target.
func (t target) value(name string, row int, x float64) (float64, error) {
	switch {
	case t.Task == manyLabels && x != 0 && x != 1:
		return 0, fmt.Errorf("label %q is %g in row %d (want 0 or 1)", name, x, row)
	case t.Log && !(x > 0):
		return 0, fmt.Errorf("the target %q is %g in row %d and has no logarithm (want above 0); leave such rows out in SQL",
			name, x, row)
	case t.Log:
		return math.Log(x), nil
	case math.Abs(x) > 1e18: // its square is near the end of float32
		return 0, fmt.Errorf("the target %q is %g in row %d, too large for a net; divide it in SQL", name, x, row)
	}
	return x, nil
}

// undo turns an output back into the target's unit.
func (t target) undo(output float32) float64 {
	if t.Log {
		return math.Exp(float64(output))
	}
	return float64(output)
}
