package tabular

import (
	"fmt"
	"reflect"
)

// Row is one row of a table by column: text, a number of any of Go's types, or a bool; nil is a missing value.
type Row map[string]any

// table makes a table of one row, with the columns that the model sees; those that the row does not name are missing. A
// name that the model does not know is an error.
func (row Row) table(p *prep) (*Table, error) {
	kinds := p.columns()
	var columns []Column
	for _, name := range sortedKeys(row) {
		if _, ok := kinds[name]; !ok {
			return nil, fmt.Errorf("no column %q (the model sees %v)", name, sortedKeys(kinds))
		}
	}
	for _, name := range sortedKeys(kinds) {
		c, err := oneValue(name, kinds[name], row[name])
		if err != nil {
			return nil, err
		}
		if (c.Kind == Text) != (kinds[name] == Text) {
			return nil, fmt.Errorf("column %q is %#v, in training it was %s", name, row[name], kinds[name])
		}
		columns = append(columns, c)
	}
	return NewTable(columns...)
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

// oneValue makes a column of one value.
func oneValue(name string, kind Kind, value any) (Column, error) {
	switch v := value.(type) {
	case nil:
		c := Column{Name: name, Kind: kind, Missing: []bool{true}, Numbers: []float64{0}}
		if kind == Text {
			c.Numbers, c.Texts = nil, []string{""}
		}
		return c, nil
	case string:
		return Texts(name, []string{v}), nil
	case bool:
		return Bools(name, []bool{v}), nil
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return Numbers(name, []float64{float64(v.Int())}), nil
	case v.CanUint():
		return Numbers(name, []float64{float64(v.Uint())}), nil
	case v.CanFloat():
		return Numbers(name, []float64{v.Float()}), nil
	}
	return Column{}, fmt.Errorf("column %q is a %T (want a string, a number, a bool or nil)", name, value)
}
