package fastnb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/verb"
)

// Sweep is what LRFind found: one value per iteration.
type Sweep struct {
	LR      []float64 // learning rate of the last layer group
	Loss    []float64 // training loss, smoothed (debiased EMA, beta 0.98)
	RawLoss []float64 // training loss as it was

	n int // iterations asked for
}

// LRFindOption is an option of LRFind. Rates are one too: LR(1e-4, 1e-3, 1e-2) or an LRSlice.
type LRFindOption interface{ lrFind(*findConfig) }

type lrFindOption func(*findConfig)

func (o lrFindOption) lrFind(c *findConfig) { o(c) }

// StartLR is the learning rate that the sweep begins with. Default 1e-5.
func StartLR(lr float64) LRFindOption { return lrFindOption(func(c *findConfig) { c.start = lr }) }

// EndLR is the learning rate that the sweep ends with. Default 10.
func EndLR(lr float64) LRFindOption { return lrFindOption(func(c *findConfig) { c.end = lr }) }

// Iterations is the length of the sweep. Default 100.
func Iterations(n int) LRFindOption { return lrFindOption(func(c *findConfig) { c.n = n }) }

type findConfig struct {
	start, end float64
	n          int
	lrs        LRs // their ratios
}

// lrFind makes rates an option of LRFind: the layer groups' rates keep these ratios to the last one's, which goes from
// StartLR to EndLR, as fast.ai 0.7's lr_find does with an array.
func (r LRs) lrFind(c *findConfig) { c.lrs = r }

// ratios returns each layer group's rate as a share of the last one's.
func (c findConfig) ratios(groups int) ([]float64, error) {
	rates, err := c.lrs.of(groups)
	if err != nil {
		return nil, err
	}
	last := rates[groups-1]
	if last == 0 {
		return nil, errors.New("the last layer group's learning rate is 0; the sweep is of that one (want above 0)")
	}
	for i := range rates {
		rates[i] /= last
	}
	return rates, nil
}

func (c findConfig) check() error {
	if !(c.start > 0 && c.end > c.start) || math.IsInf(c.end, 0) || c.n < 2 {
		return fmt.Errorf("StartLR(%g), EndLR(%g), Iterations(%d): want 0 < start < end and 2 or more iterations",
			c.start, c.end, c.n)
	}
	return nil
}

// lr returns the learning rate of iteration i.
func (c findConfig) lr(i int) float64 {
	return c.start * math.Pow(c.end/c.start, float64(i)/float64(c.n))
}

// LRFind trains for 100 iterations while the learning rate of all layer groups grows from 1e-5 to 10, and stops when
// the smoothed loss is no number or above four times its best (Smith 2017, https://arxiv.org/abs/1506.01186; the rule
// is fast.ai 0.7's, the number of iterations v2's). LR(1e-4, 1e-3, 1e-2) or an LRSlice sweeps differential rates: they
// keep their ratios, and Sweep.LR is the last group's. Weights, statistics, optimizer, history and randomness are then
// as they were before, also after an error or an interrupt, which returns the sweep so far.
func (l *Learner) LRFind(opts ...LRFindOption) (s *Sweep, err error) {
	defer verb.Name(&err, "fastnb: LRFind")
	c := findConfig{start: 1e-5, end: 10, n: 100, lrs: LR(1)}
	for _, o := range opts {
		o.lrFind(&c)
	}
	if err := errors.Join(c.check(), l.net.checkBatch(l.feed.data, l.feed.precompute)); err != nil {
		return nil, err
	}
	_, groups := l.net.trained(l.feed.precompute)
	ratios, err := c.ratios(groups)
	if err != nil {
		return nil, err
	}
	return l.find(c, ratios)
}

// find does the sweep and puts everything back.
func (l *Learner) find(c findConfig, ratios []float64) (*Sweep, error) {
	if err := l.Open(); err != nil {
		return nil, err
	}
	snap, err := l.net.snapshot()
	if err != nil {
		return nil, err
	}
	was := *l.clock
	w := &sweeper{config: c, net: l.net, feed: l.feed, stepper: l.stepper, clock: l.clock, progress: l.show.to,
		ratios: ratios, found: &Sweep{n: c.n}, stop: divergence{ema: metric.EMA{Beta: 0.98}, best: math.Inf(1)}}
	err = w.sweep()
	*l.clock = was
	return w.found, errors.Join(err, l.net.restore(snap))
}

// sweeper is a sweep in progress.
type sweeper struct {
	config   findConfig
	net      *net
	feed     *feed
	stepper  *stepper
	clock    *clock
	progress Progress
	ctx      context.Context
	ratios   []float64 // of the layer groups' rates to the last one's
	found    *Sweep
	stop     divergence
}

func (w *sweeper) sweep() error {
	ctx, release := interruptible(context.Background())
	defer release()
	w.ctx = ctx
	if err := w.net.resetOptimizer(); err != nil {
		return err
	}
	batches := trainBatches(w.feed.data)
	w.progress.Begin((w.config.n+batches-1)/batches, batches, []string{"epoch", "train_loss", "time"})
	err := w.epochs()
	if errors.Is(err, ErrStop) {
		err = nil
	}
	w.progress.End(err)
	return err
}

