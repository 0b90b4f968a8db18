package vision

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// reference is a case of testdata/transforms.py: what was drawn, of which picture, and how large it becomes.
type reference struct {
	Source                                    string
	Size, Presize, Pad                        int
	Middle, Flip, Whole, Upright, Clean       bool
	Degrees, Brightness, Contrast, Saturation float64
	Hue                                       float64
	Scale, Crop, Warp                         *[2]float64
	Cutout                                    *[4]int
	Mode                                      string
}

// drawn returns what was drawn, for a picture of h x w pixels.
func (r reference) drawn(c config, h, w int) draw {
	d := identity
	d.angle, d.flip, d.whole, d.pad = r.Degrees*math.Pi/180, r.Flip, r.Whole, r.Pad
	fit := c.fit(h, w)
	d.scale = [2]float64{fit, fit}
	if r.Scale != nil {
		d.scale = *r.Scale
	}
	if r.Crop != nil {
		d.crop = *r.Crop
	}
	if r.Warp != nil {
		d.warp = *r.Warp
	}
	brightness := or(r.Brightness, .5)
	d.colour = colour{math.Log(brightness / (1 - brightness)), or(r.Contrast, 1), or(r.Saturation, 1), r.Hue}
	if b := r.Cutout; b != nil {
		d.cutout = box{b[0], b[1], b[2], b[3]}
	}
	return d
}

// config returns a configuration whose graph has what the case needs.
func (r reference) config() config {
	c := config{size: r.Size, augmentConfig: augmentConfig{presize: r.Presize, pad: r.Pad}}
	c.padMode = PadMode(max(slices.Index(padModes, r.Mode), 0))
	if r.Whole {
		c.crop = CropPad
	}
	if r.Warp != nil {
		c.augment.Warp = .1
	}
	if r.Brightness != 0 || r.Contrast != 0 {
		c.augment.Lighting = .1
	}
	if r.Saturation != 0 {
		c.augment.Saturation = .1
	}
	if r.Hue != 0 {
		c.augment.Hue = .1
	}
	if r.Cutout != nil {
		c.augment.Cutout = .1
	}
	return c
}

// picture returns the case's picture, before what was drawn.
func (r reference) picture(t *testing.T) picture {
	p := peer(t, r.Source)
	if r.Middle {
		q := newPicture(min(p.h, p.w), min(p.h, p.w))
		p.cutCentre(q.pix, q.h)
		p = q
	}
	if r.Upright { // turned by 90 degrees, counter-clockwise
		q := newPicture(p.w, p.h)
		for y := range q.h {
			for x := range q.w {
				copy(q.pix[3*(y*q.w+x):][:3], p.pix[3*(x*p.w+p.w-1-y):])
			}
		}
		p = q
	}
	return p
}

// references reads testdata/transforms.json.
func references(t *testing.T) (file struct {
	Cases         map[string]reference
	AugTransforms map[string]any `json:"aug_transforms"`
}) {
	t.Helper()
	data, err := os.ReadFile("testdata/transforms.json")
	ok(t, err)
	ok(t, json.Unmarshal(data, &file))
	return file
}

// AugTransforms and the default shares are those of fastai's aug_transforms().
func TestAugTransformsIsFastais(t *testing.T) {
	p, a := references(t).AugTransforms, AugTransforms
	zoom := config{augment: a}.zoom()
	got := Transforms{
		Flip: p["do_flip"].(bool), Rotate: p["max_rotate"].(float64), Warp: p["max_warp"].(float64),
		Lighting: p["max_lighting"].(float64),
	}
	same(t, "strengths", got, a)
	same(t, "zoom, shares, nothing vertical", []any{zoom, often, often, 1., false},
		[]any{p["max_zoom"], p["p_affine"], p["p_lighting"], p["min_zoom"], p["flip_vert"]})
}

// Every transform agrees with fastai's, Pillow's or numpy's, for the same numbers drawn, up to the rounding of what is
// compared to bytes, half a level, and .02 of a level besides: coordinates in float32 are exact to some 1e-5 of a
// pixel, and pixels differ by up to 255 levels from the next.
func TestTransformsAgreeWithFastai(t *testing.T) {
	cases := references(t).Cases
	if len(cases) < 30 {
		t.Fatalf("%d cases", len(cases))
	}
	for name, r := range cases {
		t.Run(name, func(t *testing.T) {
			want, err := decodeFile(filepath.Join("testdata", "transforms", name+".png"))
			ok(t, err)
			c, p := r.config(), r.picture(t)
			if r.Clean {
				if r.Presize == 0 {
					p = c.shape().scale(p)
				}
				got := newPicture(r.Size, r.Size)
				c.clean(p, got.pix)
				if mean, largest := difference(t, got, want); largest > 0 {
					t.Errorf("differs by %.3f levels, at most %.0f", mean, largest)
				}
				return
			}
			got := onDeviceBy(t, c, c.window(p), r.drawn(c, p.h, p.w))
			wantPixels(t, got, r.Size, .52, want.at)
		})
	}
}
