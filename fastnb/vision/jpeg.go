package vision

import "image"

// fromYCbCr converts as libjpeg does: chroma planes of half resolution are interpolated linearly, 3/4 of the nearer
// sample and 1/4 of the farther one, where Go's image.YCbCr repeats samples. The bounds of img start at 0, 0.
func fromYCbCr(img *image.YCbCr, toRGB func(to, luma, u, v []byte)) picture {
	p := newPicture(img.Rect.Max.Y, img.Rect.Max.X)
	cb, cr := newChroma(img, img.Cb), newChroma(img, img.Cr)
	u, v := make([]byte, p.w), make([]byte, p.w)
	for y := range p.h {
		cb.row(u, y)
		cr.row(v, y)
		luma := img.Y[y*img.YStride : y*img.YStride+p.w]
		toRGB(p.pix[3*y*p.w:3*(y+1)*p.w], luma, u, v)
	}
	return p
}

// jfifRow converts one row by the JFIF equations in 16-bit fixed point.
func jfifRow(to, luma, u, v []byte) {
	const (
		rv, gu, gv, bu = 91881, 22554, 46802, 116130 // 1.402, .344136, .714136, 1.772
		round          = 1 << 15
	)
	for x, l := range luma {
		y, cb, cr := int32(l), int32(u[x])-128, int32(v[x])-128
		px := to[3*x : 3*x+3 : 3*x+3]
		px[0] = clip8(y + (rv*cr+round)>>16)
		px[1] = clip8(y + (-gu*cb-gv*cr+round)>>16)
		px[2] = clip8(y + (bu*cb+round)>>16)
	}
}

// videoRow converts one row whose luma is 16 to 235 and whose chroma is 16 to 240 (ITU-R BT.601).
func videoRow(to, luma, u, v []byte) {
	const (
		yk, rv, gu, gv, bu = 76309, 104597, 25675, 53279, 132201 // 255/219 and, times 255/224, jfifRow's factors
		round              = 1 << 15
	)
	for x, l := range luma {
		y, cb, cr := yk*(int32(l)-16)+round, int32(u[x])-128, int32(v[x])-128
		px := to[3*x : 3*x+3 : 3*x+3]
		px[0] = clip8((y + rv*cr) >> 16)
		px[1] = clip8((y - gu*cb - gv*cr) >> 16)
		px[2] = clip8((y + bu*cb) >> 16)
	}
}

func clip8(v int32) byte { return byte(min(max(v, 0), 255)) }

// chroma is one of the colour planes of an image, with the factors it is subsampled by.
type chroma struct {
	plane  []byte
	stride int
	w, h   int   // samples that count
	fx, fy int   // subsampling along columns and rows
	sums   []int // of one row, weighted
}

func newChroma(img *image.YCbCr, plane []byte) *chroma {
	c := &chroma{plane: plane, stride: img.CStride, fx: 1, fy: 1}
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		c.fx = 2
	case image.YCbCrSubsampleRatio420:
		c.fx, c.fy = 2, 2
	case image.YCbCrSubsampleRatio440:
		c.fy = 2
	case image.YCbCrSubsampleRatio411:
		c.fx = 4
	case image.YCbCrSubsampleRatio410:
		c.fx, c.fy = 4, 2
	}
	b := img.Bounds()
	c.w, c.h = (b.Dx()+c.fx-1)/c.fx, (b.Dy()+c.fy-1)/c.fy
	c.sums = make([]int, c.w)
	return c
}

// row writes the samples of row y of the full image to out.
func (c *chroma) row(out []byte, y int) {
	near := c.samples(y / c.fy)
	switch {
	case c.fx == 1 && c.fy == 1:
		copy(out, near)
	case c.fx == 2 && c.w > 2 && c.fy == 1:
		c.spread(out, near, near, 0)
	case c.fx == 2 && c.w > 2:
		c.spread(out, near, c.samples(c.neighbour(y)), 1)
	case c.fx == 1:
		far := c.samples(c.neighbour(y))
		for x := range near {
			out[x] = byte((3*int(near[x]) + int(far[x]) + 1 + y%2) >> 2)
		}
	default:
		for x := range out {
			out[x] = near[x/c.fx]
		}
	}
}

func (c *chroma) samples(y int) []byte { return c.plane[y*c.stride : y*c.stride+c.w] }

// neighbour returns the row of samples on the other side of row y of the full image.
func (c *chroma) neighbour(y int) int { return min(max(y/2-1+y%2*2, 0), c.h-1) }

// spread doubles a row of samples, after mixing in the farther row when there are two.
func (c *chroma) spread(out, near, far []byte, two int) {
	sums, shift := c.sums, 2+2*two
	for x := range sums {
		sums[x] = int(near[x])
		if two == 1 {
			sums[x] = 3*int(near[x]) + int(far[x])
		}
	}
	left, right := 1+7*two, 2+5*two // what is added before the shift alternates, so that the rounding has no drift
	last := len(sums) - 1
	for x, s := range sums {
		out[2*x] = byte((3*s + sums[max(x-1, 0)] + left) >> shift)
		if 2*x+1 < len(out) {
			out[2*x+1] = byte((3*s + sums[min(x+1, last)] + right) >> shift)
		}
	}
}
