package vision

// runs writes the pixels that are stored as runs, row by row from the bottom. What is skipped has the first colour.
type runs struct {
	b    *bmp
	p    picture
	x, y int
}

func (b *bmp) decodeRuns() (picture, error) {
	r := &runs{b: b, p: newPicture(b.h, b.w)}
	for i := range b.w * b.h {
		copy(r.p.pix[3*i:], b.palette[0][:])
	}
	data := b.pixels
	for r.y < b.h {
		if len(data) < 2 {
			return r.p, r.end()
		}
		count, v := int(data[0]), data[1]
		data = data[2:]
		if count > 0 {
			r.repeat(count, v)
			continue
		}
		switch v {
		case 0:
			r.x, r.y = 0, r.y+1
		case 1:
			return r.p, nil
		case 2:
			if len(data) < 2 {
				return r.p, errCut
			}
			r.x, r.y, data = r.x+int(data[0]), r.y+int(data[1]), data[2:]
		default:
			if data = r.literal(int(v), data); data == nil {
				return r.p, errCut
			}
		}
	}
	return r.p, nil
}

// end tells whether the pixels are complete, though no mark says so.
func (r *runs) end() error {
	if r.y == r.b.h-1 && r.x >= r.b.w {
		return nil
	}
	return errCut
}

// repeat writes a run: pixels of one colour, or of the two in the halves of v in turn.
func (r *runs) repeat(count int, v byte) {
	for k := range count {
		r.put(r.index([]byte{v}, k%2))
	}
}

// index returns the k-th index in stored bytes, of 8 or 4 bits.
func (r *runs) index(stored []byte, k int) byte {
	if r.b.packing == runs8 {
		return stored[min(k, len(stored)-1)]
	}
	return stored[k/2] >> (4 - k%2*4) & 15
}

// literal writes count pixels that follow one by one, and returns what comes after them, nil where they are not all
// there.
func (r *runs) literal(count int, data []byte) []byte {
	n := count
	if r.b.packing == runs4 {
		n = (count + 1) / 2
	}
	if len(data) < n {
		return nil
	}
	for k := range count {
		r.put(r.index(data[:n], k))
	}
	return data[min(n+n%2, len(data)):]
}

// put writes a pixel, unless it lies beyond the edge.
func (r *runs) put(index byte) {
	if r.x < r.b.w && r.y < r.b.h {
		copy(r.b.row(r.p, r.y)[3*r.x:], r.b.palette[index][:])
	}
	r.x++
}
