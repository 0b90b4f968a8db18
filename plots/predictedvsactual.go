package plots

import (
	"errors"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PredictedVsActualOption is an option of PredictedVsActual.
type PredictedVsActualOption interface{ predictedVsActual(*comparison) }

// PredictedVsActual draws the predictions of a regression against the truth, both axes alike, with the diagonal on
// which a perfect model's would lie. Up to 2000 points are translucent dots; of more, the number in each small square
// is its shade, on a log scale, so that a single one still shows.
func PredictedVsActual(actual, predicted []float64, opts ...PredictedVsActualOption) (*Figure, error) {
	f := comparison{}
	for _, o := range opts {
		o.predictedVsActual(&f)
	}
	if err := f.read(actual, predicted); err != nil {
		return nil, failed("PredictedVsActual", err)
	}
	return f.figure(), nil
}

// comparison is the plotter of the points and the diagonal.
type comparison struct {
	points plotter.XYs
	axes   Axes
}

func (f *comparison) read(actual, predicted []float64) error {
	if len(actual) == 0 {
		return errors.New("no actual values; pass the targets of a split that has some")
	}
	if err := asMany("predicted", predicted, len(actual), "actual values"); err != nil {
		return err
	}
	for i := range actual {
		f.points = append(f.points, plotter.XY{X: actual[i], Y: predicted[i]})
	}
	return finite("actual", actual)
}

func (f *comparison) figure() *Figure {
	p := newPlot(f.axes.or("actual", "predicted"))
	p.Add(f)
	widen(&p.X, .03)
	p.Y.Min, p.Y.Max = p.X.Min, p.X.Max
	return &Figure{Width: 4 * vg.Inch, Height: 3.75 * vg.Inch, Plots: []*plot.Plot{p}, draw: sideBySide}
}

// DataRange implements plot.DataRanger: the same for both axes.
func (f *comparison) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = plotter.XYRange(f.points)
	low, high := min(xmin, ymin), max(xmax, ymax)
	return low, high, low, high
}

const mostDots = 2000

// Plot implements plot.Plotter.
func (f *comparison) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := make([]vg.Point, len(f.points))
	for i, xy := range f.points {
		at[i] = vg.Point{X: x(xy.X), Y: y(xy.Y)}
	}
	if len(at) > mostDots {
		drawDensity(c, at)
	} else {
		drawDots(c, at)
	}
	diagonal := draw.LineStyle{Color: ink, Width: .9, Dashes: []vg.Length{3, 2}}
	c.StrokeLine2(diagonal, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
}

// drawDots draws dots that are the more translucent the more of them there are.
func drawDots(c draw.Canvas, at []vg.Point) {
	alpha := min(max(6/math.Sqrt(float64(len(at))), .2), .85)
	style := draw.GlyphStyle{Color: faded(blue, alpha), Radius: dot, Shape: draw.CircleGlyph{}}
	for _, p := range at {
		c.DrawGlyphNoClip(style, p)
	}
}

// drawDensity draws squares, aligned to the pixels of the screen so that no seam shows between them.
func drawDensity(c draw.Canvas, at []vg.Point) {
	const side = 3 * pixel
	type square struct{ x, y int }
	counts, most := map[square]int{}, 0
	for _, p := range at {
		s := square{int(math.Floor(float64(p.X / side))), int(math.Floor(float64(p.Y / side)))}
		counts[s]++
		most = max(most, counts[s])
	}
	for s, n := range counts {
		corner := vg.Point{X: vg.Length(s.x) * side, Y: vg.Length(s.y) * side}
		c.SetColor(mix(blue, .2+.8*math.Log(float64(n))/math.Log(float64(max(most, 2)))))
		c.Fill(vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: side, Y: side})}.Path())
	}
}
