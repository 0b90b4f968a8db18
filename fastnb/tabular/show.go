package tabular

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How much of a table is shown.
const (
	shownRows  = 10  // rows of a table
	textWidth  = 120 // columns of letters, as text
	cellLetter = 40  // letters of a value
)

// String returns the first rows as text, in columns that fit a screen, and the size of the table.
func (t *Table) String() string {
	cells := make([][]string, len(t.columns))
	for i := range t.columns {
		cells[i] = t.columns[i].shown()
	}
	kept := fitting(cells)
	var b strings.Builder
	for row := range min(t.rows, shownRows) + 1 {
		for i, cell := range cells[:kept] {
			pad(&b, cell[row], width(cell), t.columns[i].Kind == Number)
		}
		endLine(&b)
	}
	fmt.Fprintf(&b, "%s\n", t.size(kept))
	return b.String()
}

// size says how large the table is, and how much of it is not shown.
func (t *Table) size(kept int) string {
	s := fmt.Sprintf("%d rows, %d columns", t.rows, len(t.columns))
	if more := len(t.columns) - kept; more > 0 {
		s += fmt.Sprintf(" (%d of them not shown)", more)
	}
	return s
}

// shown returns the column's name and its first values.
func (c *Column) shown() []string {
	cells := []string{c.Name}
	for row := range min(c.Len(), shownRows) {
		cells = append(cells, c.cell(row))
	}
	for i, cell := range cells {
		cells[i] = short(cell)
	}
	return cells
}

// cell returns a value as a person reads it: numbers with six digits.
func (c *Column) cell(row int) string {
	if c.Kind == Number && !c.IsMissing(row) {
		return number(c.Numbers[row])
	}
	return c.text(row)
}

// number writes whole numbers in full and others with six digits.
func number(x float64) string {
	if isWhole(x) {
		return numberText(x)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// short cuts a long text, and keeps it on one line.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > cellLetter {
		return string(runes[:cellLetter-1]) + "…"
	}
	return s
}

func width(cells []string) int {
	w := 0
	for _, cell := range cells {
		w = max(w, utf8.RuneCountInString(cell))
	}
	return w
}

// fitting returns how many columns fit a line: at least one, if there is one.
func fitting(cells [][]string) int {
	used := 0
	for i, cell := range cells {
		if used += width(cell) + 2; used > textWidth && i > 0 {
			return i
		}
	}
	return len(cells)
}

// pad writes a cell and the space after it.
func pad(b *strings.Builder, s string, w int, right bool) {
	space := strings.Repeat(" ", w-utf8.RuneCountInString(s))
	if right {
		s, space = space+s, ""
	}
	b.WriteString(s + space + "  ")
}

// endLine ends a line without the spaces at its end.
func endLine(b *strings.Builder) {
	line := strings.TrimRight(b.String(), " ")
	b.Reset()
	b.WriteString(line + "\n")
}

// HTML returns the first rows as an HTML table that leaves its colours to the page, and the size of the table. Below
// each name stands the column's type.
func (t *Table) HTML() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table><thead><tr>`)
	for _, c := range t.columns {
		fmt.Fprintf(&b, `<th style="text-align:%s">%s<br><small style="font-weight:normal">%s</small></th>`,
			side(c.Kind), html.EscapeString(c.Name), html.EscapeString(c.typeName()))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for row := range min(t.rows, shownRows) {
		b.WriteString("<tr>")
		for i := range t.columns {
			c := &t.columns[i]
			fmt.Fprintf(&b, `<td style="text-align:%s">%s</td>`, side(c.Kind), html.EscapeString(short(c.cell(row))))
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</tbody></table></div><p>%s</p>\n", t.size(len(t.columns)))
	return b.String()
}

// typeName is the source's name of the type, in small letters, else ours.
func (c *Column) typeName() string {
	if c.Type == "" {
		return c.Kind.String()
	}
	return strings.ToLower(c.Type)
}

// side is where a column's values stand.
func side(k Kind) string {
	if k == Number {
		return "right"
	}
	return "left"
}
