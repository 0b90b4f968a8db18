package nb

import (
	"fmt"
	"html"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
)

// htmlView shows each fit as a block of HTML that is replaced as the fit goes on. What the block holds last stays in
// the notebook's file.
type htmlView struct {
	replace func(id, html string)
	id      string // of the block
}

func (v *htmlView) begin(f *fit) {
	v.id = ""
	v.bar(f)
}

func (v *htmlView) bar(f *fit) {
	switch {
	case f.idle() && v.id == "":
	case f.idle():
		v.replace(v.id, "")
		gonbui.Sync()
	default:
		v.open()
		v.replace(v.id, f.table()+f.meterHTML())
	}
}

// open begins a block unless there is one.
func (v *htmlView) open() {
	if v.id == "" {
		v.id = "fastnb-" + gonbui.UniqueId()
	}
}

func (v *htmlView) row(f *fit) { v.replace(v.id, f.table()) }

func (v *htmlView) end(f *fit) {
	last := f.table()
	if f.stopped {
		last += "<p>" + html.EscapeString(f.stop()) + "</p>"
	}
	v.replace(v.id, last)
	v.id = ""
	gonbui.Sync()
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
	return b.String()
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

// meterHTML returns the bar and the words beside it, in colours that can be read on light and on dark.
func (f *fit) meterHTML() string {
	const outer = "display:inline-block;vertical-align:middle;width:240px;height:8px;margin-right:12px;" +
		"border-radius:4px;overflow:hidden;background:rgba(128,128,128,.28)"
	const inner = "width:%.1f%%;height:8px;background:#2b8fd0"
	return fmt.Sprintf(`<div style="margin:6px 0"><div style="`+outer+`"><div style="`+inner+`"></div></div>`+
		`<span style="vertical-align:middle;font-variant-numeric:tabular-nums">%s</span></div>`,
		100*f.share(), html.EscapeString(f.status()))
}
