package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/moreland"
)

// opacity is how much of a photo its heat map hides at its hottest.
const opacity = .65

// Overlay lays a heat map on an image: heat [rows][columns], rows from the top, from 0, where the image stays as it is,
// to 1, the hottest, through red to yellow. The heat map is stretched to the image, each of its numbers a rectangle.
// vision.GradCAM makes heat maps; ImageGrid shows many. Rows of unequal length are an error, and numbers that are not
// in 0 to 1.
func Overlay(img image.Image, heat [][]float64) (image.Image, error) {
	if img == nil || img.Bounds().Empty() {
		return nil, failed("Overlay", fmt.Errorf("the image is empty"))
	}
	if err := checkHeat(heat); err != nil {
		return nil, failed("Overlay", err)
	}
	colors := moreland.ExtendedBlackBody()
	colors.SetMax(1.6) // without the white end, which photos have as well
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		row := heat[y*len(heat)/b.Dy()]
		for x := range b.Dx() {
			h := row[x*len(row)/b.Dx()]
			hot, err := colors.At(.4 + h)
			if err != nil {
				return nil, failed("Overlay", err)
			}
			out.SetRGBA(x, y, blend(img.At(b.Min.X+x, b.Min.Y+y), hot, opacity*h))
		}
	}
	return out, nil
}

// Heat draws a heat map by itself, a pixel for each of its numbers, from black, 0, to white, 1: the answer of a filter,
// say. heat is as that of Overlay.
func Heat(heat [][]float64) (image.Image, error) {
	if err := checkHeat(heat); err != nil {
		return nil, failed("Heat", err)
	}
	out := image.NewGray(image.Rect(0, 0, len(heat[0]), len(heat)))
	for y, row := range heat {
		for x, h := range row {
			out.SetGray(x, y, color.Gray{uint8(math.Round(255 * h))})
		}
	}
	return out, nil
}

func checkHeat(heat [][]float64) error {
	if len(heat) == 0 || len(heat[0]) == 0 {
		return fmt.Errorf("the heat map is empty")
	}
	for y, row := range heat {
		if len(row) != len(heat[0]) {
			return fmt.Errorf("row %d of the heat map has %d numbers, the first %d (want as many)", y, len(row), len(heat[0]))
		}
		for x, h := range row {
			if !(h >= 0 && h <= 1) {
				return fmt.Errorf("heat[%d][%d] is %g (want 0 to 1)", y, x, h)
			}
		}
	}
	return nil
}

// blend is a share of one colour over another.
func blend(under, over color.Color, share float64) color.RGBA {
	u, o := color.RGBAModel.Convert(under).(color.RGBA), color.RGBAModel.Convert(over).(color.RGBA)
	mix := func(u, o uint8) uint8 { return uint8(math.Round(float64(u)*(1-share) + float64(o)*share)) }
	return color.RGBA{mix(u.R, o.R), mix(u.G, o.G), mix(u.B, o.B), 255}
}
