package tabular

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// String returns the summary as text, a line for each column.
func (s *Summary) String() string {
	lines := [][]string{{"column", "type", "missing", "distinct", "values"}}
	for _, c := range s.Columns {
		lines = append(lines, []string{short(c.Name), c.Type, fmt.Sprint(c.Missing), fmt.Sprint(c.Distinct), c.values()})
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], width([]string{cell}))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		for i, cell := range line {
			pad(&b, cell, widths[i], i == 2 || i == 3)
		}
		endLine(&b)
	}
	fmt.Fprintf(&b, "%d rows, %d columns\n", s.Rows, len(s.Columns))
	for _, note := range s.notes() {
		fmt.Fprintln(&b, note)
	}
	return b.String()
}

// notes are those of the columns that have one.
func (s *Summary) notes() (notes []string) {
	for _, c := range s.Columns {
		if c.Note != "" {
			notes = append(notes, c.Note)
		}
	}
	return notes
}

// values says what a column holds, in a few words.
func (c *ColumnSummary) values() string {
	var parts []string
	switch {
	case c.Kind == Time && c.Distinct > 0:
		parts = append(parts, timeText(c.First)+" to "+timeText(c.Last))
	case c.Kind == Number && c.Histogram != nil:
		parts = append(parts, fmt.Sprintf("%s to %s, mean %s", number(c.Min), number(c.Max), number(c.Mean)))
	}
	for _, v := range c.Top {
		parts = append(parts, fmt.Sprintf("%s (%d)", short(v.Text), v.Count))
	}
	if more := c.Distinct - len(c.Top); more > 0 && len(c.Top) > 0 {
		parts = append(parts, fmt.Sprintf("%d others", more))
	}
	if c.Infinite > 0 {
		parts = append(parts, fmt.Sprintf("%d infinite", c.Infinite))
	}
	return strings.Join(parts, ", ")
}

// HTML returns the summary as an HTML table that leaves its colours to the page, with a small histogram of each column
// of numbers or times, and a bar for each of the most frequent values of the others.
func (s *Summary) HTML() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table><thead><tr>`)
	for _, name := range []string{"column", "type", "missing", "distinct", "values", ""} {
		fmt.Fprintf(&b, `<th style="text-align:left">%s</th>`, name)
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, c := range s.Columns {
		fmt.Fprintf(&b, `<tr><td style="text-align:left"><b>%s</b></td><td style="text-align:left">%s</td>`+
			`<td>%s</td><td>%d</td><td style="text-align:left">%s</td><td>%s</td></tr>`+"\n",
			html.EscapeString(short(c.Name)), html.EscapeString(c.Type),
			share(c.Missing, s.Rows), c.Distinct, html.EscapeString(c.values()), bars(c.heights()))
	}
	fmt.Fprintf(&b, "</tbody></table></div><p>%d rows, %d columns</p>\n", s.Rows, len(s.Columns))
	for _, note := range s.notes() {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(note))
	}
	return b.String()
}

// share is a number of rows with its per cent.
func share(n, rows int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%.2g%%)", n, 100*float64(n)/float64(rows))
}

// heights are what the bars stand for.
func (c *ColumnSummary) heights() []int {
	if c.Histogram != nil {
		return c.Histogram
	}
	counts := make([]int, len(c.Top))
	for i, v := range c.Top {
		counts[i] = v.Count
	}
	return counts
}

const barsWidth, barsHeight = 120, 24

// bars draws counts as bars, in a blue that can be seen on white and on black.
func bars(counts []int) string {
	if len(counts) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg width="%d" height="%d" role="img" aria-label="histogram">`, barsWidth, barsHeight)
	step := float64(barsWidth) / float64(len(counts))
	for i, n := range counts {
		h := float64(barsHeight) * float64(n) / float64(max(1, slices.Max(counts)))
		if n > 0 {
			h = max(h, 1) // what is there can be seen
		}
		fmt.Fprintf(&b, `<rect x="%.4g" y="%.4g" width="%.4g" height="%.4g" fill="#4c8bc9"/>`,
			float64(i)*step, barsHeight-h, step*.9, h)
	}
	b.WriteString("</svg>")
	return b.String()
}
