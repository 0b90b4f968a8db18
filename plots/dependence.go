package plots

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// DependenceOption is an option of Dependence and DependenceOn.
type DependenceOption interface{ dependence(*dependence) }

// Lines are the curves of single rows, [rows][values of the feature], drawn thin behind their mean. Of more than 300
// that many are drawn, evenly picked.
type Lines [][]float64

func (o Lines) dependence(d *dependence) { d.lines = o }

const mostLines = 300

// Dependence draws what a model predicts against the value of one feature, all else as it is (Friedman 2001,
// https://doi.org/10.1214/aos/1013203451): y[i] is the mean prediction where the feature is x[i]. The values need not
// be sorted.
func Dependence(x, y []float64, opts ...DependenceOption) (*plot.Plot, error) {
	d := newDependence(y, opts)
	if err := d.check(len(x), "x"); err != nil {
		return nil, failed("Dependence", err)
	}
	if err := finite("x", x); err != nil {
		return nil, failed("Dependence", err)
	}
	p := newPlot(d.axes.or("value", "prediction"))
	addCurve(p, "", ascending(x, d.y), d.addLines(p, x))
	pad(p)
	if p.X.Min == p.X.Max {
		widen(&p.X, .05)
	}
	return p, nil
}

// DependenceOn is Dependence on a feature of categories, which stand in the order given, each with a dot.
func DependenceOn(categories []string, y []float64, opts ...DependenceOption) (*Figure, error) {
	d := newDependence(y, opts)
	if err := d.check(len(categories), "categories"); err != nil {
		return nil, failed("DependenceOn", err)
	}
	p := newPlot(d.axes.or("", "prediction"))
	x := make([]float64, len(categories))
	for i := range x {
		x[i] = float64(i)
	}
	c, mean := d.addLines(p, x), ascending(x, d.y)
	p.Add(newLine(mean, faded(c, .3)), newDots(mean, c))
	pad(p)
	p.X.Min, p.X.Max = -.5, float64(len(categories))-.5
	return categoryFigure(p, categories), nil
}

type dependence struct {
	y     []float64
	lines [][]float64
	axes  Axes
}

func newDependence(y []float64, opts []DependenceOption) dependence {
	d := dependence{y: y}
	for _, o := range opts {
		o.dependence(&d)
	}
	return d
}

func (d dependence) check(n int, things string) error {
	if n == 0 {
		return errors.New("no values of the feature; pass those at which the model was asked")
	}
	if err := asMany("y", d.y, n, things); err != nil {
		return err
	}
	for i, line := range d.lines {
		if err := asMany(fmt.Sprintf("Lines[%d]", i), line, n, things); err != nil {
			return err
		}
	}
	return nil
}

// addLines draws the thin lines and returns the colour that the mean has on top of them.
func (d dependence) addLines(p *plot.Plot, x []float64) color.RGBA {
	n := min(len(d.lines), mostLines)
	if n == 0 {
		return blue
	}
	for i := range n {
		line := newLine(ascending(x, d.lines[i*len(d.lines)/n]), faded(blue, .6/math.Sqrt(float64(n))+.05))
		line.Width = .75
		p.Add(line)
	}
	return orange
}

// ascending pairs two lists, sorted by the first.
func ascending(x, y []float64) plotter.XYs {
	xys := make(plotter.XYs, len(x))
	for i := range x {
		xys[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	slices.SortStableFunc(xys, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	return xys
}

// faded returns the colour with an opacity of 0 to 1.
func faded(c color.RGBA, alpha float64) color.Color {
	return color.NRGBA{c.R, c.G, c.B, uint8(math.Round(255 * alpha))}
}

// categoryFigure writes the categories along the x axis, upright where they don't fit side by side, in a figure wide
// enough for them.
func categoryFigure(p *plot.Plot, categories []string) *Figure {
	var ticks []plot.Tick
	style, widest := &p.X.Tick.Label, vg.Length(0)
	for i, name := range categories {
		name = clip(name, *style, 110)
		widest = max(widest, style.Width(name))
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: name})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	f := &Figure{Width: Width, Height: Height, Plots: []*plot.Plot{p}, draw: sideBySide}
	if n := vg.Length(len(categories)); n*(widest+8) > Width-50 {
		style.Rotation, style.XAlign, style.YAlign = math.Pi/2, draw.XRight, draw.YCenter
		f.Width, f.Height = max(Width, n*12+50), Height+widest
	}
	return f
}
