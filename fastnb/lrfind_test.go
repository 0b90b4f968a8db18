package fastnb_test

import (
	"errors"
	"iter"
	"math"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/compute"
)

func TestLRFindLeavesEverythingAsItWas(t *testing.T) {
	for name, spoil := range map[string]func(l *fastnb.Learner, d *spoiled){
		"whole sweep": func(*fastnb.Learner, *spoiled) {},
		"error":       func(_ *fastnb.Learner, d *spoiled) { d.fail = true },
		"interrupt":   func(_ *fastnb.Learner, d *spoiled) { d.interrupt = true },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d := &spoiled{Data: synth.Clouds(dir, 200, 16, 3)}
			l := newLearner(t, backend(t), d)
			check(t, l.Fit(fastnb.LR(0.05), 1))
			before, recorder := weights(t, l), l.Recorder
			spoil(l, d)
			sweep, err := l.LRFind()
			d.fail, d.interrupt = false, false
			if failed := name != "whole sweep"; (err != nil) != failed {
				t.Fatal(err)
			}
			if len(sweep.LR) == 0 || name == "interrupt" && !errors.Is(err, fastnb.ErrInterrupted) {
				t.Errorf("%d rates, error %v", len(sweep.LR), err)
			}
			if diff := changed(before, weights(t, l)); len(diff) > 0 || l.Recorder != recorder {
				t.Errorf("changed: %v", diff)
			}
			sameFutureAs(t, l)
		})
	}
}

// sameFutureAs checks that l goes on as a learner does that never swept: order, transforms and dropout included.
func sameFutureAs(t *testing.T, l *fastnb.Learner) {
	t.Helper()
	other := newLearner(t, backend(t), synth.Clouds(t.TempDir(), 200, 16, 3))
	check(t, other.Fit(fastnb.LR(0.05), 1))
	check(t, other.Fit(fastnb.LR(0.05), 1))
	check(t, l.Fit(fastnb.LR(0.05), 1))
	if diff := changed(weights(t, other), weights(t, l)); len(diff) > 0 {
		t.Errorf("the next fit differs: %v", diff)
	}
}

func newLearner(t *testing.T, be compute.Backend, d fastnb.Data) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(be, d, synth.Net(3))
	check(t, err)
	return l
}

// spoiled is data that fails or presses the stop button at the fourth batch of a shuffled pass.
type spoiled struct {
	*synth.Data
	fail, interrupt bool
}

func (d *spoiled) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		n := 0
		for b, err := range d.Data.Batches(v) {
			if n++; n == 4 && v.Shuffle && d.fail {
				yield(b, errors.New("the disk is gone"))
				return
			}
			if n == 4 && v.Shuffle && d.interrupt {
				_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
				time.Sleep(50 * time.Millisecond)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func suggestions(s *fastnb.Sweep) map[string]func() (float64, error) {
	return map[string]func() (float64, error){"valley": s.Valley, "steep": s.Steep, "minimum": s.Minimum}
}

// A sweep that is too short to suggest anything says so, and never suggests a rate that a fit would take.
func TestShortSweep(t *testing.T) {
	for _, n := range []int{2, 5, 6} {
		s, err := clouds(t).LRFind(fastnb.Iterations(n))
		check(t, err)
		for name, suggest := range suggestions(s) {
			if lr, err := suggest(); !errors.Is(err, fastnb.ErrShortSweep) || !strings.Contains(err.Error(), "Iterations") {
				t.Errorf("%d iterations: %s suggests %g, %v (want ErrShortSweep that names Iterations)", n, name, lr, err)
			}
		}
	}
	for name, suggest := range suggestions(&fastnb.Sweep{}) {
		if lr, err := suggest(); !errors.Is(err, fastnb.ErrShortSweep) {
			t.Errorf("no iterations: %s suggests %g, %v", name, lr, err)
		}
	}
}

// A sweep of a rate for each layer group keeps their ratios: with plain SGD, the sweep of {r, r, 1} is that of a body that
// moves r times as far, so a body's rate of 0 is the sweep of the frozen net (statistics kept), and {1, 1, 1} that of one rate.
func TestLRFindOfGroups(t *testing.T) {
	losses := func(freeze bool, opts ...fastnb.LRFindOption) []float64 {
		l := clouds(t)
		l.BNFreeze(true)
		if freeze {
			l.Freeze()
		}
		s, err := l.LRFind(append(opts, fastnb.Iterations(30), fastnb.EndLR(1))...)
		check(t, err)
		return s.RawLoss
	}
	one, still, frozen := losses(false), losses(false, fastnb.LR(0, 0, 1)), losses(true)
	for name, c := range map[string][2][]float64{
		"{.1, .1, .1}": {losses(false, fastnb.LR(.1, .1, .1)), one}, "{0, 0, 1}": {still, frozen}, "LRSlice": {losses(false, fastnb.LRSlice(.5, .5)), one},
	} {
		if !alike(c[0], c[1], 1e-5) {
			t.Errorf("%s sweeps %v, want %v", name, c[0], c[1])
		}
	}
	if alike(one, still, 1e-5) {
		t.Error("the first group's rate has no effect")
	}
	for _, lrs := range []fastnb.LRs{fastnb.LR(1, 1), fastnb.LR(1, 1, 0), fastnb.LR(), fastnb.LR(-1, 1, 1)} {
		if _, err := clouds(t).LRFind(lrs); err == nil {
			t.Errorf("LRFind(%v) is no error", lrs)
		}
	}
}

func alike(a, b []float64, tolerance float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= tolerance*(1+math.Abs(y)) })
}

func TestLRFindSweep(t *testing.T) {
	l := clouds(t)
	s, err := l.LRFind()
	check(t, err)
	if math.Abs(s.LR[0]-1e-5) > 1e-12 || math.Abs(s.LR[1]/s.LR[0]-1.148153621) > 1e-8 {
		t.Errorf("rates start at %g, %g", s.LR[0], s.LR[1])
	}
	if len(s.LR) > 50 && math.Abs(s.LR[50]-0.01) > 1e-9 {
		t.Errorf("rate 50 is %g, want .01", s.LR[50])
	}
	for name, suggest := range suggestions(s) {
		if lr, err := suggest(); err != nil || lr < 1e-6 || lr > 10 {
			t.Errorf("%s suggests %g, %v", name, lr, err)
		}
	}
	if _, err := l.LRFind(fastnb.StartLR(1), fastnb.EndLR(0.1)); err == nil {
		t.Error("a sweep that ends before it starts is no error")
	}
}

func TestLRFindStopsWhenItDiverges(t *testing.T) {
	l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 256, 16), synth.LineModel())
	check(t, err)
	s, err := l.LRFind(fastnb.EndLR(1e6))
	check(t, err)
	best := math.Inf(1)
	for i, v := range s.Loss {
		if i >= 10 {
			best = math.Min(best, v)
		}
	}
	if n := len(s.Loss); n == 100 || s.Loss[n-2] > 4*best {
		t.Errorf("%d iterations; the last losses are %v, the best %g", n, s.Loss[n-2:], best)
	}
}
