package serve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// job is an item that waits to be predicted.
type job struct {
	ctx   context.Context // done when nobody wants the answer any more
	value any
	done  chan answer // has room for the answer
}

type answer struct {
	prediction Prediction
	err        error
}

// batcher predicts items together that wait at the same time.
type batcher struct {
	model   Model
	size    int
	wait    time.Duration
	coming  *atomic.Int64 // items on their way, those that wait here among them
	metrics *metrics
	log     func(format string, args ...any)

	jobs  chan job
	ended sync.WaitGroup
}

// start begins to predict; stop ends it once all that waits is predicted.
func (b *batcher) start() { b.ended.Go(b.run) }

func (b *batcher) stop() {
	close(b.jobs)
	b.ended.Wait()
}

func (b *batcher) run() {
	for first := range b.jobs {
		batch := b.wanted(nil, first)
		deadline := time.NewTimer(b.wait)
		for len(batch) < b.size {
			next, more := b.next(len(batch), deadline.C)
			if !more {
				break
			}
			batch = b.wanted(batch, next)
		}
		deadline.Stop()
		b.answer(batch)
	}
}

// next returns another item for a batch of n. It waits only where one is on its way.
func (b *batcher) next(n int, deadline <-chan time.Time) (j job, more bool) {
	select {
	case j, more = <-b.jobs:
		return j, more
	default:
	}
	if b.coming.Load() <= int64(n) {
		return j, false
	}
	select {
	case j, more = <-b.jobs:
	case <-deadline:
	}
	return j, more
}

// wanted adds a job whose answer somebody waits for.
func (b *batcher) wanted(batch []job, j job) []job {
	if j.ctx.Err() != nil {
		j.done <- answer{err: j.ctx.Err()}
		return batch
	}
	return append(batch, j)
}

// answer predicts a batch. Where that fails each item is predicted alone, so that its error is told to who sent it.
func (b *batcher) answer(batch []job) {
	if len(batch) == 0 {
		return
	}
	predictions, err := b.predict(batch)
	if err != nil && len(batch) > 1 {
		for _, j := range batch {
			b.answer([]job{j})
		}
		return
	}
	for i, j := range batch {
		a := answer{err: err}
		if err == nil {
			a.prediction = predictions[i]
		}
		j.done <- a
	}
}

// predict asks the model, whose panics are errors.
func (b *batcher) predict(batch []job) (predictions []Prediction, err error) {
	began := time.Now()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the model panics: %v", r)
			b.log("%v\n%s", err, debug.Stack())
		}
		b.metrics.batch(len(batch), time.Since(began))
	}()
	values := make([]any, len(batch))
	for i, j := range batch {
		values[i] = j.value
	}
	if predictions, err = b.model.Predict(values); err != nil {
		return nil, err
	}
	if len(predictions) != len(batch) {
		return nil, fmt.Errorf("the model has %d predictions for %d items", len(predictions), len(batch))
	}
	for _, p := range predictions {
		if err := p.finite(); err != nil {
			return nil, err
		}
	}
	return predictions, nil
}

// finite is an error where a number is none, which JSON could not hold.
func (p Prediction) finite() error {
	sum := 0.
	for _, c := range p.Top {
		sum += float64(c.Prob)
	}
	for _, v := range p.Values {
		sum += 0 * v.Value
	}
	for _, a := range p.Items {
		sum += 0 * a.Rating
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return errors.New("the model predicts what is no number; it has diverged, " +
			"or the item is far from all that it has seen")
	}
	return nil
}
