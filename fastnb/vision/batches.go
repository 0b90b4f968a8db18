package vision

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// ahead is how many batches are made ahead of the one in use.
const ahead = 2

// Batches reads a split as v says. A clean view has one input, the images [rows, size, size, 3] uint8. An augmented
// view has what the device composes them from: windows [rows, short, long, 3] uint8, the map from a pixel to the window
// [rows, 2, 3] float32, or [rows, 3, 3] where there is Warp, the part of the window that is in use [rows, 2] int32, and
// light and contrast [rows, 2] float32, of other colours [rows, 6]; then, where they are asked for, the boxes that are
// covered [rows, 2, 4] int32, and seeds [rows, 2] uint32. Labels are [rows] int32, of several labels or numbers
// [rows, n] float32, nil for Test. The error wraps [fastnb.ErrNoSplit] if there is no such split.
func (d *Data) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		if err := d.checkSplit(v.Split); err != nil {
			verb.Name(&err, "vision: Batches")
			yield(fastnb.Batch{}, err)
			return
		}
		ctx, stop := context.WithCancel(context.Background())
		made := make(chan result, ahead-1) // one more is being made or waits to be sent
		var wait sync.WaitGroup
		wait.Go(func() { d.produce(ctx, v, made) })
		defer wait.Wait()
		defer stop()
		for r := range made {
			verb.Name(&r.err, "vision: Batches")
			if !yield(r.batch, r.err) || r.err != nil {
				return
			}
		}
	}
}

type result struct {
	batch fastnb.Batch
	err   error
}

// produce makes the batches of the view one after the other until it is told to stop.
func (d *Data) produce(ctx context.Context, v fastnb.View, made chan<- result) {
	defer close(made)
	order, size := v.Order(d.Len(v.Split)), d.BatchSize()
	for b := range v.NumBatches(len(order), size) {
		items := order[b*size : min((b+1)*size, len(order))]
		batch, err := d.batch(v, items, size)
		select {
		case made <- result{batch, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// batch makes one batch of the given items of the split.
func (d *Data) batch(v fastnb.View, items []int, rows int) (fastnb.Batch, error) {
	b := fastnb.Batch{Items: items, Labels: d.labels(v.Split, items, rows)}
	f := &filler{d: d, v: v, items: items, windows: tensors.FromShape(d.windowShape(v, rows))}
	var err error
	tensors.MustMutableFlatData(f.windows, func(flat []uint8) { err = f.fill(flat, rows) })
	if err != nil {
		return b, err
	}
	b.Inputs = []*tensors.Tensor{f.windows}
	if v.Augment {
		b.Inputs = append(b.Inputs, f.drawn.tensors()...)
	}
	return b, nil
}

// InputShapes implements fastnb.Shaped.
func (d *Data) InputShapes() []shapes.Shape {
	return []shapes.Shape{d.windowShape(fastnb.View{}, d.BatchSize())}
}

// windowShape is that of the images of a batch.
func (d *Data) windowShape(v fastnb.View, rows int) shapes.Shape {
	h, w := d.config.size, d.config.size
	if v.Augment {
		h, w = d.config.windowSide(), d.windowLong()
	}
	return shapes.Make(dtypes.Uint8, rows, h, w, 3)
}

// filler fills the rows of a batch; the last item is repeated where there are more rows.
type filler struct {
	d       *Data
	v       fastnb.View
	items   []int
	windows *tensors.Tensor
	drawn   *drawnBatch

	mu  sync.Mutex
	err error
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func (f *filler) fill(flat []uint8, rows int) error {
	if f.v.Augment {
		f.drawn = f.d.config.newDrawn(rows)
	}
	size := len(flat) / rows
	parallel(rows, f.d.config.workers, func(row int) {
		if err := f.row(flat[row*size:(row+1)*size], row, f.items[min(row, len(f.items)-1)]); err != nil {
			f.mu.Lock()
			f.err = err
			f.mu.Unlock()
		}
	})
	return f.err
}

// row fills one row with an item.
func (f *filler) row(flat []uint8, row, item int) error {
	s := f.d.splits[f.v.Split]
	if s.squares != nil {
		copy(flat, s.squares[item].pix)
		return nil
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	p, err := s.from.picture(s.records[item], *buffer)
	if err != nil {
		return err
	}
	*buffer = p.pix
	if !f.v.Augment {
		f.d.config.clean(p, flat)
		return nil
	}
	p = f.d.config.window(p)
	p.copyLandscape(flat, f.d.windowLong())
	// The stream of random numbers depends on the view's seed and the item alone.
	f.drawn.draw(row, rand.New(rand.NewPCG(f.v.Seed, uint64(item))), p.h, p.w)
	return nil
}

// cutCentre copies the centre square of p.
func (p picture) cutCentre(to []uint8, size int) {
	top, left := (p.h-size)/2, (p.w-size)/2
	for y := range size {
		copy(to[3*y*size:3*(y+1)*size], p.pix[3*((top+y)*p.w+left):])
	}
}

// copyLandscape copies p into the upper left of a window, on its side if it is higher than wide.
func (p picture) copyLandscape(to []uint8, width int) {
	if p.h > p.w {
		p.copyTransposed(to, width)
		return
	}
	for y := range p.h {
		copy(to[3*y*width:], p.pix[3*y*p.w:3*(y+1)*p.w])
	}
}

func (p picture) copyTransposed(to []uint8, width int) {
	for y := range p.h {
		row := p.pix[3*y*p.w : 3*(y+1)*p.w]
		for x := range p.w {
			at := 3 * (x*width + y)
			to[at], to[at+1], to[at+2] = row[3*x], row[3*x+1], row[3*x+2]
		}
	}
}
