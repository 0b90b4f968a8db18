package plots

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ConfusionOption is an option of Confusion.
type ConfusionOption interface{ confusion(*cells) }

// Normalize writes each cell as the share of its row in hundredths instead of a count.
type Normalize bool

func (o Normalize) confusion(c *cells) { c.normalize = bool(o) }

// Confusion draws a confusion matrix: matrix[a][p] items of class a were predicted as p. Classes stand in the
// matrix's order, the first on top. A cell's colour is its share of the row: blue on the diagonal, where the
// prediction is right, orange elsewhere; its number is the count.
func Confusion(matrix [][]int, classes []string, opts ...ConfusionOption) (*Figure, error) {
	c := &cells{matrix: matrix}
	for _, o := range opts {
		o.confusion(c)
	}
	if err := c.check(classes); err != nil {
		return nil, failed("Confusion", err)
	}
	return c.figure(classes), nil
}

// cells is the plotter of the matrix. Cell (a, p) is the unit square around x = p, y = n-1-a.
type cells struct {
	matrix    [][]int
	normalize bool
}

func (c *cells) check(classes []string) error {
	n := len(c.matrix)
	if n == 0 {
		return errors.New("the matrix is empty; pass Preds.Confusion() of a split that has labels")
	}
	if len(classes) != n {
		return fmt.Errorf("%d class names for a matrix of %d rows (want as many)", len(classes), n)
	}
	for a, row := range c.matrix {
		if len(row) != n {
			return fmt.Errorf("row %d has %d columns in a matrix of %d rows (want a square)", a, len(row), n)
		}
		for p, count := range row {
			if count < 0 {
				return fmt.Errorf("matrix[%d][%d] is %d (want counts, 0 or more)", a, p, count)
			}
		}
	}
	return nil
}

// figure makes cells large enough for what is in them, and wide enough for the class names where there are few.
func (c *cells) figure(classes []string) *Figure {
	p := newBlank("predicted", "actual")
	p.X.Padding, p.Y.Padding = 3, 3
	widest := nameAxes(p, classes)
	p.Add(c)
	n, height := vg.Length(len(classes)), c.side()
	width, names := height, p.X.Tick.Label.Height("x")
	switch {
	case (widest+10)*n <= 380:
		width = max(width, widest+10)
	case widest+4 > width:
		p.X.Tick.Label.Rotation = math.Pi / 2
		p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
		names = widest
	}
	return &Figure{Width: width*n + widest + 30, Height: height*n + names + 26, Plots: []*plot.Plot{p}, draw: sideBySide,
		text: c.words(classes)}
}

// words says of each class what its items were predicted as.
func (c *cells) words(classes []string) string {
	return listed("confusion matrix", len(classes), func(a int) string {
		var as []string
		for p, count := range c.matrix[a] {
			if count > 0 {
				as = append(as, fmt.Sprintf("%d as %s", count, classes[p]))
			}
		}
		return fmt.Sprintf("%s: %s", classes[a], cmp.Or(strings.Join(as, ", "), "none"))
	})
}

// nameAxes writes the classes along both axes and returns the width of the widest.
func nameAxes(p *plot.Plot, classes []string) (widest vg.Length) {
	var across, down []plot.Tick
	for i, class := range classes {
		class = clip(class, p.X.Tick.Label, 110)
		widest = max(widest, p.X.Tick.Label.Width(class))
		across = append(across, plot.Tick{Value: float64(i), Label: class})
		down = append(down, plot.Tick{Value: float64(len(classes) - 1 - i), Label: class})
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(across), plot.ConstantTicks(down)
	return widest
}

// side returns the height of a cell.
func (c *cells) side() vg.Length {
	return min(max(320/vg.Length(len(c.matrix)), c.textWidth()+5, 15), 84)
}

// textWidth returns the width of the widest number.
func (c *cells) textWidth() vg.Length {
	style := newBlank("", "").X.Tick.Label
	style.Font.Size = c.fontSize()
	var w vg.Length
	for a, row := range c.matrix {
		for p := range row {
			w = max(w, style.Width(c.text(a, p)))
		}
	}
	return w
}

func (c *cells) fontSize() vg.Length {
	switch n := len(c.matrix); {
	case n <= 4:
		return 14
	case n <= 10:
		return 11
	case n <= 20:
		return 8.5
	}
	return 7
}

// text returns what is written in a cell; large matrices are easier to read without their zeros.
func (c *cells) text(a, p int) string {
	if c.matrix[a][p] == 0 && len(c.matrix) > 10 {
		return ""
	}
	if c.normalize {
		return strconv.Itoa(int(math.Round(100*c.share(a, p)))) + "%"
	}
	return strconv.Itoa(c.matrix[a][p])
}

// share returns a cell's part of its row.
func (c *cells) share(a, p int) float64 {
	sum := 0
	for _, n := range c.matrix[a] {
		sum += n
	}
	return float64(c.matrix[a][p]) / float64(max(sum, 1))
}

// colors returns a cell's colour and that of what is written in it. Few errors should still be seen, so the shade
// goes with the square root of the share.
func (c *cells) colors(a, p int) (fill, words color.Color) {
	hue, depth := orange, math.Sqrt(c.share(a, p))
	if a == p {
		hue = blue
	}
	if c.matrix[a][p] == 0 {
		return color.RGBA{0xf5, 0xf6, 0xf7, 0xff}, color.RGBA{0xb4, 0xb8, 0xbe, 0xff}
	}
	depth = .12 + .88*depth
	if depth > .62 {
		return mix(hue, depth), paper
	}
	return mix(hue, depth), ink
}

// mix returns c laid over paper with the given strength, 0 to 1.
func mix(c color.RGBA, strength float64) color.RGBA {
	over := func(v uint8) uint8 { return uint8(math.Round(255 + (float64(v)-255)*strength)) }
	return color.RGBA{over(c.R), over(c.G), over(c.B), 0xff}
}

// DataRange implements plot.DataRanger.
func (c *cells) DataRange() (xmin, xmax, ymin, ymax float64) {
	end := float64(len(c.matrix)) - .5
	return -.5, end, -.5, end
}

// Plot implements plot.Plotter.
func (c *cells) Plot(cv draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&cv)
	style := p.X.Tick.Label
	style.Rotation, style.XAlign, style.YAlign = 0, draw.XCenter, -.42
	style.Font.Size = c.fontSize()
	gap := vg.Length(.75)
	for a, row := range c.matrix {
		for pred := range row {
			left, low := float64(pred)-.5, float64(len(row)-1-a)-.5
			box := vg.Rectangle{
				Min: vg.Point{X: x(left) + gap, Y: y(low) + gap},
				Max: vg.Point{X: x(left+1) - gap, Y: y(low+1) - gap}}
			fill, words := c.colors(a, pred)
			cv.SetColor(fill)
			cv.Fill(box.Path())
			style.Color = words
			cv.FillText(style, center(box), c.text(a, pred))
		}
	}
}

func center(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}
