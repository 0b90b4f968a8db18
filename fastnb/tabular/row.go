package tabular

import (
	"errors"
	"fmt"
	"reflect"
)

// Row is one row of a table by column: text, a number of any of Go's types, or a bool; nil is a missing value.
type Row map[string]any

// table makes a table of rows, with the columns that the model sees; those that a row does not name are missing in it.
// A name that the model does not know is an error.
func (p *prep) table(rows []Row) (*Table, error) {
	if len(rows) == 0 {
		return nil, errors.New("there are no rows")
	}
	kinds := p.columns()
	columns := make([]Column, 0, len(kinds))
	for _, name := range sortedKeys(kinds) {
		columns = append(columns, Column{Name: name, Kind: kinds[name]})
	}
	for i, row := range rows {
		err := row.addTo(columns, kinds)
		if err != nil && len(rows) > 1 {
			return nil, fmt.Errorf("row %d: %w", i, err)
		} else if err != nil {
			return nil, err
		}
	}
	return NewTable(columns...)
}

// addTo adds the row to columns of some kinds.
func (row Row) addTo(columns []Column, kinds map[string]Kind) error {
	for _, name := range sortedKeys(row) {
		if _, ok := kinds[name]; !ok {
			return fmt.Errorf("no column %q (the model sees %v)", name, sortedKeys(kinds))
		}
	}
	for i := range columns {
		if err := columns[i].add(row[columns[i].Name]); err != nil {
			return err
		}
	}
	return nil
}

// columns returns the columns that the model sees, and what each holds.
func (p *prep) columns() map[string]Kind {
	kinds := map[string]Kind{}
	for _, c := range p.Conts {
		kinds[c.Column] = Number
	}
	for _, c := range p.Cats {
		if !c.NA {
			kinds[c.Column] = c.Kind
		}
	}
	return kinds
}

// add adds a value to a column of text or numbers; nil is a missing one.
func (c *Column) add(value any) error {
	s, isText := value.(string)
	x, isNumber := numberOf(value)
	switch {
	case value != nil && !isText && !isNumber:
		return fmt.Errorf("column %q is a %T (want a string, a number, a bool or nil)", c.Name, value)
	case value != nil && isText != (c.Kind == Text):
		return fmt.Errorf("column %q is %#v, in training it was %s", c.Name, value, c.Kind)
	case c.Kind == Text:
		c.Texts = append(c.Texts, s)
	default:
		c.Numbers = append(c.Numbers, x)
	}
	c.Missing = append(c.Missing, value == nil)
	return nil
}

// numberOf returns a value of one of Go's types of numbers; a bool is 0 or 1.
func numberOf(value any) (x float64, ok bool) {
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	case v.Kind() == reflect.Bool:
		if v.Bool() {
			x = 1
		}
		return x, true
	}
	return 0, false
}