// epochs goes over the training items as often as the iterations need.
func (w *sweeper) epochs() error {
	for epoch := 0; ; epoch++ {
		batch := 0
		if err := w.net.resetStates(); err != nil {
			return err
		}
		view := View{Split: Train, Shuffle: true, Augment: true, Seed: w.clock.pass(epoch)}
		for b, err := range w.feed.read(w.ctx, view) {
			if err != nil {
				return err
			}
			if err := w.iterate(epoch, batch, b); err != nil {
				return err
			}
			batch++
		}
		if batch == 0 {
			return errNoBatch
		}
	}
}

// iterate trains on one batch; ErrStop says that the sweep is over.
func (w *sweeper) iterate(epoch, batch int, b Batch) error {
	lr := w.config.lr(len(w.found.LR))
	losses, err := w.stepper.train([]Batch{b}, []hyper{w.hyper(lr)})
	if err != nil {
		return err
	}
	loss := losses[0]
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return ErrStop
	}
	diverged := w.stop.add(loss)
	smooth := w.stop.ema.Value()
	w.progress.Batch(epoch, batch, smooth)
	s := w.found
	s.LR, s.RawLoss, s.Loss = append(s.LR, lr), append(s.RawLoss, loss), append(s.Loss, smooth)
	switch {
	case diverged || len(s.LR) == w.config.n:
		return ErrStop
	case w.ctx.Err() != nil:
		return ErrInterrupted
	}
	return nil
}

// hyper has the layer groups' rates in their ratios to lr.
func (w *sweeper) hyper(lr float64) hyper {
	h := hyper{lr: slices.Clone(w.ratios), wd: repeat(0, len(w.ratios)), mom: 0.9}
	for i := range h.lr {
		h.lr[i] *= lr
	}
	return h
}

// divergence is fast.ai 0.7's rule for when a sweep has gone too far.
type divergence struct {
	ema  metric.EMA
	best float64
	n    int
}

// add takes the loss of an iteration and tells whether to stop. The best loss counts from the eleventh on.
func (d *divergence) add(loss float64) bool {
	d.ema.Add(loss)
	smooth := d.ema.Value()
	diverged := math.IsNaN(smooth) || smooth > 4*d.best
	if d.n >= 10 && smooth < d.best {
		d.best = smooth
	}
	d.n++
	return diverged
}

// Valley suggests the learning rate in the middle of the longest stretch of falling loss, fastai v2's default: about
// where the loss falls steadily. ErrShortSweep if there are too few iterations to tell.
func (s *Sweep) Valley() (float64, error) {
	return s.suggest("Valley", func(_, losses []float64) int {
		end, length := longestFall(losses)
		return max(end-length, 0) + length/3 + length/6
	})
}

// Steep suggests the learning rate at which the loss falls fastest per factor of the learning rate. ErrShortSweep if
// there are too few iterations to tell.
func (s *Sweep) Steep() (float64, error) {
	return s.suggest("Steep", func(lrs, losses []float64) int {
		best, slope := 0, math.Inf(1)
		for i := range len(losses) - 1 {
			if g := (losses[i+1] - losses[i]) / math.Log(lrs[i+1]/lrs[i]); g < slope {
				best, slope = i, g
			}
		}
		return best
	})
}

// Minimum suggests a tenth of the learning rate at which the loss is least. ErrShortSweep if there are too few
// iterations to tell.
func (s *Sweep) Minimum() (float64, error) {
	lr, err := s.suggest("Minimum", func(_, losses []float64) int { return slices.Index(losses, slices.Min(losses)) })
	return lr / 10, err
}

// suggest returns the rate of the iteration that rule picks among those that count.
func (s *Sweep) suggest(name string, rule func(lrs, losses []float64) int) (lr float64, err error) {
	defer verb.Name(&err, "fastnb: Sweep."+name)
	lrs, losses := s.trimmed()
	if len(losses) < leastSweep {
		return 0, fmt.Errorf("%w: %d iterations, of which the first %d and the last %d don't count; "+
			"sweep more (Iterations, default 100) or from a lower StartLR", ErrShortSweep, len(s.LR), s.n/10, sweepTail)
	}
	return lrs[rule(lrs, losses)], nil
}

const (
	sweepTail  = 5 // iterations at the end that don't count
	leastSweep = 2 // that count, for a suggestion: a fall needs two
)

// trimmed leaves out the first tenth and the last five iterations, as fastai v2 does before it suggests.
func (s *Sweep) trimmed() (lrs, losses []float64) {
	if from, to := s.n/10, len(s.LR)-sweepTail; from < to {
		return s.LR[from:to], s.Loss[from:to]
	}
	return nil, nil
}

// longestFall returns the end and the length of the longest run, gaps allowed, in which each loss is below the one
// before.
func longestFall(losses []float64) (end, length int) {
	run := make([]int, len(losses))
	for i := range losses {
		run[i] = 1
		for j := range i {
			if losses[i] < losses[j] {
				run[i] = max(run[i], run[j]+1)
			}
		}
		if run[i] > run[end] {
			end = i
		}
	}
	return end, run[end]
}
