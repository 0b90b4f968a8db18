package vision

import (
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/tensors"
)

// drawnBatch is what was drawn for the rows of an augmented batch, as the device gets it. What no transform of the
// configuration needs is left out, so that presets have the graphs that they always had.
type drawnBatch struct {
	c      config
	rows   int
	maps   []float32 // of 2 or 3 rows of 3
	extent []int32
	light  []float32 // of 2, or with those of colours 6
	boxes  []int32   // of 2 boxes of 4
	seeds  []uint32
}

// newDrawn returns a batch for which nothing has been drawn.
func (c config) newDrawn(rows int) *drawnBatch {
	b := &drawnBatch{c: c, rows: rows, extent: make([]int32, 2*rows)}
	b.maps = make([]float32, 3*c.mapRows()*rows)
	b.light = make([]float32, c.lights()*rows)
	if c.augment.covers() {
		b.boxes = make([]int32, 8*rows)
	}
	if c.seeded() {
		b.seeds = make([]uint32, 2*rows)
	}
	return b
}

// mapRows is 3 where the map from the square to the window is projective, 2 where it is affine.
func (c config) mapRows() int {
	if c.augment.Warp > 0 {
		return 3
	}
	return 2
}

// lights is how many numbers an image's light has.
func (c config) lights() int {
	if c.augment.colours() {
		return colourNumbers
	}
	return 2
}

// seeded tells whether the device draws random numbers.
func (c config) seeded() bool { return len(c.own) > 0 || c.augment.Erase > 0 }

// draw draws the transforms of a row, whose window shows an image of h x w pixels.
func (b *drawnBatch) draw(row int, r *rand.Rand, h, w int) {
	drawn := b.c.draw(r, h, w)
	b.set(row, drawn, h, w)
	if b.seeds != nil {
		b.seeds[2*row], b.seeds[2*row+1] = r.Uint32(), r.Uint32()
	}
}

// set takes down what was drawn for a row.
func (b *drawnBatch) set(row int, drawn draw, h, w int) {
	copy(b.maps[3*b.c.mapRows()*row:], drawn.mapped(h, w, b.c.size, b.c.mapRows()))
	b.extent[2*row], b.extent[2*row+1] = int32(min(h, w)), int32(max(h, w))
	k := drawn.colour
	all := [colourNumbers]float64{drawn.light, drawn.contrast, k.brightness, k.contrast, k.saturation, k.hue}
	for i, x := range all[:b.c.lights()] {
		b.light[b.c.lights()*row+i] = float32(x)
	}
	if b.boxes != nil {
		for i, box := range []box{drawn.cutout, drawn.erase} {
			for j, edge := range []int{box.top, box.bottom, box.left, box.right} {
				b.boxes[8*row+4*i+j] = int32(edge)
			}
		}
	}
}

// mapped returns the rows of the map to the window, which holds an image that is higher than wide on its side.
func (d draw) mapped(h, w, size, rows int) (all []float32) {
	var m [3][3]float64
	if rows == 3 {
		m = d.projective(h, w, size)
	} else {
		affine := d.affine(h, w, size)
		m[0], m[1] = affine[0], affine[1]
	}
	if h > w {
		m[0], m[1] = m[1], m[0]
	}
	for _, row := range m[:rows] {
		for _, x := range row {
			all = append(all, float32(x))
		}
	}
	return all
}

// tensors returns the inputs of a batch after its windows.
func (b *drawnBatch) tensors() []*tensors.Tensor {
	all := []*tensors.Tensor{
		tensors.FromFlatDataAndDimensions(b.maps, b.rows, b.c.mapRows(), 3),
		tensors.FromFlatDataAndDimensions(b.extent, b.rows, 2),
		tensors.FromFlatDataAndDimensions(b.light, b.rows, b.c.lights()),
	}
	if b.boxes != nil {
		all = append(all, tensors.FromFlatDataAndDimensions(b.boxes, b.rows, 2, 4))
	}
	if b.seeds != nil {
		all = append(all, tensors.FromFlatDataAndDimensions(b.seeds, b.rows, 2))
	}
	return all
}
