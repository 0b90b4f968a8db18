package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HistogramOption is an option of Histogram.
type HistogramOption interface{ histogram(*histogram) }

// Bins is the number of a histogram's bars.
type Bins int

func (o Bins) histogram(h *histogram) { h.bins, h.told = int(o), true }

// Histogram draws how many of the values lie in each of some bins of equal width; a bin holds its lower end, the last
// one also its upper. Without Bins, few whole numbers (at most 60 from the least to the largest) get a bin each, and
// others as many as the rule of Freedman and Diaconis gives (1981, https://doi.org/10.1007/BF01025868), 8 to 60.
func Histogram(values []float64, opts ...HistogramOption) (*plot.Plot, error) {
	h := histogram{}
	for _, o := range opts {
		o.histogram(&h)
	}
	if err := h.count(values); err != nil {
		return nil, failed("Histogram", err)
	}
	p := newPlot(h.axes.or("value", "count"))
	p.Add(&h)
	p.Y.Max *= 1.05
	return p, nil
}

// histogram is the plotter of the bars: counts[i] values lie in low + i*width and what follows.
type histogram struct {
	axes       Axes
	bins       int
	told       bool // how many bins
	low, width float64
	counts     []int
}

const mostBins = 60

func (h *histogram) count(values []float64) error {
	if len(values) == 0 {
		return errors.New("no values")
	}
	if err := finite("values", values); err != nil {
		return err
	}
	if h.told && (h.bins < 1 || h.bins > 10000) {
		return fmt.Errorf("Bins(%d) (want 1 to 10000)", h.bins)
	}
	h.layOut(values)
	h.counts = make([]int, h.bins)
	for _, v := range values {
		h.counts[min(int((v-h.low)/h.width), h.bins-1)]++
	}
	return nil
}

// layOut decides where the bins lie.
func (h *histogram) layOut(values []float64) {
	low, high := slices.Min(values), slices.Max(values)
	switch {
	case high-low < 1e-300: // all the same
		half := max(.5, math.Abs(low)/20)
		h.low, h.width, h.bins = low-half, 2*half, 1
	case !h.told && high-low < mostBins && whole(values):
		h.low, h.width, h.bins = low-.5, 1, int(high-low)+1
	default:
		if !h.told {
			h.bins = freedmanDiaconis(values, high-low)
		}
		h.low, h.width = low, (high-low)/float64(h.bins)
	}
}

func whole(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v != math.Trunc(v) })
}

// freedmanDiaconis returns a number of bins whose width is twice the quartiles' distance over the cube root of n.
func freedmanDiaconis(values []float64, span float64) int {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	width := 2 * (sorted[3*n/4] - sorted[n/4]) / math.Cbrt(float64(n))
	if width == 0 {
		return mostBins
	}
	return int(min(max(math.Ceil(span/width), 8), mostBins))
}

// DataRange implements plot.DataRanger.
func (h *histogram) DataRange() (xmin, xmax, ymin, ymax float64) {
	return h.low, h.low + h.width*float64(h.bins), 0, float64(slices.Max(h.counts))
}

// Plot implements plot.Plotter.
func (h *histogram) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.SetColor(blue)
	for i, n := range h.counts {
		left, right := x(h.low+h.width*float64(i)), x(h.low+h.width*float64(i+1))
		gap := min(.5, (right-left)/8)
		c.Fill(vg.Rectangle{Min: vg.Point{X: left + gap, Y: y(0)}, Max: vg.Point{X: right - gap, Y: y(float64(n))}}.Path())
	}
}
