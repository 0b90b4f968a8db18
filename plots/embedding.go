package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// EmbeddingOption is an option of Embedding.
type EmbeddingOption interface{ embedding(*embedding) }

// Groups is the group of each point, "" for none: a colour, from the seventh group on another shape too, and a name in
// the legend. There may be 18 groups.
type Groups []string

func (o Groups) embedding(e *embedding) { e.groups = o }

// Embedding draws points in two dimensions, such as the first two principal components of what a net has learned about
// films, each with its label: xy is [points][2], labels is as long, or nil; a point whose label is "" is a dot alone.
// A label that finds no room beside its point stands a little away on a thin line; one that finds none there is left
// out, and a note below the plot counts those. Long labels are shortened. The figure grows with the number of labels.
func Embedding(xy [][]float64, labels []string, opts ...EmbeddingOption) (*Figure, error) {
	e := embedding{labels: labels}
	for _, o := range opts {
		o.embedding(&e)
	}
	if err := e.check(xy); err != nil {
		return nil, failed("Embedding", err)
	}
	return e.figure(), nil
}

// embedding is the plotter of the points and their labels.
type embedding struct {
	points plotter.XYs
	labels []string
	groups []string
	axes   Axes
	names  []string // of the groups, in the order in which they appear
}

// check reads the points.
func (e *embedding) check(xy [][]float64) error {
	switch n := len(xy); {
	case n == 0:
		return errors.New("no points; pass the scores of pca.Project(vectors, 2)")
	case e.labels != nil && len(e.labels) != n:
		return fmt.Errorf("%d labels for %d points (want as many, or nil)", len(e.labels), n)
	case e.groups != nil && len(e.groups) != n:
		return fmt.Errorf("%d Groups for %d points (want as many)", len(e.groups), n)
	}
	for i, row := range xy {
		if len(row) != 2 {
			return fmt.Errorf("xy[%d] has %d numbers (want 2: project onto two components)", i, len(row))
		}
		if err := finite(fmt.Sprintf("xy[%d]", i), row); err != nil {
			return err
		}
		e.points = append(e.points, plotter.XY{X: row[0], Y: row[1]})
	}
	return e.nameGroups()
}

func (e *embedding) nameGroups() error {
	for _, g := range e.groups {
		if g != "" && !slices.Contains(e.names, g) {
			e.names = append(e.names, g)
		}
	}
	if most := len(cycle) * len(shapes); len(e.names) > most {
		return fmt.Errorf("%d different Groups (want at most %d: more colours and shapes can't be told apart)", len(e.names),
			most)
	}
	return nil
}

// shapes follow one another as the colours of cycle are used up.
var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}}

const dot = vg.Length(2.75) // radius

// groupStyle is the look of the nth group, n < 0 for none.
func groupStyle(n int) draw.GlyphStyle {
	if n < 0 {
		return draw.GlyphStyle{Color: grey, Radius: dot, Shape: shapes[0]}
	}
	return draw.GlyphStyle{Color: cycle[n%len(cycle)], Radius: dot, Shape: shapes[n/len(cycle)]}
}

func (e *embedding) style(i int) draw.GlyphStyle {
	if e.groups == nil {
		return groupStyle(0)
	}
	return groupStyle(slices.Index(e.names, e.groups[i]))
}

func (e *embedding) figure() *Figure {
	p := newPlot(e.axes.or("", ""))
	p.Add(e)
	widen(&p.X, .06)
	widen(&p.Y, .06)
	labels := float64(len(e.labels))
	width := Width * vg.Length(min(max(1, math.Sqrt(labels/20)), 1.4))
	k := newKey(e.names, width)
	return &Figure{Width: width, Height: .72*width + k.height(), Plots: []*plot.Plot{p},
		draw: func(f *Figure, c draw.Canvas) {
			k.draw(c)
			c.Max.Y -= k.height()
			p.Draw(draw.Crop(c, 0, 0, noteHeight(p), 0))
		}}
}

// noteHeight is the room below the axis' ticks for the note, which stands on the line of the axis' name.
func noteHeight(p *plot.Plot) vg.Length {
	if p.X.Label.Text != "" {
		return 2
	}
	return 16
}

// DataRange implements plot.DataRanger.
func (e *embedding) DataRange() (xmin, xmax, ymin, ymax float64) { return plotter.XYRange(e.points) }

// Plot implements plot.Plotter.
func (e *embedding) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	dots := make([]vg.Point, len(e.points))
	for i, xy := range e.points {
		dots[i] = vg.Point{X: x(xy.X), Y: y(xy.Y)}
	}
	style := labelStyle(p)
	labels, sizes := e.shortLabels(style)
	places, lost := place(dots, sizes, c.Rectangle)
	for i, s := range places {
		if s != (spot{}) {
			s.drawLine(c)
			c.FillText(style, vg.Point{X: s.box.Min.X, Y: s.box.Min.Y + 1}, labels[i])
		}
	}
	for i, at := range dots {
		c.DrawGlyphNoClip(e.style(i), at)
	}
	if lost > 0 {
		style.XAlign, style.Color = draw.XRight, grey
		c.FillText(style, vg.Point{X: c.Max.X, Y: c.Min.Y - 24},
			fmt.Sprintf("no room for %d of %d labels", lost, len(labels)))
	}
}

func labelStyle(p *plot.Plot) text.Style {
	style := p.Legend.TextStyle
	style.Font.Size, style.YAlign = 8.5, draw.YBottom
	return style
}

// shortLabels returns the labels as they are written and the room that each takes, nothing for an empty one.
func (e *embedding) shortLabels(style text.Style) (labels []string, sizes []vg.Point) {
	labels, sizes = make([]string, len(e.points)), make([]vg.Point, len(e.points))
	for i, label := range e.labels {
		if label != "" {
			labels[i] = clip(label, style, 130)
			sizes[i] = vg.Point{X: style.Width(labels[i]), Y: 10}
		}
	}
	return labels, sizes
}
