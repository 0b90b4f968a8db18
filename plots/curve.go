package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newLine returns a line in the style.
func newLine(xys plotter.XYs, c color.Color) *plotter.Line {
	return &plotter.Line{XYs: xys, LineStyle: draw.LineStyle{Color: c, Width: 1.5}}
}

// newDots returns filled circles in the style.
func newDots(xys plotter.XYs, c color.Color) *plotter.Scatter {
	return &plotter.Scatter{XYs: xys, GlyphStyle: draw.GlyphStyle{Color: c, Radius: 2.75, Shape: draw.CircleGlyph{}}}
}

// numbered pairs values with 1, 2, ... times step.
func numbered(values []float64, step float64) plotter.XYs {
	xys := make(plotter.XYs, len(values))
	for i, v := range values {
		xys[i] = plotter.XY{X: float64(i+1) * step, Y: v}
	}
	return xys
}

// addCurve adds a line, with dots where it has few points, and its entry in the legend, and returns the line.
func addCurve(p *plot.Plot, name string, xys plotter.XYs, c color.Color) *plotter.Line {
	line := newLine(xys, c)
	p.Add(line)
	thumbs := []plot.Thumbnailer{line}
	if len(xys) <= 30 {
		dots := newDots(xys, c)
		p.Add(dots)
		thumbs = append(thumbs, dots)
	}
	if name != "" {
		p.Legend.Add(name, thumbs...)
	}
	return line
}

// pad widens the y axis by a little, so that no curve runs along an edge.
func pad(p *plot.Plot) { widen(&p.Y, .05) }

// placeLegend puts the legend into the corner that the fewest points come near to.
func placeLegend(p *plot.Plot, curves ...plotter.XYs) {
	fewest := math.MaxInt
	for _, corner := range [][2]bool{{true, false}, {false, false}, {true, true}, {false, true}} {
		if n := near(p, corner[0], corner[1], curves); n < fewest {
			fewest, p.Legend.Top, p.Legend.Left = n, corner[0], corner[1]
		}
	}
	p.Legend.XOffs, p.Legend.YOffs = -8, -4
	if p.Legend.Left {
		p.Legend.XOffs = 8
	}
	if !p.Legend.Top {
		p.Legend.YOffs = 8
	}
}

// near counts the points in a corner of the plot.
func near(p *plot.Plot, top, left bool, curves []plotter.XYs) int {
	n := 0
	for _, xys := range curves {
		for _, xy := range xys {
			x, y := p.X.Norm(xy.X), p.Y.Norm(xy.Y)
			if (x < .35) == left && (x < .35 || x > .65) && (y > .7) == top && (y > .7 || y < .3) {
				n++
			}
		}
	}
	return n
}

// finite tells which of the values is not a number that can be drawn: the span of an axis must be finite too.
func finite(name string, values []float64) error {
	for i, v := range values {
		if !(math.Abs(v) <= 1e300) {
			return fmt.Errorf("%s[%d] is %g (want finite numbers, at most 1e300)", name, i, v)
		}
	}
	return nil
}

// finiteStart returns the values without those at the end that are not finite: that is how a fit that diverges ends.
func finiteStart(values []float64) []float64 {
	n := len(values)
	for n > 0 && finite("", values[n-1:n]) != nil {
		n--
	}
	return values[:n]
}

// failed turns an error into this package's form.
func failed(function string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("plots: %s: %w", function, err)
}

// written is text at a point of the data, moved by an offset.
func written(words string, at plotter.XY, offset vg.Point, x draw.XAlignment, c color.Color) *plotter.Labels {
	l, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{at}, Labels: []string{words}})
	if err != nil { // a point that is not finite; our callers have checked theirs
		return &plotter.Labels{}
	}
	styleText(&l.TextStyle[0], small, c)
	l.TextStyle[0].XAlign, l.Offset = x, offset
	return l
}
