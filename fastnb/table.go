package fastnb

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode/utf8"
)

// textTable writes a table as lines of text, in columns.
func textTable(header []string, rows [][]string) string {
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

// minutes writes a time as minutes and seconds.
func minutes(d time.Duration) string {
	s := int(d.Seconds() + .5)
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
