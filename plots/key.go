package plots

import (
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key is a legend in lines above a plot: the look and the name of each group.
type key struct {
	names []string
	at    []vg.Point // of each entry, from the left of the line, and the number of the line down
	lines int
	style text.Style
}

// newKey lays the groups out in lines of the given width.
func newKey(names []string, width vg.Length) key {
	k := key{style: newBlank("", "").Legend.TextStyle}
	x := vg.Length(0)
	for _, name := range names {
		name = clip(name, k.style, 120)
		w := k.style.Width(name) + 24
		if k.lines == 0 || x+w > width {
			x, k.lines = 0, k.lines+1
		}
		k.names, k.at = append(k.names, name), append(k.at, vg.Point{X: x, Y: vg.Length(k.lines - 1)})
		x += w
	}
	return k
}

func (k key) height() vg.Length {
	if k.lines == 0 {
		return 0
	}
	return vg.Length(k.lines)*13 + 6
}

// draw draws the entries from the top left of the canvas.
func (k key) draw(c draw.Canvas) {
	k.style.YAlign = -.42
	for i, name := range k.names {
		at := vg.Point{X: c.Min.X + k.at[i].X + dot + 1, Y: c.Max.Y - 7 - 13*k.at[i].Y}
		c.DrawGlyphNoClip(groupStyle(i), at)
		c.FillText(k.style, vg.Point{X: at.X + 7, Y: at.Y}, name)
	}
}
