package vision

// upright undoes an EXIF orientation: 2 to 4 are mirrored or turned half-way, 5 to 8 have rows and columns swapped.
func (p picture) upright(orientation int) picture {
	if orientation <= 1 || orientation > 8 {
		return p
	}
	if orientation >= 5 {
		p = p.transpose()
	}
	switch orientation {
	case 2, 6:
		return p.mirror(false, true)
	case 3, 7:
		return p.mirror(true, true)
	case 4, 8:
		return p.mirror(true, false)
	}
	return p
}

// transpose swaps rows and columns.
func (p picture) transpose() picture {
	out := newPicture(p.w, p.h)
	for y := range p.h {
		for x := range p.w {
			copy(out.pix[3*(x*p.h+y):3*(x*p.h+y)+3], p.pix[3*(y*p.w+x):])
		}
	}
	return out
}

// mirror reverses the order of the rows, of the columns, or of both.
func (p picture) mirror(rows, columns bool) picture {
	out := newPicture(p.h, p.w)
	for y := range p.h {
		for x := range p.w {
			fy, fx := y, x
			if rows {
				fy = p.h - 1 - y
			}
			if columns {
				fx = p.w - 1 - x
			}
			copy(out.pix[3*(y*p.w+x):3*(y*p.w+x)+3], p.pix[3*(fy*p.w+fx):])
		}
	}
	return out
}
