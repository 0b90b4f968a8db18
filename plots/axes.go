package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Axes names the axes of a plot. An empty name keeps the plot's own.
type Axes struct{ X, Y string }

func (o Axes) embedding(e *embedding)          { e.axes = o }
func (o Axes) importance(i *importance)        { i.axes = o }
func (o Axes) dependence(d *dependence)        { d.axes = o }
func (o Axes) predictedVsActual(f *comparison) { f.axes = o }
func (o Axes) histogram(h *histogram)          { h.axes = o }

// or returns the names, x and y for those that are empty.
func (o Axes) or(x, y string) (string, string) {
	if o.X != "" {
		x = o.X
	}
	if o.Y != "" {
		y = o.Y
	}
	return x, y
}

// widen makes an axis longer by a share of it on both sides.
func widen(a *plot.Axis, share float64) {
	room := (a.Max - a.Min) * share
	if room == 0 {
		room = max(math.Abs(a.Max)*share, 1e-3)
	}
	a.Min -= room
	a.Max += room
}

// asMany checks a list that goes with n things, and that its numbers can be drawn.
func asMany(name string, values []float64, n int, things string) error {
	if len(values) != n {
		return fmt.Errorf("%d %s for %d %s (want as many)", len(values), name, n, things)
	}
	return finite(name, values)
}
