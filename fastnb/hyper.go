package fastnb

import (
	"fmt"
	"math"
)

// hyper are the hyper-parameters of one step, on the host.
type hyper struct {
	lr, wd    []float64 // per trained layer group
	mom, clip float64   // clip 0: none
	mix       mixture
}

// flat packs h into one vector: lr..., wd..., momentum, clip.
func (h hyper) flat() []float32 {
	flat := make([]float32, 0, 2*len(h.lr)+2)
	for _, v := range append(append([]float64{}, h.lr...), h.wd...) {
		flat = append(flat, float32(v))
	}
	return append(flat, float32(h.mom), float32(h.clip))
}

// check tells what was given that no step can be done with, and by whom.
func (h hyper) check(by string) error {
	for _, lr := range h.lr {
		if !(lr >= 0) || math.IsInf(lr, 0) {
			return fmt.Errorf("%s gives a learning rate of %g (want a finite one, 0 or more)", by, lr)
		}
	}
	for _, wd := range h.wd {
		if !(wd >= 0) || math.IsInf(wd, 0) {
			return fmt.Errorf("%s gives a weight decay of %g (want a finite one, 0 or more)", by, wd)
		}
	}
	if !(h.mom >= 0 && h.mom < 1) {
		return fmt.Errorf("%s gives a momentum of %g (want 0 or more, below 1)", by, h.mom)
	}
	return nil
}
