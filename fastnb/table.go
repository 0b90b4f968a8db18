package fastnb

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// textTable writes rows as lines of text, in columns.
func textTable(rows [][]string) string {
	width := make([]int, len(rows[0]))
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

// htmlTable writes a table as HTML that leaves its colours to the page; its first columns are words.
func htmlTable(header []string, rows [][]string, words int) string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table><thead>` + cells("th", header, words) + "</thead><tbody>\n")
	for _, row := range rows {
		b.WriteString(cells("td", row, words) + "\n")
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}

// cells writes a row of a table: words to the left, numbers to the right.
func cells(tag string, texts []string, words int) string {
	var b strings.Builder
	b.WriteString("<tr>")
	for i, text := range texts {
		side := "right"
		if i < words {
			side = "left"
		}
		fmt.Fprintf(&b, `<%s style="text-align:%s">%s</%[1]s>`, tag, side, html.EscapeString(text))
	}
	return b.String() + "</tr>"
}
