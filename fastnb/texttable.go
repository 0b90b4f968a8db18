package fastnb

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// tableText writes a table as lines of text, its columns below each other.
func tableText(header []string, rows [][]string) string {
	rows = append([][]string{header}, rows...)
	width := make([]int, len(header))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", 2+width[i]-utf8.RuneCountInString(cell)))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// tableHTML writes a table as HTML that leaves its colours to the page, the first columns to the left, numbers to the
// right.
func tableHTML(header []string, rows [][]string, left int) string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table><thead>` + cells("th", header, left) + "</thead><tbody>\n")
	for _, row := range rows {
		b.WriteString(cells("td", row, left) + "\n")
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}

// cells writes a row of a table.
func cells(tag string, texts []string, left int) string {
	var b strings.Builder
	b.WriteString("<tr>")
	for i, text := range texts {
		side := "right"
		if i < left {
			side = "left"
		}
		fmt.Fprintf(&b, `<%s style="text-align:%s">%s</%[1]s>`, tag, side, html.EscapeString(text))
	}
	return b.String() + "</tr>"
}
