package tabular

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// fit makes the prep of a table: the columns' roles, and what is measured on the training rows.
func (c dataConfig) fit(t *Table, train []int) (*prep, []string, error) {
	cats, conts, notes, err := c.roles(t)
	if err != nil {
		return nil, nil, err
	}
	if err := named(slices.Concat(cats, conts, c.targets[0].Columns, []string{c.id})); err != nil {
		return nil, nil, err
	}
	p := &prep{ID: c.id}
	if p.Target, err = c.targets[0].fit(t, train); err != nil {
		return nil, nil, err
	}
	for _, name := range cats {
		cat, err := c.fitCat(t.Column(name), train)
		if err != nil {
			return nil, nil, err
		}
		p.Cats = append(p.Cats, cat)
	}
	for _, name := range conts {
		if err := p.fitCont(t.Column(name), train); err != nil {
			return nil, nil, err
		}
	}
	if len(p.Cats)+len(p.Conts) == 0 {
		return nil, nil, fmt.Errorf("no column is left for the model to see (have %s)", strings.Join(t.Names(), ", "))
	}
	if p.Target.Task == oneClass {
		notes = append(notes, c.suspects(t, p.Target.Columns)...)
	}
	return p, notes, nil
}

// fitCont fits a column of numbers, and a category of whether they are missing if any is.
func (p *prep) fitCont(col *Column, train []int) error {
	if err := finite(col); err != nil {
		return err
	}
	cont, err := fitContinuous(col, train)
	if err != nil {
		return err
	}
	p.Conts = append(p.Conts, cont)
	if missingIn(col, train) {
		p.Cats = append(p.Cats, fitNA(col.Name))
	}
	return nil
}

// fitCat fits a column of categories and tells whether it can be learned from.
func (c dataConfig) fitCat(col *Column, train []int) (category, error) {
	if col.Kind == Time {
		return category{}, fmt.Errorf("column %q is a time, no category; take its parts (duck.DateParts)", col.Name)
	}
	cat, err := fitCategory(col, train, c.minCount)
	if err != nil {
		return cat, err
	}
	if n := cat.size() - 1; n == 0 {
		return cat, fmt.Errorf("column %q has no category in any training row that comes %d times; "+
			"leave it out: Skip(%q)", col.Name, c.minCount, col.Name)
	} else if n > 10_000 && n > len(train)/2 {
		return cat, fmt.Errorf("column %q has %d categories in %d training rows, nearly every row its own: "+
			"nothing to learn; leave it out, Skip(%q), or keep the frequent ones, MinCount(20)",
			col.Name, n, len(train), col.Name)
	}
	return cat, nil
}

func missingIn(c *Column, rows []int) bool {
	return c.Missing != nil && slices.ContainsFunc(rows, func(r int) bool { return c.Missing[r] })
}

// roles says which columns are categories and which are amounts. Where the options name any, they are those named. The
// notes tell what the model does not see, and what it sees as a category though it is hardly one.
func (c dataConfig) roles(t *Table) (cats, conts, notes []string, err error) {
	if len(c.cats)+len(c.conts) > 0 {
		return c.cats, c.conts, c.unnamed(t), nil
	}
	for i := range t.columns {
		col := &t.columns[i]
		switch {
		case slices.Contains(c.unseen(), col.Name):
		case slices.Contains(c.skip, col.Name):
			notes = append(notes, fmt.Sprintf("%s is left out: Skip", col.Name))
		case col.Kind == Time:
			notes = append(notes, fmt.Sprintf("%s is left out: a time; take its parts (duck.DateParts)", col.Name))
		case col.Kind != Number || fewWhole(col, c.maxCard):
			cats = append(cats, col.Name)
		default:
			conts = append(conts, col.Name)
		}
	}
	return cats, conts, append(notes, c.suspects(t, cats)...), nil
}

// unseen are the columns that say something about a row and are not for the model.
func (c dataConfig) unseen() []string {
	return append([]string{c.id, c.validColumn, c.groupColumn}, c.targets[0].Columns...)
}

// unnamed notes the columns that the model does not see since the options name others.
func (c dataConfig) unnamed(t *Table) (notes []string) {
	var left []string
	named := slices.Concat(c.cats, c.conts, c.unseen())
	for _, name := range t.Names() {
		if !slices.Contains(named, name) {
			left = append(left, name)
		}
	}
	if left == nil {
		return nil
	}
	return []string{"left out, as neither Cats nor Conts names them: " + strings.Join(left, ", ")}
}

// fewWhole tells whether a column holds whole numbers of at most n different values.
func fewWhole(c *Column, n int) bool {
	seen := map[float64]bool{}
	for r, x := range c.Numbers {
		if c.IsMissing(r) {
			continue
		}
		if seen[x] = true; x != math.Trunc(x) || len(seen) > n {
			return false
		}
	}
	return len(seen) > 0
}
