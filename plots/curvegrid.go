package plots

import (
	"errors"
	"fmt"
	"slices"
)

// CurveGridOption is an option of CurveGrid.
type CurveGridOption interface{ curveGrid(*curveGrid) }

// Panel is one of the plots of a CurveGrid: a title and its curves.
type Panel struct {
	Title  string
	X      []float64 // where the values of all its curves are; nil for 1, 2, ...
	Curves []Curve
}

// YRange is what the y axes show, whatever lies outside is cut off. Default: all values.
type YRange struct{ Low, High float64 }

// LogY makes the y axes logarithmic; all values must then be above 0.
type LogY bool

func (o Axes) curveGrid(g *curveGrid)   { g.axes = o }
func (o Cell) curveGrid(g *curveGrid)   { g.cell = int(o) }
func (o Cols) curveGrid(g *curveGrid)   { g.cols = int(o) }
func (o LogY) curveGrid(g *curveGrid)   { g.log = bool(o) }
func (o YRange) curveGrid(g *curveGrid) { g.low, g.high, g.told = o.Low, o.High, true }

// CurveGrid draws small multiples (Tufte 1983): a plot for each panel, in rows, all with the same axes, so that one
// look compares them. Curves of the same name, at most twelve, have the same look in every panel and one entry in the
// key above. Cell is the side of a panel, Cols the number of panels in a row (default 4).
func CurveGrid(panels []Panel, opts ...CurveGridOption) (*Figure, error) {
	g := curveGrid{panels: panels, cols: min(4, len(panels)), cell: 168}
	for _, o := range opts {
		o.curveGrid(&g)
	}
	if err := g.check(); err != nil {
		return nil, failed("CurveGrid", err)
	}
	return g.figure(), nil
}

type curveGrid struct {
	panels     []Panel
	axes       Axes
	cols, cell int
	log, told  bool
	low, high  float64
	names      []string // of the curves, in the order in which they come
}

func (g *curveGrid) check() error {
	switch {
	case len(g.panels) == 0:
		return errors.New("no panels")
	case g.cols < 1:
		return fmt.Errorf("Cols(%d) (want 1 or more)", g.cols)
	case g.cell < 80:
		return fmt.Errorf("Cell(%d) (want 80 or more)", g.cell)
	case g.told && !(g.low < g.high && finite("", []float64{g.low, g.high}) == nil):
		return fmt.Errorf("YRange{%g, %g} (want a low end below a high one)", g.low, g.high)
	case g.told && g.log && g.low <= 0:
		return fmt.Errorf("YRange{%g, %g} with LogY (want a low end above 0)", g.low, g.high)
	}
	for i, p := range g.panels {
		if err := g.checkPanel(p); err != nil {
			return fmt.Errorf("panel %d, %q: %w", i, p.Title, err)
		}
	}
	if most := 2 * len(cycle); len(g.names) > most {
		return fmt.Errorf("%d names of curves (want at most %d: more looks can't be told apart)", len(g.names), most)
	}
	return nil
}

// checkPanel notes the names of the panel's curves.
func (g *curveGrid) checkPanel(p Panel) error {
	if len(p.Curves) == 0 {
		return errors.New("no curves")
	}
	if err := finite("X", p.X); err != nil {
		return err
	}
	for _, c := range p.Curves {
		if err := g.checkCurve(p, c); err != nil {
			return err
		}
		if !slices.Contains(g.names, c.Name) {
			g.names = append(g.names, c.Name)
		}
	}
	return nil
}

func (g *curveGrid) checkCurve(p Panel, c Curve) error {
	switch {
	case len(c.Values) == 0:
		return fmt.Errorf("no values for %q", c.Name)
	case p.X != nil && len(p.X) != len(c.Values):
		return fmt.Errorf("%d values of %q for %d X (want as many)", len(c.Values), c.Name, len(p.X))
	case g.log && slices.Min(c.Values) <= 0:
		return fmt.Errorf("%q has a value of %g, which cannot stand on a log axis (want above 0)", c.Name,
			slices.Min(c.Values))
	}
	return finite(c.Name, c.Values)
}
