package plots

import (
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ThresholdsOption is an option of Thresholds: Suggestion, the threshold that was chosen.
type ThresholdsOption interface{ thresholds(*thresholds) }

func (o Suggestion) thresholds(f *thresholds) { f.marks = append(f.marks, float64(o)) }

type thresholds struct{ marks []float64 }

// Thresholds draws scores against the thresholds that they have, in ascending order: a curve for each metric, with a
// value for each threshold, such as metric.At gives. There are six colours; 12 curves at most, dashed from the seventh
// on.
func Thresholds(at []float64, curves []Curve, opts ...ThresholdsOption) (*plot.Plot, error) {
	var f thresholds
	for _, o := range opts {
		o.thresholds(&f)
	}
	p, err := f.draw(at, curves)
	return p, failed("Thresholds", err)
}

func (f thresholds) draw(at []float64, curves []Curve) (*plot.Plot, error) {
	if err := f.check(at, curves); err != nil {
		return nil, err
	}
	p := newPlot("threshold", "")
	for i, c := range curves {
		xys := make(plotter.XYs, len(at))
		for k := range xys {
			xys[k] = plotter.XY{X: at[k], Y: c.Values[k]}
		}
		line := addCurve(p, clip(c.Name, p.Legend.TextStyle, 150), xys, cycle[i%len(cycle)])
		if i >= len(cycle) {
			line.Dashes = []vg.Length{4, 3}
		}
	}
	pad(p)
	widen(&p.X, .02)
	if len(curves) == 1 {
		p.Y.Label.Text, p.Legend = curves[0].Name, plot.NewLegend()
	} else { // curves may be anywhere, so the key has room of its own above them
		p.Legend.Top = true
		p.Y.Max += (p.Y.Max - p.Y.Min) * .07 * float64(len(curves))
	}
	for _, x := range f.marks {
		f.mark(p, x)
	}
	return p, nil
}

func (f thresholds) check(at []float64, curves []Curve) error {
	switch {
	case len(at) == 0:
		return errors.New("no thresholds")
	case len(curves) == 0 || len(curves) > mostCurves:
		return fmt.Errorf("%d curves (want 1 to %d)", len(curves), mostCurves)
	case finite("at", at) != nil:
		return finite("at", at)
	case !slices.IsSorted(at):
		return errors.New("the thresholds are not in ascending order; sort them, and take the scores in that order")
	}
	for _, c := range curves {
		if err := asMany(c.Name, c.Values, len(at), "thresholds"); err != nil {
			return err
		}
	}
	for _, x := range f.marks {
		if !(x >= at[0] && x <= at[len(at)-1]) {
			return fmt.Errorf("Suggestion(%g) lies outside of the thresholds drawn, %g to %g", x, at[0], at[len(at)-1])
		}
	}
	return nil
}

// mark draws a threshold as a line with its value.
func (f thresholds) mark(p *plot.Plot, x float64) {
	foot := plotter.XY{X: x, Y: p.Y.Min}
	line := newLine(plotter.XYs{foot, {X: x, Y: p.Y.Max}}, ink)
	line.Width, line.Dashes = 1, []vg.Length{3, 2}
	offset, align := vg.Point{X: -5, Y: 5}, draw.XRight
	if p.X.Norm(x) < .15 {
		offset.X, align = 5, draw.XLeft
	}
	p.Add(line, written(fmt.Sprintf("%.3g", x), foot, offset, align, ink))
}
