package vision

import (
	"fmt"
	"slices"
)

// kept returns the side that decoded images are kept at.
func (c config) kept() int { return max(c.presize, c.size) }

// shape returns what images are scaled to when they are decoded: with room for random crops up to an aspect of 3:2.
func (c config) shape() shape { return c.shapeOf(c.kept()) }

// shapeOf is shape of images that are kept at another side.
func (c config) shapeOf(side int) shape {
	return shape{size: side, longest: side + side/2, squash: c.crop == CropNo, whole: c.crop == CropPad}
}

// kind is a word for how the shape is.
func (s shape) kind() string {
	switch {
	case s.squash:
		return "squash"
	case s.whole:
		return "pad"
	}
	return "crop"
}

// windowSide returns the side of the images that augmented views sample: what is kept, or twice the Size where that is
// far less, because a pixel is made of four that are next to each other, and the rest would be skipped.
func (c config) windowSide() int {
	if 4*c.kept() <= 9*c.size { // 460 for 224, as in fast.ai's book, need not be scaled anew for each view
		return c.kept()
	}
	return 2 * c.size
}

// window returns what an augmented view samples of a kept image.
func (c config) window(p picture) picture {
	if side := c.windowSide(); side != c.kept() {
		return c.shapeOf(side).scale(p)
	}
	return p
}

// windowLong returns the longer side of the windows, that of the longest image.
func (d *Data) windowLong() int {
	c := d.config
	if side := c.windowSide(); side != c.kept() {
		return min(max(d.longest*side/c.kept(), side), c.shapeOf(side).longest)
	}
	return d.longest
}

// clean writes the square that a clean view shows of a kept image.
func (c config) clean(p picture, to []byte) {
	if c.kept() != c.size {
		p = c.shapeOf(c.size).scale(p)
	}
	if c.crop == CropPad {
		p.letterbox(to, c.size, c.padMode)
		return
	}
	p.cutCentre(to, c.size)
}

// letterbox copies p into the middle of a square and fills the bars on both sides.
func (p picture) letterbox(to []byte, size int, mode PadMode) {
	top, left := (size-p.h)/2, (size-p.w)/2
	for i := range size {
		y, inside := mode.place(i-top, p.h)
		for j := range size {
			if x, also := mode.place(j-left, p.w); inside && also {
				copy(to[3*(i*size+j):], p.pix[3*(y*p.w+x):3*(y*p.w+x)+3])
			}
		}
	}
}

// place returns which of n pixels is seen at v, which may lie beyond them; false where none is.
func (m PadMode) place(v, n int) (at int, seen bool) {
	switch {
	case v >= 0 && v < n:
		return v, true
	case m == PadZeros:
		return 0, false
	case m == PadBorder:
		return min(max(v, 0), n-1), true
	}
	v = (v%(2*n) + 2*n) % (2 * n)
	return min(v, 2*n-1-v), true
}

// cleanKey tells how a clean view differs from one of the default crop that is scaled at once; "" where it does not.
func (c config) cleanKey() (key string) {
	if c.crop == CropPad {
		key = fmt.Sprintf("pad %v\n", c.padMode)
	}
	if c.kept() != c.size {
		key += fmt.Sprintf("of %d\n", c.kept())
	}
	return key
}

// forOpen returns what a checkpoint tells of the kept size and the pad mode, nothing where a clean view does not depend
// on them.
func (c config) forOpen() (presize int, padMode string) {
	if c.kept() != c.size {
		presize = c.kept()
	}
	if c.crop == CropPad {
		padMode = c.padMode.String()
	}
	return presize, padMode
}

// knownPadMode tells whether the pad mode that a checkpoint tells is one.
func knownPadMode(mode string) bool { return mode == "" || slices.Contains(padModes, mode) }
