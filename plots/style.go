package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// The one style of all plots: a white card, dark grey words in a sans-serif face, a thin grid and no box. The data
// colours are told apart by the colour-blind (Okabe and Ito, https://jfly.uni-koeln.de/color).
var (
	ink   = color.RGBA{0x33, 0x36, 0x3b, 0xff} // titles and what is written in the plot
	grey  = color.RGBA{0x6b, 0x70, 0x78, 0xff} // axis labels and ticks
	faint = color.RGBA{0xe7, 0xe9, 0xec, 0xff} // grid
	paper = color.RGBA{0xff, 0xff, 0xff, 0xff}

	blue   = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	orange = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green  = color.RGBA{0x00, 0x8a, 0x64, 0xff}
	purple = color.RGBA{0xa8, 0x4f, 0x87, 0xff}
	sky    = color.RGBA{0x3f, 0xa3, 0xdb, 0xff}
	amber  = color.RGBA{0xc2, 0x86, 0x00, 0xff}
)

var cycle = []color.RGBA{blue, orange, green, purple, sky, amber}

const (
	small  = vg.Length(9) // points
	medium = vg.Length(10)
)

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// newPlot returns an empty plot in the style, with a grid and named axes.
func newPlot(x, y string) *plot.Plot {
	p := newBlank(x, y)
	p.Add(newGrid())
	return p
}

// newBlank returns an empty plot in the style without a grid.
func newBlank(x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = paper
	styleText(&p.Title.TextStyle, medium, ink)
	p.Title.Padding = 6
	styleText(&p.Legend.TextStyle, small, ink)
	p.Legend.Padding = 3
	p.Legend.ThumbnailWidth = 16
	p.Legend.XOffs, p.Legend.YOffs = -8, -6
	styleAxis(&p.X, x)
	styleAxis(&p.Y, y)
	p.X.Label.Padding, p.Y.Label.Padding = 4, 6
	p.X.Padding, p.Y.Padding = 2, 2
	p.Y.Tick.Label.YAlign = -.6 // gonum sets labels too high by part of their descent
	return p
}

func styleAxis(a *plot.Axis, label string) {
	a.Label.Text = label
	styleText(&a.Label.TextStyle, small, grey)
	styleText(&a.Tick.Label, small, grey)
	a.Tick.Marker = linearTicks{}
	a.Tick.Length = 0
	a.Tick.LineStyle.Width = 0
	a.LineStyle.Width = 0
}

func styleText(s *text.Style, size vg.Length, c color.Color) {
	s.Font, s.Color = sans(size), c
}

func newGrid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = faint, faint
	g.Vertical.Width, g.Horizontal.Width = .6, .6
	return g
}
