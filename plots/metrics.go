package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Curve is a named list of values, one per epoch.
type Curve struct {
	Name   string
	Values []float64
}

// Metrics draws values measured once per epoch: accuracy, error rate. All curves share one axis. There are six
// colours: curves from the seventh on are dashed.
func Metrics(curves ...Curve) (*plot.Plot, error) {
	p, err := metrics(curves)
	return p, failed("Metrics", err)
}

func metrics(curves []Curve) (*plot.Plot, error) {
	if len(curves) == 0 {
		return nil, errors.New("no curves; pass Curve{\"accuracy\", Recorder.Metric(\"accuracy\")}")
	}
	p := newPlot("epoch", "")
	p.X.Tick.Marker = wholeTicks{}
	var drawn []plotter.XYs
	for i, c := range curves {
		if err := c.check(); err != nil {
			return nil, err
		}
		drawn = append(drawn, numbered(c.Values, 1))
		line := addCurve(p, c.Name, drawn[i], cycle[i%len(cycle)])
		if i >= len(cycle) {
			line.Dashes = []vg.Length{4, 3}
		}
	}
	pad(p)
	if p.X.Min == p.X.Max {
		p.X.Min, p.X.Max = 0, 2
	}
	if len(curves) == 1 {
		p.Y.Label.Text, p.Legend = curves[0].Name, plot.NewLegend()
	}
	placeLegend(p, drawn...)
	return p, nil
}

func (c Curve) check() error {
	if len(c.Values) == 0 {
		return fmt.Errorf("no values for %q; is that the metric's name, and has a fit been done?", c.Name)
	}
	return finite(c.Name, c.Values)
}
