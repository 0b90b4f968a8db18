package vision

import "math"

// picture is an RGB image of h x w pixels, 3 bytes each, row by row.
type picture struct {
	h, w int
	pix  []byte
}

func newPicture(h, w int) picture { return picture{h, w, make([]byte, 3*h*w)} }

// precision is the number of fractional bits of the filter's weights; 2 of the 32 are kept for overshoot and 8 are
// the pixel's.
const precision = 32 - 8 - 2

// taps are the weights of one output pixel: it is the weighted sum of the input pixels from first on.
type taps struct {
	first   int
	weights []int32
}

// triangle returns the taps of output pixels from, ..., from+count-1 when in pixels become out pixels, by the triangle
// filter, which is widened when the image shrinks so that every input pixel counts (antialiasing). Weights and their
// rounding are those of Pillow's BILINEAR, so that results agree with it bit for bit.
func triangle(in, out, from, count int) []taps {
	scale := float64(in) / float64(out)
	wide := math.Max(scale, 1)
	all := make([]taps, count)
	for k := range all {
		middle := (float64(from+k) + .5) * scale
		first := max(int(middle-wide+.5), 0)
		last := min(int(middle+wide+.5), in)
		weights := make([]float64, last-first)
		sum := 0.
		for i := range weights {
			weights[i] = math.Max(0, 1-math.Abs((float64(i+first)-middle+.5)/wide))
			sum += weights[i]
		}
		all[k] = taps{first, fixed(weights, sum)}
	}
	return all
}

// fixed returns weights/sum in fixed point.
func fixed(weights []float64, sum float64) []int32 {
	out := make([]int32, len(weights))
	for i, w := range weights {
		out[i] = int32(.5 + w/sum*(1<<precision))
	}
	return out
}

// round8 returns the byte nearest to a fixed-point sum that was started with half.
func round8(v int32) byte { return byte(min(max(v>>precision, 0), 255)) }

const half = 1 << (precision - 1)

// resizeTo returns the part {top, left, h, w} of p scaled to rows x columns: along rows and along columns, each rounded
// to bytes. As in Pillow since version 13 columns come first where that drops over twice as many pixels.
func (p picture) resizeTo(rows, columns, top, left, h, w int) picture {
	acrossColumns := func(p picture) picture {
		if p.w == columns && left == 0 && w == columns {
			return p
		}
		return p.resizeRows(triangle(p.w, columns, left, w))
	}
	acrossRows := func(p picture) picture {
		if p.h == rows && top == 0 && h == rows {
			return p
		}
		return p.resizeColumns(triangle(p.h, rows, top, h))
	}
	if drop := p.h - rows; drop > 0 && drop > 2*(p.w-columns) {
		return acrossColumns(acrossRows(p))
	}
	return acrossRows(acrossColumns(p))
}

// resizeRows makes every row as wide as there are taps.
func (p picture) resizeRows(all []taps) picture {
	out := newPicture(p.h, len(all))
	for y := range p.h {
		row, to := p.pix[3*p.w*y:3*p.w*(y+1)], out.pix[3*out.w*y:3*out.w*(y+1)]
		for x, t := range all {
			r, g, b := int32(half), int32(half), int32(half)
			from := row[3*t.first : 3*(t.first+len(t.weights))]
			for i, k := range t.weights {
				px := from[3*i : 3*i+3 : 3*i+3]
				r += int32(px[0]) * k
				g += int32(px[1]) * k
				b += int32(px[2]) * k
			}
			to[3*x], to[3*x+1], to[3*x+2] = round8(r), round8(g), round8(b)
		}
	}
	return out
}

// resizeColumns makes every column as high as there are taps.
func (p picture) resizeColumns(all []taps) picture {
	out := newPicture(len(all), p.w)
	stride := 3 * p.w
	sums := make([]int32, stride)
	for y, t := range all {
		for i := range sums {
			sums[i] = half
		}
		for i, k := range t.weights {
			addScaled(sums, p.pix[(t.first+i)*stride:(t.first+i+1)*stride], k)
		}
		to := out.pix[y*stride : (y+1)*stride]
		for i, v := range sums {
			to[i] = round8(v)
		}
	}
	return out
}

// addScaled adds k*row to sums.
func addScaled(sums []int32, row []byte, k int32) {
	row = row[:len(sums)]
	for i := range sums {
		sums[i] += int32(row[i]) * k
	}
}
