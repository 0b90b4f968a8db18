package vision

import (
	"math"
	"math/rand/v2"
)

// Transforms are the random transforms of an augmented view. They are drawn for each image and composed into one
// bilinear interpolation on the device; what lies beyond the image's edge is its reflection.
type Transforms struct {
	Rotate   float64 // degrees: three images in four are turned U(-Rotate, Rotate)
	Flip     bool    // one image in two is mirrored left to right
	Dihedral bool    // one of the 8 quarter turns and mirror images, equally likely
	Light    float64 // U(-Light, Light) is added, on a scale of 0 to 1
	Contrast float64 // the distance from the image's mean grows by U(0, Contrast) or shrinks as much
}

// The presets, with fast.ai 0.7's strengths.
var (
	None    = Transforms{}
	Basic   = Transforms{Rotate: 10, Light: .05, Contrast: .05}
	SideOn  = Transforms{Rotate: 10, Light: .05, Contrast: .05, Flip: true}
	TopDown = Transforms{Rotate: 10, Light: .05, Contrast: .05, Dihedral: true}
)

// often is the share of images that are turned, and the share that are zoomed.
const often = .75

// draw is what was drawn for one image.
type draw struct {
	angle    float64 // radians
	turns    int     // quarter turns counter-clockwise
	flip     bool
	scale    [2]float64 // of rows and columns
	crop     [2]float64 // where the crop lies in the room there is, 0 to 1, rows and columns
	light    float64    // on a scale of 0 to 1
	contrast float64    // factor of the distance from the mean
}

// centre is the position of the crop that leaves as much on either side, the odd pixel at the end.
const centre = .5 - 1e-9

// identity leaves the image as it is, cut at its centre.
var identity = draw{scale: [2]float64{1, 1}, crop: [2]float64{centre, centre}, contrast: 1}

func uniform(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// draw draws the transforms of one image of h x w pixels that is to become a square of size.
func (c config) draw(r *rand.Rand, h, w int) draw {
	d := identity
	zoomed, zoom := r.Float64() < often, uniform(r, 1, c.zoom())
	if zoomed && c.crop != CropNo {
		d.scale = [2]float64{zoom, zoom}
	}
	if at := [2]float64{r.Float64(), r.Float64()}; c.crop == CropRandom {
		d.crop = at
	}
	c.augment.draw(r, &d)
	if c.crop == CropGoogLeNet {
		d.part(r, h, w, c.size)
	}
	return d
}

func (t Transforms) draw(r *rand.Rand, d *draw) {
	if angle := uniform(r, -t.Rotate, t.Rotate); r.Float64() < often {
		d.angle = angle * math.Pi / 180
	}
	flip, turns := r.Float64() < .5, r.IntN(4)
	d.flip = flip && (t.Flip || t.Dihedral)
	if t.Dihedral {
		d.turns = turns
	}
	d.light = uniform(r, -t.Light, t.Light)
	d.contrast = contrast(uniform(r, -t.Contrast, t.Contrast))
}

// contrast turns a symmetric amount into a factor: c and -c are inverse to each other.
func contrast(c float64) float64 {
	if c < 0 {
		return -1 / (c - 1)
	}
	return c + 1
}

// part draws the part of the image that GoogLeNet's training crop keeps (Szegedy et al. 2014): area U(.08, 1), aspect
// U(3/4, 4/3), its sides swapped for one in two. The centre square stands in where 10 tries do not fit.
func (d *draw) part(r *rand.Rand, h, w, size int) {
	if d.turns%2 == 1 {
		h, w = w, h
	}
	d.scale = [2]float64{1, 1}
	for range 10 {
		area := uniform(r, .08, 1) * float64(h*w)
		aspect := uniform(r, .75, 4./3)
		pw, ph := math.Round(math.Sqrt(area*aspect)), math.Round(math.Sqrt(area/aspect))
		if r.Float64() < .5 {
			pw, ph = ph, pw
		}
		if pw >= 1 && ph >= 1 && pw <= float64(w) && ph <= float64(h) {
			d.scale = [2]float64{float64(size) / ph, float64(size) / pw}
			d.crop = [2]float64{r.Float64(), r.Float64()}
			return
		}
	}
}

// affine returns the rows {a, b, c} that map a pixel (i, j) of the square to the row a*i+b*j+c, and likewise the
// column, of the image of h x w pixels. It undoes crop, mirror image, quarter turns, rotation and scale, in that order.
func (d draw) affine(h, w, size int) [2][3]float64 {
	frame := [2]float64{float64(h), float64(w)} // the whole image as transformed, which the crop is cut from
	if d.turns%2 == 1 {
		frame[0], frame[1] = frame[1], frame[0]
	}
	var offset [2]float64 // of the square's first pixel from the frame's centre
	for k := range frame {
		side := math.Max(math.Floor(frame[k]*d.scale[k]+1e-6), float64(size))
		start := math.Floor(d.crop[k] * (side - float64(size) + 1))
		offset[k] = start + .5 - side/2
	}
	m := d.inverse()
	out := [2][3]float64{{m[0][0], m[0][1]}, {m[1][0], m[1][1]}}
	for k, n := range [2]int{h, w} {
		out[k][2] = m[k][0]*offset[0] + m[k][1]*offset[1] + float64(n)/2 - .5
	}
	return out
}

// inverse returns the matrix that maps (row, column) of the transformed image to that of the image itself, both
// measured from their centres.
func (d draw) inverse() matrix {
	sin, cos := math.Sincos(d.angle)
	quarters := [4][2]float64{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}[d.turns]
	mirror := 1.
	if d.flip {
		mirror = -1
	}
	m := turn(sin, cos).times(turn(quarters[0], quarters[1]))
	return m.times(matrix{{1 / d.scale[0], 0}, {0, mirror / d.scale[1]}})
}

type matrix [2][2]float64

// turn undoes a counter-clockwise rotation, as seen on the screen, where rows grow downwards.
func turn(sin, cos float64) matrix { return matrix{{cos, sin}, {-sin, cos}} }

func (m matrix) times(o matrix) (p matrix) {
	for i := range 2 {
		for j := range 2 {
			p[i][j] = m[i][0]*o[0][j] + m[i][1]*o[1][j]
		}
	}
	return p
}
