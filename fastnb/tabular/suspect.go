package tabular

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// suspect says what keeps a column of text from being numbers, dates or truth values, if little does; "" otherwise.
func (c *Column) suspect() string {
	if c.Kind != Text {
		return ""
	}
	f := look.Find(look.Count(c.Texts, func(row int) bool { return !c.IsMissing(row) }))
	return f.Note(c.Name, c.Len(), look.Source{Package: "duck."})
}

// noNumber is the error of a column of text where numbers are wanted; hint says what else could be done.
func (c *Column) noNumber(hint string) error {
	if s := c.suspect(); s != "" {
		return fmt.Errorf("column %q is %s, not a number: %s", c.Name, c.Kind, s)
	}
	return fmt.Errorf("column %q is %s, not a number; %s", c.Name, c.Kind, hint)
}

// suspects notes the columns of text that are hardly meant to be categories.
func (c dataConfig) suspects(t *Table, cats []string) (notes []string) {
	for _, name := range cats {
		col := t.Column(name)
		if s := col.suspect(); s != "" && !col.fewNumbers(c.maxCard) {
			notes = append(notes, fmt.Sprintf("%s is taken for a category: %s", name, s))
		}
	}
	return notes
}

// fewNumbers tells whether all texts of a column are whole numbers, of which there are so few that they are categories
// anyhow.
func (c *Column) fewNumbers(n int) bool {
	seen := map[string]bool{}
	for i, s := range c.Texts {
		if c.IsMissing(i) {
			continue
		}
		if seen[s] = true; len(seen) > n || look.Of([]byte(s)) != look.Int {
			return false
		}
	}
	return true
}

// named tells which of the columns' names a checkpoint could not keep.
func named(columns []string) error {
	for _, name := range columns {
		if !utf8.ValidString(name) {
			return fmt.Errorf("the column's name %q is not UTF-8, so no checkpoint can keep it; "+
				"call it %q, or read the file with its Encoding",
				name, strings.ToValidUTF8(name, "_"))
		}
	}
	return nil
}
