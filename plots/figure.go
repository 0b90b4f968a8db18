// Package plots draws what a lesson looks at, from plain slices and in one style. A function returns a *plot.Plot of
// gonum or a Figure, which nb.Show shows together with its error.
package plots

import (
	"bufio"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/plottext"
)

// Width and Height are a good size for a plot of this package that has no size of its own.
const (
	Width  = 5.4 * vg.Inch
	Height = 3.2 * vg.Inch
)

// Figure is a picture of one or several parts that knows its size. As a *plot.Plot it draws itself on a canvas.
type Figure struct {
	Width, Height vg.Length
	Plots         []*plot.Plot // the plots in it, if any, to be adjusted before it is drawn

	draw func(*Figure, draw.Canvas)
	text string // what it shows, if its plots don't say so
}

// Text says what the figure shows, for readers that see no pictures: the titles of images, the counts of a confusion
// matrix, else the axes of its plots.
func (f *Figure) Text() string {
	if f.text != "" {
		return f.text
	}
	return plottext.All(f.Plots)
}

// listed is a text for a Figure: what it is, and a line for each of its n parts.
func listed(what string, n int, part func(i int) string) string {
	lines := []string{what}
	for i := range n {
		lines = append(lines, "- "+strings.ReplaceAll(part(i), "\n", ", "))
	}
	return strings.Join(lines, "\n")
}

// Size returns the size at which the figure is meant to be seen.
func (f *Figure) Size() (width, height vg.Length) { return f.Width, f.Height }

// Draw draws the figure onto the whole canvas.
func (f *Figure) Draw(c draw.Canvas) {
	c.SetColor(paper)
	c.Fill(c.Rectangle.Path())
	f.draw(f, c)
}

// Save writes the figure to a PNG file, at 192 dots per inch. The file is whole or as it was before.
func (f *Figure) Save(name string) error {
	c := vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(192))
	f.Draw(draw.New(c))
	file, err := atomicfile.Create(name, 0o644)
	if err != nil {
		return err
	}
	defer file.Discard()
	w := bufio.NewWriter(file)
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Commit()
}

// sideBySide draws the figure's plots in one row.
func sideBySide(f *Figure, c draw.Canvas) {
	const gap = 18
	n := vg.Length(len(f.Plots))
	w := (c.Max.X - c.Min.X - (n-1)*gap) / n
	for i, p := range f.Plots {
		left := vg.Length(i) * (w + gap)
		p.Draw(draw.Crop(c, left, left+w-(c.Max.X-c.Min.X), 0, 0))
	}
}
