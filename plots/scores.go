package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Points is a named curve: a value Y[i] at X[i]. Of ROC, PrecisionRecall and Calibration both are from 0 to 1; of
// Valley they are a path.
type Points struct {
	Name string
	X, Y []float64
}

// ROC draws receiver operating characteristics: the share of the items that are found, Y, against the share of the
// others that are taken for such, X, as metric.ROC gives them, with the area below each. The diagonal is chance. There
// are six colours: curves from the seventh on are dashed; 12 at most.
func ROC(curves ...Points) (*Figure, error) {
	f := scores{curves: curves, diagonal: true, area: area, want: "metric.ROC has none where all items are of one kind"}
	fig, err := f.figure("false positives, share", "true positives, share")
	return fig, failed("ROC", err)
}

// PrecisionRecall draws precisions, Y, against recalls, X, as steps, as metric.PrecisionRecall gives them, with the
// area below each, the average precision. Curves as those of ROC.
func PrecisionRecall(curves ...Points) (*Figure, error) {
	f := scores{curves: curves, steps: true, area: stepArea,
		want: "metric.PrecisionRecall has none where no item is positive"}
	fig, err := f.figure("recall", "precision")
	return fig, failed("PrecisionRecall", err)
}

// Calibration draws reliability curves: how often predictions came true, Y, against their mean probability, X, as
// metric.Calibration and Preds.Calibration give them, before and after a temperature say. On the diagonal they are as
// often true as they say; below it they are too sure. Curves as those of ROC.
func Calibration(curves ...Points) (*Figure, error) {
	f := scores{curves: curves, diagonal: true, dots: true, want: "Preds.Calibration has none without labels"}
	fig, err := f.figure("mean probability", "came true, share")
	return fig, failed("Calibration", err)
}

// mostCurves is how many curves can be told apart.
const mostCurves = 12

// scores are curves in the unit square.
type scores struct {
	curves                []Points
	diagonal, steps, dots bool
	area                  func(plotter.XYs) float64 // what the key says of a curve; nil for nothing
	want                  string                    // where curves without points come from
}

func (f scores) figure(x, y string) (*Figure, error) {
	if len(f.curves) == 0 || len(f.curves) > mostCurves {
		return nil, fmt.Errorf("%d curves (want 1 to %d)", len(f.curves), mostCurves)
	}
	p := newPlot(x, y)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	if f.diagonal {
		line := newLine(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, grey)
		line.Width, line.Dashes = .9, []vg.Length{3, 2}
		p.Add(line)
	}
	var drawn []plotter.XYs
	for i, c := range f.curves {
		xys, err := f.read(c)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", c.Name, err)
		}
		path, dots := f.path(xys), plotter.XYs(nil)
		if f.dots {
			dots = path
		}
		key := addNumbered(p, i, path, dots)
		if name := f.name(c.Name, xys); name != "" {
			p.Legend.Add(name, key...)
		}
		drawn = append(drawn, path)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -.02, 1.02, -.02, 1.02
	placeLegend(p, drawn...)
	return &Figure{Width: 4.2 * vg.Inch, Height: 3.75 * vg.Inch, Plots: []*plot.Plot{p}, draw: sideBySide}, nil
}

// read checks a curve's points.
func (f scores) read(c Points) (plotter.XYs, error) {
	if len(c.X) == 0 && len(c.Y) == 0 {
		return nil, errors.New("no points; " + f.want)
	}
	if len(c.X) != len(c.Y) {
		return nil, fmt.Errorf("%d Y for %d X (want as many)", len(c.Y), len(c.X))
	}
	xys := make(plotter.XYs, len(c.X))
	for i := range xys {
		if xys[i] = (plotter.XY{X: c.X[i], Y: c.Y[i]}); !inUnit(c.X[i]) || !inUnit(c.Y[i]) {
			return nil, fmt.Errorf("point %d is %g, %g (want shares from 0 to 1)", i, c.X[i], c.Y[i])
		}
	}
	if xys[0].X > xys[len(xys)-1].X {
		slices.Reverse(xys)
	}
	return xys, nil
}

func inUnit(x float64) bool { return x >= 0 && x <= 1 }

// name is what the key says.
func (f scores) name(name string, xys plotter.XYs) string {
	name = clip(name, newBlank("", "").Legend.TextStyle, 150)
	switch {
	case f.area == nil:
		return name
	case name == "":
		return fmt.Sprintf("area %.3f", f.area(xys))
	}
	return fmt.Sprintf("%s, area %.3f", name, f.area(xys))
}

// path is what is drawn of a curve: not more points than can be seen.
func (f scores) path(xys plotter.XYs) plotter.XYs {
	if !f.steps {
		return thinned(xys)
	}
	var path plotter.XYs
	for i, xy := range xys {
		if i > 0 {
			path = append(path, plotter.XY{X: xys[i-1].X, Y: xy.Y})
		}
		path = append(path, xy)
	}
	return thinned(path)
}

// thinned leaves out points that lie where the one before does, to the eye.
func thinned(xys plotter.XYs) plotter.XYs {
	const near = 1. / 1024
	var seen plotter.XYs
	for i, xy := range xys {
		n := len(seen)
		if n == 0 || i == len(xys)-1 || max(math.Abs(xy.X-seen[n-1].X), math.Abs(xy.Y-seen[n-1].Y)) > near {
			seen = append(seen, xy)
		}
	}
	return seen
}

// area is that below straight lines.
func area(xys plotter.XYs) (sum float64) {
	for i := range xys[1:] {
		sum += (xys[i+1].X - xys[i].X) * (xys[i+1].Y + xys[i].Y) / 2
	}
	return sum
}

// stepArea is that below steps, each as high as its right end.
func stepArea(xys plotter.XYs) (sum float64) {
	for i := range xys[1:] {
		sum += (xys[i+1].X - xys[i].X) * xys[i+1].Y
	}
	return sum
}
