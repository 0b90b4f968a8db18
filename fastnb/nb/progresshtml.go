package nb

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

// htmlView shows each fit as a block of HTML that is replaced as the fit goes on. What the block holds last stays in
// the notebook's file.
type htmlView struct {
	replace func(id, html, text string)
	id      string // of the block

	svg   string    // the losses, as last drawn
	drawn time.Time // when that was
	table time.Time // when the table last was shown anew
}

func (v *htmlView) begin(f *fit) {
	v.id, v.svg, v.drawn, v.table = "", "", time.Time{}, time.Time{}
	v.bar(f)
}

func (v *htmlView) bar(f *fit) {
	switch {
	case f.idle() && v.id == "":
	case f.idle():
		v.replace(v.id, "", "")
		gonbui.Sync()
	default:
		v.open()
		if f.last.Sub(v.drawn) >= 500*time.Millisecond {
			v.draw(f)
		}
		v.replace(v.id, beside(f.table(), v.svg)+f.meterHTML(), f.text()+f.status())
	}
}

// open begins a block unless there is one.
func (v *htmlView) open() {
	if v.id == "" {
		v.id = "fastnb-" + gonbui.UniqueId()
	}
}

// draw draws the losses anew, on an axis as long as the fit will be.
func (v *htmlView) draw(f *fit) {
	v.svg, v.drawn = f.curve.svg(f.batches, f.epochs*f.batches), f.last
}

// row shows a new row; of many short epochs not each.
func (v *htmlView) row(f *fit) {
	if f.done > 20 && f.last.Sub(v.table) < 200*time.Millisecond {
		return
	}
	v.table = f.last
	v.draw(f)
	v.replace(v.id, beside(f.table(), v.svg)+f.meterHTML(), f.text()+f.status())
}

func (v *htmlView) end(f *fit) {
	last := beside(f.table(), f.pictureHTML())
	text := f.text()
	if f.stopped {
		last += "<p>" + html.EscapeString(f.stop()) + "</p>"
		text += f.stop()
	}
	v.replace(v.id, last, text)
	v.id = ""
	gonbui.Sync()
}

func (v *htmlView) line(text string) {
	v.replace("fastnb-"+gonbui.UniqueId(), "<p>"+html.EscapeString(text)+"</p>", text)
}

// pictureHTML returns the losses of a fit that is over; nothing for what has no table, such as a sweep.
func (f *fit) pictureHTML() string {
	if len(f.rows) == 0 && !f.stopped {
		return ""
	}
	return f.curve.image(f.curve.svg(f.batches, len(f.curve.train)))
}

// beside puts the picture beside the table, or below it where there is no room.
func beside(table, picture string) string {
	if table == "" || picture == "" {
		return table + picture
	}
	return `<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:8px 24px">` +
		"<div>" + table + "</div>\n<div>" + picture + "</div></div>"
}

// table returns the table of epochs; nothing while there is none. It leaves colours to the notebook's theme.
func (f *fit) table() string {
	if len(f.rows) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<table>\n<thead>" + cells("th", f.columns) + "</thead>\n<tbody>\n")
	for _, row := range f.rows {
		b.WriteString(cells("td", row) + "\n")
	}
	b.WriteString("</tbody>\n</table>")
	if f.every > 1 {
		fmt.Fprintf(&b, "\n<p>%d epochs: one row for every %d, and the newest</p>", f.done, f.every)
	}
	return b.String()
}

// text is the table of epochs where there is no HTML; nothing while there is none.
func (f *fit) text() string {
	if len(f.rows) == 0 {
		return ""
	}
	lines := []string{f.line(f.columns)}
	for _, row := range f.rows {
		lines = append(lines, f.line(row))
	}
	return strings.Join(lines, "\n") + "\n"
}

func cells(tag string, texts []string) string {
	var b strings.Builder
	b.WriteString("<tr>")
	for _, text := range texts {
		fmt.Fprintf(&b, "<%s>%s</%[1]s>", tag, html.EscapeString(text))
	}
	b.WriteString("</tr>")
	return b.String()
}

// meterHTML returns the bar, the words beside it and below it the scores, in colours that can be read on light and on
// dark.
func (f *fit) meterHTML() string {
	const outer = "display:inline-block;vertical-align:middle;width:240px;height:8px;margin-right:12px;" +
		"border-radius:4px;overflow:hidden;background:rgba(128,128,128,.28)"
	const inner = "width:%.1f%%;height:8px;background:" + trainColor
	return fmt.Sprintf(`<div style="margin:6px 0"><div style="`+outer+`"><div style="`+inner+`"></div></div>`+
		`<span style="vertical-align:middle;font-variant-numeric:tabular-nums">%s</span>%s</div>`,
		100*f.share(), html.EscapeString(f.status()), f.scoresHTML())
}

// scoresHTML returns the scores of the last epoch, and how far they are from those of the one before.
func (f *fit) scoresHTML() string {
	if len(f.scores[0].values) == 0 {
		return ""
	}
	var parts []string
	for i, v := range f.scores[0].values {
		part := fmt.Sprintf("%s %.4f", f.scores[0].names[i], v)
		if i < len(f.scores[1].values) && drawable(v) && drawable(f.scores[1].values[i]) {
			part += fmt.Sprintf(" (%+.4f)", v-f.scores[1].values[i])
		}
		parts = append(parts, part)
	}
	return `<div style="opacity:.75;font-variant-numeric:tabular-nums">last epoch: ` +
		html.EscapeString(strings.Join(parts, " · ")) + "</div>"
}
