package plots

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// XRange is what the x axis shows, whatever lies outside is cut off. Default: all points.
type XRange struct{ Low, High float64 }

// ValleyOption is an option of Valley: XRange and YRange, which say what part of the plane is drawn.
type ValleyOption interface{ valley(*valley) }

func (o XRange) valley(v *valley) { v.x = &o }
func (o YRange) valley(v *valley) { v.y = &o }

// valley is what Valley draws.
type valley struct {
	f func(x, y float64) float64
	x *XRange
	y *YRange
}

// Valley draws a function of two numbers as a map, and paths on it: a loss of two weights, say, and what gradient
// descent does there. The map has twelve shades of equal area, the lowest ground the darkest, with a contour between
// each two. A path is a line with a dot for each of its points; its first is a ring, its last a large dot. From where a
// path's points are not finite it is left out, and so is what lies outside of XRange and YRange; without those the map
// is as large as the paths need. A function that is finite nowhere on the map is an error. There are six colours: paths
// from the seventh on are dashed; 12 at most.
func Valley(f func(x, y float64) float64, paths []Points, opts ...ValleyOption) (*Figure, error) {
	v := valley{f: f}
	for _, o := range opts {
		o.valley(&v)
	}
	fig, err := v.figure(paths)
	return fig, failed("Valley", err)
}

func (v valley) figure(paths []Points) (*Figure, error) {
	if len(paths) > mostCurves {
		return nil, fmt.Errorf("%d paths (want %d at most)", len(paths), mostCurves)
	}
	var drawn []plotter.XYs
	for _, path := range paths {
		if len(path.X) != len(path.Y) {
			return nil, fmt.Errorf("%q: %d Y for %d X (want as many)", path.Name, len(path.Y), len(path.X))
		}
		drawn = append(drawn, untilLost(path))
	}
	if err := v.place(drawn); err != nil {
		return nil, err
	}
	p := newBlank("x", "y")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = v.x.Low, v.x.High, v.y.Low, v.y.High
	ground, err := v.ground()
	if err != nil {
		return nil, err
	}
	p.Add(plotter.NewImage(ground, v.x.Low, v.y.Low, v.x.High, v.y.High))
	for i, path := range drawn {
		addPath(p, i, path, paths[i].Name)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = v.x.Low, v.x.High, v.y.Low, v.y.High // as paths may lead out of it
	placeLegend(p, drawn...)
	return &Figure{Width: Width, Height: 3.6 * vg.Inch, Plots: []*plot.Plot{p}, draw: sideBySide}, nil
}

// untilLost returns a path's points up to the first that can't be drawn.
func untilLost(path Points) plotter.XYs {
	var xys plotter.XYs
	for i, x := range path.X {
		if finite("", []float64{x, path.Y[i]}) != nil {
			break
		}
		xys = append(xys, plotter.XY{X: x, Y: path.Y[i]})
	}
	return xys
}

// place sees to it that there is a map: as large as was asked for, or as the paths need and an eighth more.
func (v *valley) place(paths []plotter.XYs) error {
	xmin, xmax, ymin, ymax := plotter.XYRange(slices.Concat(paths...))
	if v.x == nil {
		edge := (xmax - xmin) / 8
		v.x = &XRange{xmin - edge, xmax + edge}
	}
	if v.y == nil {
		edge := (ymax - ymin) / 8
		v.y = &YRange{ymin - edge, ymax + edge}
	}
	if !(v.x.Low < v.x.High && v.y.Low < v.y.High) {
		return fmt.Errorf("no map of x from %g to %g, y from %g to %g; give XRange and YRange with Low below High",
			v.x.Low, v.x.High, v.y.Low, v.y.High)
	}
	return finite("ranges", []float64{v.x.Low, v.x.High, v.y.Low, v.y.High})
}

// shades is how many the map has; mapWidth and mapHeight are its pixels.
const shades, mapWidth, mapHeight = 12, 960, 600

// ground is the map.
func (v valley) ground() (image.Image, error) {
	values := make([]float64, mapWidth*mapHeight)
	for i := range values {
		x, y := float64(i%mapWidth)+.5, float64(i/mapWidth)+.5
		values[i] = v.f(v.x.Low+(v.x.High-v.x.Low)*x/mapWidth, v.y.High-(v.y.High-v.y.Low)*y/mapHeight)
	}
	sorted := slices.DeleteFunc(slices.Clone(values), func(z float64) bool { return math.IsNaN(z) || math.IsInf(z, 0) })
	if len(sorted) == 0 {
		return nil, errors.New("the function is finite nowhere on the map")
	}
	slices.Sort(sorted)
	img, level := image.NewRGBA(image.Rect(0, 0, mapWidth, mapHeight)), make([]int, len(values))
	for i, z := range values {
		for level[i] < shades-1 && z >= sorted[len(sorted)*(level[i]+1)/shades] {
			level[i]++
		}
		img.SetRGBA(i%mapWidth, i/mapWidth, shade(level[i], v.edge(level, i)))
	}
	return img, nil
}

// edge tells whether a contour is between a pixel and the one on its left or above it.
func (v valley) edge(level []int, i int) bool {
	return i%mapWidth > 0 && level[i] != level[i-1] || i >= mapWidth && level[i] != level[i-mapWidth]
}

// shade is the colour of ground, from the lowest, 0; a contour is darker.
func shade(level int, edge bool) color.RGBA {
	light := .45 + .55*float64(level)/(shades-1)
	if edge {
		light -= .3
	}
	mix := func(c uint8) uint8 { return uint8(255 - (1-light)*.75*(255-float64(c))) }
	return color.RGBA{mix(blue.R), mix(blue.G), mix(blue.B), 255}
}

// addPath adds path number i, which may be without points.
func addPath(p *plot.Plot, i int, path plotter.XYs, name string) {
	colors := []color.RGBA{orange, ink, purple, green, amber, paper} // all of them stand out from blue ground
	c, n := colors[i%len(colors)], len(path)
	line := newLine(path, c)
	if i >= len(colors) {
		line.Dashes = []vg.Length{4, 3}
	}
	if n == 0 {
		return
	}
	dots, first, last := newDots(path, c), newDots(path[:1], paper), newDots(path[n-1:], c)
	dots.Radius, first.Radius, last.Radius = 1.8, 2.6, 4
	around := newDots(path[:1], c)
	around.Radius = 4
	p.Add(line, dots, around, first, last)
	if name != "" {
		p.Legend.Add(clip(name, p.Legend.TextStyle, 150), line, dots)
	}
}
