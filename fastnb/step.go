package fastnb

import (
	"time"

	"github.com/gomlx/gomlx/core/tensors"
)

// stepper trains: batches and hyper-parameters in, losses out, one step at a time or many a call.
type stepper struct {
	feed  *feed
	clock *clock
}

// loopTime is about how long one call of several training steps may take: an interrupt is seen between two calls.
const loopTime = 100 * time.Millisecond

// atOnce returns how many training steps the next call may do.
func (s *stepper) atOnce() int {
	if s.feed.stepTime == 0 {
		return 1
	}
	return int(min(max(loopTime/s.feed.stepTime, 1), maxLoop))
}

// train trains on batches, one after the other, and returns their losses.
func (s *stepper) train(bs []Batch, hs []hyper) ([]float64, error) {
	if bs[0].set != nil {
		return s.loop(bs, hs)
	}
	losses := make([]float64, len(bs))
	for i, b := range bs {
		var err error
		if losses[i], err = s.step(b, hs[i]); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// step trains on one batch and returns its loss.
func (s *stepper) step(b Batch, h hyper) (float64, error) {
	g, p := s.feed.graphs, s.feed.prep
	if err := g.net.store.SetRNGStateFromSeed(s.clock.step(0)); err != nil {
		return 0, err
	}
	hypers := tensors.FromFlatDataAndDimensions(h.flat(), len(h.flat()))
	args := append([]*tensors.Tensor{hypers, b.Labels}, b.Inputs...)
	k := g.on(g.trainKey("training step", s.feed.precompute, h, len(b.Inputs)), p, args)
	outs, err := g.call(k, g.train(k, p), args)
	if err != nil {
		return 0, err
	}
	s.clock.steps++
	return float64(tensors.ToScalar[float32](outs[0])), nil
}

// loop does the steps in one call of the device.
func (s *stepper) loop(bs []Batch, hs []hyper) ([]float64, error) {
	g, p := s.feed.graphs, s.feed.prep
	set, size := bs[0].set, s.feed.data.BatchSize()
	plan, err := loopPlan(bs, hs, size, s.clock.step)
	if err != nil {
		return nil, err
	}
	args := append(append(plan, set.Labels), set.Inputs...)
	k := g.on(g.trainKey("training loop", s.feed.precompute, hs[0], len(set.Inputs)), p, args)
	compiled := g.execs[k] != nil
	began := time.Now()
	outs, err := g.call(k, g.loop(k, p, size), args)
	if err != nil {
		return nil, err
	}
	flat, err := tensors.CopyFlatData[float32](outs[0])
	if err != nil {
		return nil, err
	}
	if compiled {
		s.feed.stepTime = max(time.Since(began)/time.Duration(len(bs)), 1)
	}
	s.clock.steps += uint64(len(bs))
	losses := make([]float64, len(bs))
	for i := range losses {
		losses[i] = float64(flat[i])
	}
	return losses, nil
}
