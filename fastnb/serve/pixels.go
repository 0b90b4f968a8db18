package serve

import (
	"context"
	"sync"
)

// Sizer is a Model of images that tells how large one is before it is decoded. Those of more than MaxPixels are refused
// with 413; without Sizer none are.
type Sizer interface {
	// Pixels returns the size of an image, and an error for what is none: Prepare will say what it is.
	Pixels(contents []byte) (width, height int, err error)
}

// room is so many million pixels, which are decoded at once at most.
type room struct {
	turn sync.Mutex // one after the other takes all that it needs
	free chan struct{}
}

func newRoom(pixels int) *room {
	r := &room{free: make(chan struct{}, millions(pixels))}
	for range cap(r.free) {
		r.free <- struct{}{}
	}
	return r
}

// millions rounds up, and none is one: decoding is work.
func millions(pixels int) int { return max(1, (pixels+999_999)/1_000_000) }

// enter waits until there is room for pixels, or ctx is done. What it returns leaves.
func (r *room) enter(ctx context.Context, pixels int) (leave func(), err error) {
	r.turn.Lock()
	defer r.turn.Unlock()
	n := min(millions(pixels), cap(r.free))
	for got := range n {
		select {
		case <-r.free:
		case <-ctx.Done():
			r.leave(got)
			return nil, ctx.Err()
		}
	}
	return func() { r.leave(n) }, nil
}

func (r *room) leave(n int) {
	for range n {
		r.free <- struct{}{}
	}
}
