package vision

import (
	"math"
	"math/rand/v2"
)

// Transforms are the random transforms of an augmented view. They are drawn for each image by itself. Those that move
// pixels are composed into one bilinear interpolation on the device; what lies beyond the image's edge is told by
// [PadMode]. After that come light and colour, in the order of the fields, then what covers parts of the image, then
// what [Transform] adds. A strength of 0 is none of a transform; a share of 0 stands for the default.
type Transforms struct {
	Rotate   float64 // degrees: U(-Rotate, Rotate), counter-clockwise; 0 or more
	Flip     bool    // mirrored left to right
	Dihedral bool    // one of the 8 quarter turns and mirror images, equally likely
	Light    float64 // U(-Light, Light) is added, on a scale of 0 to 1
	Contrast float64 // the distance from the image's mean grows by U(0, Contrast) or shrinks as much

	// Warp tilts the image as if it was seen from the side: the perspective of fastai's Warp, U(-Warp, Warp) across and
	// down, each drawn by itself, where 1 is half the image's side. At most .3; fastai's default is .2.
	Warp float64
	// Stretch makes the image wider or higher, either of them, by the factor U(1, 1+Stretch): 0.7's RandomStretch. The
	// square is then cut as of a zoomed image.
	Stretch float64

	// Lighting changes brightness and contrast as fastai's max_lighting does, in the logits of the pixels, so that
	// none is cut off: brightness by the logit of U(.5-Lighting/2, .5+Lighting/2), contrast by the factor
	// exp(U(log(1-Lighting), -log(1-Lighting))). Below 1; fastai's default is .2. Light and Contrast are 0.7's.
	Lighting float64
	// Saturation multiplies the distance from grey, in the logits, by exp(U(log(1-Saturation), -log(1-Saturation))):
	// fastai's Saturation, whose default is .2. Below 1.
	Saturation float64
	// Hue turns the colours on their wheel by exp(U(log(1-Hue), -log(1-Hue))) - 1 turns: fastai's Hue, whose default is
	// .1. Below 1.
	Hue float64

	// Cutout covers a square with the mean colour of [Norm]. Cutout is its side as a part of the image's, at most 1;
	// its centre is anywhere, so that it may reach over the edge.
	// DeVries and Taylor 2017, https://arxiv.org/abs/1708.04552.
	Cutout float64
	// Erase covers a box with noise, normally distributed about the mean colour of [Norm] by its deviation. Erase is
	// the largest part of the area, at most 1: U(0, Erase), of an aspect of .3 to 1/.3. It is fastai's RandomErasing,
	// whose default is .3. Zhong et al. 2017, https://arxiv.org/abs/1708.04896.
	Erase float64

	// The share of images to which each transform is done, 0 to 1. The two directions of Warp, and brightness and
	// contrast of Lighting, are drawn by themselves.
	RotateP     float64 // default .75
	ZoomP       float64 // of MaxZoom; default .75
	FlipP       float64 // default .5
	DihedralP   float64 // of Dihedral, which leaves one in 8 as it is; default 1
	LightP      float64 // of Light and Contrast, together; default 1
	WarpP       float64 // default .75
	StretchP    float64 // default .75
	LightingP   float64 // default .75
	SaturationP float64 // default .75
	HueP        float64 // default .75
	CutoutP     float64 // default .5
	EraseP      float64 // default .5
}

// The presets, with fast.ai 0.7's strengths.
var (
	None    = Transforms{}
	Basic   = Transforms{Rotate: 10, Light: .05, Contrast: .05}
	SideOn  = Transforms{Rotate: 10, Light: .05, Contrast: .05, Flip: true}
	TopDown = Transforms{Rotate: 10, Light: .05, Contrast: .05, Dihedral: true}
)

// AugTransforms is what fastai v2's aug_transforms() makes by default: half of the images are mirrored, three in four
// are turned by up to 10 degrees, zoomed by up to 1.1 (see [MaxZoom]), warped by up to .2, lit by up to .2.
var AugTransforms = Transforms{Flip: true, Rotate: 10, Warp: .2, Lighting: .2}

// often is the share of images that are turned, and the share that are zoomed.
const often = .75

// or returns the share p, or where it is 0 the default.
func or(p, otherwise float64) float64 {
	if p == 0 {
		return otherwise
	}
	return p
}

