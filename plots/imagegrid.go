package plots

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	xdraw "golang.org/x/image/draw"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ImageGridOption is an option of ImageGrid.
type ImageGridOption interface{ imageGrid(*grid) }

// Cols is the number of images in a row. Default: 4, or as many as there are.
type Cols int

// Cell is the side of the square that each image is fitted into, in CSS pixels (1/96 inch). Default 168.
type Cell int

// Right tells for each image whether its title is good news: green if so, orange if not.
type Right []bool

func (o Cols) imageGrid(g *grid)  { g.cols = int(o) }
func (o Cell) imageGrid(g *grid)  { g.cell = int(o) }
func (o Right) imageGrid(g *grid) { g.right = o }

// ImageGrid draws images in rows, each with its title above it; titles may be nil and may have several lines. Images
// keep their aspect; those much smaller than their cell are enlarged with their pixels left visible.
func ImageGrid(images []image.Image, titles []string, opts ...ImageGridOption) (*Figure, error) {
	g := grid{images: images, titles: titles, cols: min(4, len(images)), cell: 168}
	for _, o := range opts {
		o.imageGrid(&g)
	}
	if err := g.check(); err != nil {
		return nil, failed("ImageGrid", err)
	}
	return g.figure(), nil
}

type grid struct {
	images []image.Image
	titles []string
	right  []bool
	cols   int
	cell   int // CSS pixels
}

const (
	pixel   = vg.Inch / 96 // CSS pixel; lengths of the grid are whole ones, so that images meet the screen's pixels
	density = 2            // image pixels for each CSS pixel
	gutter  = 12 * pixel
	leading = 15 * pixel // of titles
)

func (g grid) check() error {
	switch n := len(g.images); {
	case n == 0:
		return errors.New("no images")
	case len(g.titles) != 0 && len(g.titles) != n:
		return fmt.Errorf("%d titles for %d images (want as many, or nil)", len(g.titles), n)
	case len(g.right) != 0 && len(g.right) != n:
		return fmt.Errorf("%d Right for %d images (want as many)", len(g.right), n)
	case g.cols < 1:
		return fmt.Errorf("Cols(%d) (want 1 or more)", g.cols)
	case g.cell < 16:
		return fmt.Errorf("Cell(%d) (want 16 or more)", g.cell)
	}
	for i, img := range g.images {
		if img == nil || img.Bounds().Empty() {
			return fmt.Errorf("image %d is empty", i)
		}
	}
	return nil
}

// figure fits the images and lays them out in rows.
func (g grid) figure() *Figure {
	fitted := make([]image.Image, len(g.images))
	for i, img := range g.images {
		fitted[i] = fit(img, g.cell*density)
	}
	g.images = fitted
	rows := (len(g.images) + g.cols - 1) / g.cols
	height := gutter * vg.Length(rows-1)
	for r := range rows {
		height += g.titleHeight(r) + g.rowHeight(r)
	}
	width := vg.Length(g.cols)*(g.side()+gutter) - gutter
	return &Figure{Width: width, Height: height, draw: func(_ *Figure, c draw.Canvas) { g.draw(c, rows) }, text: g.text()}
}

// text lists the titles.
func (g grid) text() string {
	what := fmt.Sprintf("%d images", len(g.images))
	return listed(what, len(g.titles), func(i int) string { return g.titles[i] })
}

func (g grid) side() vg.Length { return vg.Length(g.cell) * pixel }

// row returns the bounds of a row's items.
func (g grid) row(r int) (first, end int) {
	return r * g.cols, min((r+1)*g.cols, len(g.images))
}

// rowHeight returns the height of the row's tallest image.
func (g grid) rowHeight(r int) vg.Length {
	var h int
	first, end := g.row(r)
	for _, img := range g.images[first:end] {
		h = max(h, img.Bounds().Dy())
	}
	return toCSS(h)
}

// titleHeight returns the height of the row's longest title.
func (g grid) titleHeight(r int) vg.Length {
	lines := 0
	first, end := g.row(r)
	for i := first; i < end && g.titles != nil; i++ {
		if g.titles[i] != "" {
			lines = max(lines, 1+strings.Count(g.titles[i], "\n"))
		}
	}
	if lines == 0 {
		return 0
	}
	return leading*vg.Length(lines) + 4*pixel
}

func (g grid) draw(c draw.Canvas, rows int) {
	top := c.Max.Y
	for r := range rows {
		titles := g.titleHeight(r)
		first, end := g.row(r)
		for i := first; i < end; i++ {
			left := c.Min.X + vg.Length(i-first)*(g.side()+gutter)
			g.drawTitle(c, i, left, top-titles)
			g.drawImage(c, i, left, top-titles)
		}
		top -= titles + g.rowHeight(r) + gutter
	}
}

// drawImage draws an image centred in its cell, below top.
func (g grid) drawImage(c draw.Canvas, i int, left, top vg.Length) {
	b := g.images[i].Bounds()
	w, h := toCSS(b.Dx()), toCSS(b.Dy())
	left += vg.Length(math.Floor(float64((g.side()-w)/2/pixel))) * pixel
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: left, Y: top - h}, Max: vg.Point{X: left + w, Y: top}}, g.images[i])
}

// drawTitle draws the title's lines, the last one just above the image.
func (g grid) drawTitle(c draw.Canvas, i int, left, bottom vg.Length) {
	if g.titles == nil || g.titles[i] == "" {
		return
	}
	style := text.Style{Color: g.titleColor(i), Font: sans(small), XAlign: draw.XCenter,
		Handler: newBlank("", "").TextHandler}
	lines := strings.Split(g.titles[i], "\n")
	for n, line := range lines {
		y := bottom + 6*pixel + leading*vg.Length(len(lines)-1-n)
		c.FillText(style, vg.Point{X: left + g.side()/2, Y: y}, clip(line, style, g.side()+gutter-4*pixel))
	}
}

func (g grid) titleColor(i int) color.Color {
	switch {
	case len(g.right) == 0:
		return ink
	case g.right[i]:
		return green
	}
	return orange
}

// fit scales an image to at most side pixels each way: smoothly, or from three times up with its pixels kept.
func fit(img image.Image, side int) image.Image {
	b := img.Bounds()
	scale := float64(side) / float64(max(b.Dx(), b.Dy()))
	var by xdraw.Scaler = xdraw.CatmullRom
	if scale >= 3 {
		by, scale = xdraw.NearestNeighbor, math.Floor(scale)
	}
	size := func(n int) int { return max(density, int(math.Round(float64(n)*scale/density))*density) }
	out := image.NewRGBA(image.Rect(0, 0, size(b.Dx()), size(b.Dy())))
	by.Scale(out, out.Bounds(), img, b, xdraw.Src, nil)
	return out
}

// toCSS converts image pixels to the length they take.
func toCSS(pixels int) vg.Length { return vg.Length(pixels) / density * pixel }
