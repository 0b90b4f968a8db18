package vision

// maxWarp is the strength up to which the horizon stays beyond the square however it is turned: there the denominator
// of projective, 1 - 2*.3*.3 - .3*(x+y), is above 0 for all x*x + y*y <= 2.
const maxWarp = .3

// projective returns the matrix that maps a pixel (i, j, 1) of the square to (row, column, 1) of the image of h x w
// pixels, times the third number that comes out. It is affine, and then the perspective of fastai's Warp in the square
// of the image's shorter side that the pixels lie in: around their centre where the image has room, else at its edge.
func (d draw) projective(h, w, size int) [3][3]float64 {
	m := d.affine(h, w, size)
	middle := float64(size-1) / 2
	half := float64(min(h, w)) / 2
	if d.whole {
		half = float64(max(h, w)) / 2
	}
	into, back := unit(), unit() // the square's coordinates, from -1 to 1, and from there
	for k, n := range [2]int{h, w} {
		at := m[k][0]*middle + m[k][1]*middle + m[k][2]
		at = min(max(at, half-.5), float64(n)-half-.5)
		if 2*half > float64(n) {
			at = float64(n)/2 - .5
		}
		into[k][k], into[k][2] = 1/half, -at/half
		back[k][k], back[k][2] = half, at
	}
	all := times(times(back, d.perspective()), times(into, [3][3]float64{m[0], m[1], {0, 0, 1}}))
	far := all[2][0]*middle + all[2][1]*middle + all[2][2] // becomes 1 in the middle
	for i := range all {
		for j := range all {
			all[i][j] /= far
		}
	}
	return all
}

// perspective returns the matrix that maps row and column from -1 to 1 of the tilted square to those of the square
// itself. Its inverse leads the corner (y, x) to (y - x*y*t, x - x*y*s), where s and t are warp's numbers down and
// across, fastai's y_t and x_t.
func (d draw) perspective() [3][3]float64 {
	t, s := d.warp[0], d.warp[1]
	k := 1 - s*s - t*t
	return [3][3]float64{
		{k, 2 * s * t, -s * (1 - s*s + t*t)},
		{2 * s * t, k, -t * (1 + s*s - t*t)},
		{-s * (1 - s*s + t*t), -t * (1 + s*s - t*t), k},
	}
}

func unit() [3][3]float64 { return [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}} }

func times(a, b [3][3]float64) (p [3][3]float64) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				p[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return p
}