// draw is what was drawn for one image.
type draw struct {
	angle    float64 // radians
	turns    int     // quarter turns counter-clockwise
	flip     bool
	scale    [2]float64 // of rows and columns
	crop     [2]float64 // where the crop lies in the room there is, 0 to 1, rows and columns
	pad      int        // pixels of room beyond each edge
	warp     [2]float64 // across and down
	whole    bool       // the square is that of the longer side
	light    float64    // on a scale of 0 to 1
	contrast float64    // factor of the distance from the mean
	colour   colour
	cutout   box
	erase    box
}

// centre is the position of the crop that leaves as much on either side, the odd pixel at the end.
const centre = .5 - 1e-9

// identity leaves the image as it is, cut at its centre.
var identity = draw{scale: [2]float64{1, 1}, crop: [2]float64{centre, centre}, contrast: 1, colour: uncoloured}

func uniform(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// draw draws the transforms of one image of h x w pixels that is to become a square of size. Its first draws are as
// they always were, so that what was trained once can be trained again; new ones come last.
func (c config) draw(r *rand.Rand, h, w int) draw {
	d := identity
	d.pad, d.whole = c.pad, c.crop == CropPad
	fit := c.fit(h, w)
	d.scale = [2]float64{fit, fit}
	zoomed, zoom := r.Float64() < or(c.augment.ZoomP, often), uniform(r, 1, c.zoom())
	if zoomed && c.crop != CropNo && c.crop != CropPad {
		d.scale = [2]float64{zoom * fit, zoom * fit}
	}
	if at := [2]float64{r.Float64(), r.Float64()}; c.crop == CropRandom || c.pad > 0 {
		d.crop = at
	}
	c.augment.draw(r, &d)
	if c.crop == CropGoogLeNet {
		d.part(r, h, w, c.size, fit)
	}
	c.augment.drawMore(r, &d, c.size)
	return d
}

// fit returns the scale at which an image of h x w pixels fits into the square.
func (c config) fit(h, w int) float64 {
	if c.crop == CropPad {
		return float64(c.size) / float64(max(h, w))
	}
	return float64(c.size) / float64(min(h, w))
}

func (t Transforms) draw(r *rand.Rand, d *draw) {
	if angle := uniform(r, -t.Rotate, t.Rotate); r.Float64() < or(t.RotateP, often) {
		d.angle = angle * math.Pi / 180
	}
	chance := .5
	if !t.Dihedral {
		chance = or(t.FlipP, .5)
	}
	flip, turns := r.Float64() < chance, r.IntN(4)
	d.flip = flip && (t.Flip || t.Dihedral)
	if t.Dihedral {
		d.turns = turns
	}
	d.light = uniform(r, -t.Light, t.Light)
	d.contrast = contrast(uniform(r, -t.Contrast, t.Contrast))
}

// drawMore draws what came later.
func (t Transforms) drawMore(r *rand.Rand, d *draw, size int) {
	if lit := r.Float64() < or(t.LightP, 1); !lit {
		d.light, d.contrast = 0, 1
	}
	if turned := r.Float64() < or(t.DihedralP, 1); !turned && t.Dihedral {
		d.turns, d.flip = 0, false
	}
	for k := range d.warp {
		if warp := uniform(r, -t.Warp, t.Warp); r.Float64() < or(t.WarpP, often) {
			d.warp[k] = warp
		}
	}
	side, factor := r.IntN(2), uniform(r, 1, 1+t.Stretch)
	if r.Float64() < or(t.StretchP, often) {
		d.scale[side] *= factor
	}
	d.colour = t.drawColour(r)
	d.cutout, d.erase = t.drawCutout(r, size), t.drawErase(r, size)
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
func (d *draw) part(r *rand.Rand, h, w, size int, fit float64) {
	if d.turns%2 == 1 {
		h, w = w, h
	}
	d.scale = [2]float64{fit, fit}
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
		side := math.Floor(frame[k]*d.scale[k] + 1e-6)
		if !d.whole {
			side = math.Max(side, float64(size))
		}
		offset[k] = d.start(k, side-float64(size)) + .5 - side/2
	}
	m := d.inverse()
	out := [2][3]float64{{m[0][0], m[0][1]}, {m[1][0], m[1][1]}}
	for k, n := range [2]int{h, w} {
		out[k][2] = m[k][0]*offset[0] + m[k][1]*offset[1] + float64(n)/2 - .5
	}
	return out
}

// start returns where the square begins in a side that is longer by room, or, where there are bars, shorter.
func (d draw) start(k int, room float64) float64 {
	pad := float64(d.pad)
	if room < 0 {
		return math.Floor(d.crop[k]*(1+2*pad)) - pad - math.Floor(-room/2)
	}
	return math.Floor(d.crop[k]*(room+1+2*pad)) - pad
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
