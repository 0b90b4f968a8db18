package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// figure lays the panels out in rows below the key.
func (g *curveGrid) figure() *Figure {
	rows := (len(g.panels) + g.cols - 1) / g.cols
	side := vg.Length(g.cell) * pixel
	f := &Figure{Width: vg.Length(g.cols)*(side+gutter) - gutter + g.leftName(), draw: g.draw, text: g.text()}
	f.Height = vg.Length(rows)*(side+gutter) - gutter + g.bottomName() + g.key(f.Width).height()
	for _, p := range g.panels {
		f.Plots = append(f.Plots, g.plot(p))
	}
	g.share(f.Plots)
	return f
}

// axisName is the room that the name of an axis takes beside the panels.
const axisName = 20 * pixel

func (g *curveGrid) leftName() vg.Length {
	if g.axes.Y == "" {
		return 0
	}
	return axisName
}

func (g *curveGrid) bottomName() vg.Length {
	if g.axes.X == "" {
		return 0
	}
	return axisName
}

// key explains the looks, where there are several.
func (g *curveGrid) key(width vg.Length) key {
	if len(g.names) < 2 {
		return key{}
	}
	return newKey(g.names, width)
}

func (g *curveGrid) plot(panel Panel) *plot.Plot {
	p := newPlot("", "")
	p.Title.Text, p.Title.Padding = panel.Title, 1
	if g.log {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, logTicks{}
	}
	p.Add(zeros{})
	for _, c := range panel.Curves {
		n := slices.Index(g.names, c.Name)
		line := newLine(panel.points(c.Values), cycle[n%len(cycle)])
		if n >= len(cycle) {
			line.Dashes = []vg.Length{4, 3}
		}
		p.Add(line)
	}
	return p
}

// points pairs X with a curve's values.
func (p Panel) points(values []float64) plotter.XYs {
	xys := numbered(values, 1)
	for i := range p.X {
		xys[i].X = p.X[i]
	}
	return xys
}

// share gives every plot the axes of all.
func (g *curveGrid) share(ps []*plot.Plot) {
	x, y := ps[0].X, ps[0].Y
	for _, p := range ps {
		x.Min, x.Max = min(x.Min, p.X.Min), max(x.Max, p.X.Max)
		y.Min, y.Max = min(y.Min, p.Y.Min), max(y.Max, p.Y.Max)
	}
	switch {
	case g.told:
		y.Min, y.Max = g.low, g.high
	case g.log:
		y.Min, y.Max = y.Min/1.3, y.Max*1.3
	default:
		widen(&y, .05)
	}
	if x.Min == x.Max {
		widen(&x, .05)
	}
	holdTicks(&x)
	holdTicks(&y)
	for _, p := range ps {
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.Min, x.Max, y.Min, y.Max
	}
}

// holdTicks lets an axis end at its first and last ticks where those lie outside by a rounding error.
func holdTicks(a *plot.Axis) {
	for _, t := range a.Tick.Marker.Ticks(a.Min, a.Max) {
		a.Min, a.Max = min(a.Min, t.Value), max(a.Max, t.Value)
	}
}

// zeros are the lines where x and y are 0.
type zeros struct{}

// Plot implements plot.Plotter.
func (zeros) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: grey, Width: .5}
	if p.X.Min < 0 && p.X.Max > 0 {
		c.StrokeLine2(style, x(0), c.Min.Y, x(0), c.Max.Y)
	}
	if p.Y.Min < 0 && p.Y.Max > 0 {
		c.StrokeLine2(style, c.Min.X, y(0), c.Max.X, y(0))
	}
}

// draw draws the key, the panels below it in rows, and the names of the axes beside them.
func (g *curveGrid) draw(f *Figure, c draw.Canvas) {
	k := g.key(c.Max.X - c.Min.X)
	k.draw(c)
	c = draw.Crop(c, g.leftName(), 0, g.bottomName(), -k.height())
	g.nameAxes(c)
	rows := vg.Length((len(f.Plots) + g.cols - 1) / g.cols)
	w := (c.Max.X-c.Min.X+gutter)/vg.Length(g.cols) - gutter
	h := (c.Max.Y-c.Min.Y+gutter)/rows - gutter
	for i, p := range f.Plots {
		left, top := c.Min.X+vg.Length(i%g.cols)*(w+gutter), c.Max.Y-vg.Length(i/g.cols)*(h+gutter)
		p.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: top - h},
			Max: vg.Point{X: left + w, Y: top}}})
	}
}

// nameAxes writes the names of the axes left of the canvas and below it.
func (g *curveGrid) nameAxes(c draw.Canvas) {
	style := newBlank("", "").X.Label.TextStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YBottom
	middle := c.Center()
	c.FillText(style, vg.Point{X: middle.X, Y: c.Min.Y - g.bottomName() + 3*pixel}, g.axes.X)
	style.Rotation, style.YAlign = math.Pi/2, draw.YTop
	c.FillText(style, vg.Point{X: c.Min.X - g.leftName(), Y: middle.Y}, g.axes.Y)
}

// text names the panels and their curves.
func (g *curveGrid) text() string {
	what := fmt.Sprintf("%d plots of %s", len(g.panels), strings.Join(g.names, ", "))
	return listed(what, len(g.panels), func(i int) string { return g.panels[i].Title })
}
