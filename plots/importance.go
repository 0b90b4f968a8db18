package plots

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ImportanceOption is an option of Importance.
type ImportanceOption interface{ importance(*importance) }

// Spread is how far each of the values varies, such as its standard deviation over repeats; it is drawn as a line that
// far to both sides.
type Spread []float64

func (o Spread) importance(i *importance) { i.spread = o }

// Importance draws how much each feature matters as a bar, the largest on top: what is lost, say, when the feature is
// shuffled. Values below 0, features that are better away, are orange.
func Importance(names []string, drops []float64, opts ...ImportanceOption) (*Figure, error) {
	i := importance{names: names, drops: drops}
	for _, o := range opts {
		o.importance(&i)
	}
	if err := i.check(); err != nil {
		return nil, failed("Importance", err)
	}
	return i.figure(), nil
}

// importance is the plotter of the bars. The bar of order[r] lies around y = n-1-r.
type importance struct {
	names  []string
	drops  []float64
	spread []float64
	axes   Axes
	order  []int
}

func (i *importance) check() error {
	n := len(i.names)
	if n == 0 {
		return errors.New("no features; pass their names and what is lost without each")
	}
	if err := asMany("drops", i.drops, n, "names"); err != nil || i.spread == nil {
		return err
	}
	if err := asMany("Spread", i.spread, n, "names"); err != nil {
		return err
	}
	for k, s := range i.spread {
		if s < 0 {
			return fmt.Errorf("the Spread of %q is %g (want 0 or more)", i.names[k], s)
		}
	}
	return nil
}

// figure is as high as it takes to read each name.
func (i *importance) figure() *Figure {
	for k := range i.names {
		i.order = append(i.order, k)
	}
	slices.SortStableFunc(i.order, func(a, b int) int { return cmp.Compare(i.drops[b], i.drops[a]) })
	p := newBlank(i.axes.or("importance", ""))
	grid := newGrid()
	grid.Horizontal.Color = nil
	p.Add(grid, i)
	i.nameRows(p)
	p.Y.Padding = 4
	return &Figure{Width: Width, Height: vg.Length(len(i.names))*15 + 32, Plots: []*plot.Plot{p},
		draw: func(f *Figure, c draw.Canvas) { sideBySide(f, draw.Crop(c, 2, 0, 0, 0)) }, text: i.text()}
}

// text lists the features, the most important first.
func (i *importance) text() string {
	return listed("importance", len(i.order), func(row int) string {
		k := i.order[row]
		return fmt.Sprintf("%s: %.4g", i.names[k], i.drops[k])
	})
}

// nameRows writes the names beside the bars and leaves a little room behind the longest.
func (i *importance) nameRows(p *plot.Plot) {
	var rows []plot.Tick
	for r, k := range i.order {
		rows = append(rows, plot.Tick{Value: float64(len(i.order) - 1 - r), Label: clip(i.names[k], p.Y.Tick.Label, 150)})
	}
	p.Y.Tick.Marker = plot.ConstantTicks(rows)
	p.Y.Tick.Label.Color = ink
	low, high := p.X.Min, p.X.Max
	widen(&p.X, .03)
	if low == 0 && high > 0 {
		p.X.Min = 0
	}
	if high == 0 && low < 0 {
		p.X.Max = 0
	}
}

// reach returns the ends of what is drawn of a feature, without its bar's foot at 0.
func (i *importance) reach(k int) (low, high float64) {
	if i.spread == nil {
		return i.drops[k], i.drops[k]
	}
	return i.drops[k] - i.spread[k], i.drops[k] + i.spread[k]
}

// DataRange implements plot.DataRanger.
func (i *importance) DataRange() (xmin, xmax, ymin, ymax float64) {
	for k := range i.drops {
		low, high := i.reach(k)
		xmin, xmax = min(xmin, low), max(xmax, high)
	}
	return xmin, xmax, -.5, float64(len(i.drops)) - .5
}

// Plot implements plot.Plotter.
func (i *importance) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for r, k := range i.order {
		middle := float64(len(i.order) - 1 - r)
		c.SetColor(blue)
		if i.drops[k] < 0 {
			c.SetColor(orange)
		}
		c.Fill(vg.Rectangle{
			Min: vg.Point{X: x(min(0, i.drops[k])), Y: y(middle - .35)},
			Max: vg.Point{X: x(max(0, i.drops[k])), Y: y(middle + .35)}}.Path())
		if i.spread != nil {
			low, high := i.reach(k)
			whisker(c, x(low), x(high), y(middle))
		}
	}
	c.StrokeLine2(draw.LineStyle{Color: grey, Width: .6}, x(0), c.Min.Y, x(0), c.Max.Y)
}

// whisker draws a line with short ends.
func whisker(c draw.Canvas, left, right, y vg.Length) {
	style := draw.LineStyle{Color: ink, Width: .9}
	c.StrokeLine2(style, left, y, right, y)
	c.StrokeLine2(style, left, y-2, left, y+2)
	c.StrokeLine2(style, right, y-2, right, y+2)
}
