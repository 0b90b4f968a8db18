package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LossVsLROption is an option of LossVsLR.
type LossVsLROption interface{ lossVsLR(*lossVsLR) }

// SkipStart leaves out the first points of a curve. LossVsLR skips 10 unless told otherwise, Losses none.
type SkipStart int

// SkipEnd leaves out the last points of a curve. LossVsLR skips 5 unless told otherwise.
type SkipEnd int

// Suggestion marks a learning rate on the curve of LossVsLR.
type Suggestion float64

func (o SkipStart) lossVsLR(f *lossVsLR)  { f.skip, f.told = int(o), true }
func (o SkipEnd) lossVsLR(f *lossVsLR)    { f.skipEnd, f.told = int(o), true }
func (o Suggestion) lossVsLR(f *lossVsLR) { f.marks = append(f.marks, float64(o)) }

type lossVsLR struct {
	skip, skipEnd int
	told          bool // how much to skip
	marks         []float64
}

// LossVsLR draws the losses of a learning-rate sweep against its learning rates, on a log axis. As fast.ai it leaves
// out the first 10 points and the last 5, but not where that would leave less than half of them. Losses at
// the end that are not finite are left out: that is how a sweep ends. Elsewhere they are an error, as are learning
// rates of 0 or less and slices of different lengths.
func LossVsLR(lrs, losses []float64, opts ...LossVsLROption) (*plot.Plot, error) {
	f := lossVsLR{skip: 10, skipEnd: 5}
	for _, o := range opts {
		o.lossVsLR(&f)
	}
	p, err := f.draw(lrs, losses)
	return p, failed("LossVsLR", err)
}

func (f lossVsLR) draw(lrs, losses []float64) (*plot.Plot, error) {
	curve, err := f.curve(lrs, losses)
	if err != nil {
		return nil, err
	}
	p := newPlot("learning rate", "loss")
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks{}
	p.Add(newLine(curve, blue))
	pad(p)
	rows := rowsOf(f.marks, p.X)
	for i, lr := range f.marks {
		if err := mark(p, curve, lr, rows[i]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// rowsOf returns how many rows above the axis the number of each mark stands, so that those of near ones don't overlap.
func rowsOf(marks []float64, x plot.Axis) []int {
	const near = .13 // of the axis, a little more than a number is wide
	rows := make([]int, len(marks))
	for i, lr := range marks {
		taken := map[int]bool{}
		for k, other := range marks[:i] {
			if math.Abs(x.Norm(lr)-x.Norm(other)) < near {
				taken[rows[k]] = true
			}
		}
		for taken[rows[i]] {
			rows[i]++
		}
	}
	return rows
}

// curve returns the points to draw.
func (f lossVsLR) curve(lrs, losses []float64) (plotter.XYs, error) {
	if len(lrs) != len(losses) {
		return nil, fmt.Errorf("%d learning rates for %d losses (want as many)", len(lrs), len(losses))
	}
	n := len(finiteStart(losses))
	low, high := f.skip, n-f.skipEnd
	if !f.told && (high-low)*2 < n {
		low, high = 0, n
	}
	if low < 0 || f.skipEnd < 0 {
		return nil, fmt.Errorf("SkipStart(%d), SkipEnd(%d) (want 0 or more)", f.skip, f.skipEnd)
	}
	if high-low < 2 {
		return nil, fmt.Errorf("nothing to draw: %d finite losses, of which SkipStart(%d) and SkipEnd(%d) leave less than 2",
			n, low, n-high)
	}
	return sweep(lrs[low:high], losses[low:high])
}

func sweep(lrs, losses []float64) (plotter.XYs, error) {
	xys := make(plotter.XYs, len(lrs))
	for i, lr := range lrs {
		if !(lr > 0) || math.IsInf(lr, 0) {
			return nil, fmt.Errorf("a learning rate of %g cannot stand on a log axis (want above 0)", lr)
		}
		xys[i] = plotter.XY{X: lr, Y: losses[i]}
	}
	return xys, finite("losses", losses)
}

// mark draws a suggestion: a dot on the curve, a line down to the axis and the learning rate beside it, on the left,
// where the curve is higher, so many rows above the axis.
func mark(p *plot.Plot, curve plotter.XYs, lr float64, row int) error {
	first, last := curve[0].X, curve[len(curve)-1].X
	if !(lr >= first && lr <= last) {
		return fmt.Errorf("Suggestion(%g) lies outside of the learning rates drawn, %g to %g", lr, first, last)
	}
	at := plotter.XY{X: lr, Y: lossAt(curve, lr)}
	foot := plotter.XY{X: lr, Y: p.Y.Min}
	down := newLine(plotter.XYs{at, foot}, orange)
	down.Width, down.Dashes = 1, []vg.Length{3, 2}
	const height = 13 // of a row
	offset, align := vg.Point{X: -5, Y: 5 + height*vg.Length(row)}, draw.XRight
	if p.X.Norm(lr) < .15 {
		offset.X, align = 5, draw.XLeft
	}
	p.Add(down, newDots(plotter.XYs{at}, orange), written(scientific(lr), foot, offset, align, orange))
	return nil
}

// lossAt reads the curve at lr, between two points along the log axis.
func lossAt(curve plotter.XYs, lr float64) float64 {
	i := 1
	for i < len(curve)-1 && curve[i].X < lr {
		i++
	}
	a, b := curve[i-1], curve[i]
	if a.X == b.X {
		return a.Y
	}
	return a.Y + (b.Y-a.Y)*math.Log(lr/a.X)/math.Log(b.X/a.X)
}
