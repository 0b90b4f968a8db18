package fastnb_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/schedule"
)

// fastai v2's fine_tune: the second cycle starts at a fifth of half the rate and is at its peak after three tenths. Every
// number is an option: the rates of the last layer group at the start, at the peak, and the first group's share.
func TestFineTune(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for name, c := range map[string]struct {
		opts              []fastnb.FineTuneOption
		start, peak, mult float64
		at                int // iteration of the peak, of 5 epochs of 12
	}{
		"none":      {nil, .002, .01, 10, 18},
		"Div":       {[]fastnb.FineTuneOption{fastnb.Div(10)}, .001, .01, 10, 18},
		"PctStart":  {[]fastnb.FineTuneOption{fastnb.PctStart(.5)}, .002, .01, 10, 30},
		"LRMult":    {[]fastnb.FineTuneOption{fastnb.LRMult(5)}, .002, .01, 5, 18},
		"no frozen": {[]fastnb.FineTuneOption{fastnb.FrozenEpochs(0)}, .002, .01, 10, 18},
	} {
		l := clouds(t)
		check(t, l.FineTune(5, 0.02, c.opts...))
		lr, rates := l.Recorder.LR, l.Recorder.Fit.LR
		if len(lr) != 60 || math.Abs(lr[0]-c.start) > 1e-12 || math.Abs(lr[c.at]-c.peak) > 1e-12 {
			t.Errorf("%s: %d rates, the first %g, %d %g (want 60, %g, %g)", name, len(lr), lr[0], c.at, lr[c.at], c.start, c.peak)
		}
		if got := rates[len(rates)-1] / rates[0]; math.Abs(got-c.mult) > 1e-9 {
			t.Errorf("%s: the last group's rate is %g times the first's, want %g", name, got, c.mult)
		}
	}
}

// What lr 0 stands for: rates of both parts, their spread, and the gradient's bound, by the optimizer.
func TestFineTuneDefaults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for name, c := range map[string]struct {
		optimizer         optim.Optimizer
		first, last, clip float64
	}{"SGD": {optim.SGD{}, .002, .02, 2}, "Adam, as v2": {optim.Adam{}, 1e-5, 1e-3, 0}} {
		l := clouds(t, fastnb.WithOptimizer(c.optimizer))
		check(t, l.FineTune(1, 0))
		fit := l.Recorder.Fit
		if fit.LR[0] != c.first || fit.LR[2] != c.last || fit.Clip != c.clip {
			t.Errorf("%s: rates %v, clip %g (want %g to %g, %g)", name, fit.LR, fit.Clip, c.first, c.last, c.clip)
		}
		check(t, l.FineTune(1, 0, fastnb.Clip(.5)))
		if l.Recorder.Fit.Clip != .5 {
			t.Errorf("%s: Clip(.5) is %g", name, l.Recorder.Fit.Clip)
		}
	}
}

// SGD's own rate grows with the root of the batch size.
func TestFineTuneRateOfBatches(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for batch, peak := range map[int]float64{4: .01, 16: .02, 64: .04} {
		l, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 200, batch, 3), synth.Net(3))
		check(t, err)
		check(t, l.FineTune(1, 0, fastnb.FrozenEpochs(0)))
		if lr := l.Recorder.Fit.LR; lr[2] != peak {
			t.Errorf("batches of %d: %g (want %g)", batch, lr[2], peak)
		}
	}
}

// epochs counts those of all fits.
type epochs struct{ frozen, all int }

func (e *epochs) EndEpoch(l *fastnb.Learner) error {
	if l.FrozenTo() > 0 {
		e.frozen++
	} else {
		e.all++
	}
	return nil
}

func TestFrozenEpochs(t *testing.T) {
	for n, opts := range [][]fastnb.FineTuneOption{{fastnb.FrozenEpochs(0)}, nil, {fastnb.FrozenEpochs(2)}} {
		var e epochs
		check(t, clouds(t).FineTune(1, 0, append(opts, fastnb.Callbacks(&e))...))
		if e.frozen != n || e.all != 1 {
			t.Errorf("%v: %d epochs frozen, %d not (want %d and 1)", opts, e.frozen, e.all, n)
		}
	}
}

// Numbers that make no sense are errors before anything trains.
func TestWrongFineTune(t *testing.T) {
	l := clouds(t)
	for want, fit := range map[string]func() error{
		"FitOneCycle: Div(0.5)":                          func() error { return l.FitOneCycle(fastnb.LR(.1), 1, fastnb.Div(.5)) },
		"FineTune: Div(5), PctStart(1)":                  func() error { return l.FineTune(1, 0, fastnb.PctStart(1)) },
		"FineTune: LRMult(0)":                            func() error { return l.FineTune(1, 0, fastnb.LRMult(0)) },
		"FineTune: 1 epochs and FrozenEpochs(-1)":        func() error { return l.FineTune(1, 0, fastnb.FrozenEpochs(-1)) },
		"FineTune: 0 epochs":                             func() error { return l.FineTune(0, 0) },
		"FineTune: learning rate -1":                     func() error { return l.FineTune(1, -1) },
		"FineTune: learning rate NaN":                    func() error { return l.FineTune(1, math.NaN()) },
		"FineTune: the momenta Moms[1 1 1]":              func() error { return l.FineTune(1, 0, fastnb.Moms(1, 1, 1)) },
		"FineTune: Clip(-1)":                             func() error { return l.FineTune(1, 0, fastnb.Clip(-1)) },
		"FineTune: weight decay: 2 learning rates for 3": func() error { return l.FineTune(1, 0, fastnb.WDs(0, 1)) },
		"FineTune: a int is no callback":                 func() error { return l.FineTune(1, 0, fastnb.Callbacks(3)) },
		"batches are more than can be counted":           func() error { return l.FineTune(math.MaxInt, 0) },
		"FitSchedule: a schedule is nil":                 func() error { return l.FitSchedule(fastnb.LR(.1), 1, nil, schedule.Const(.9)) },
		"Fit: Momentum(1.5) (want 0 or more, below 1)":   func() error { return l.Fit(fastnb.LR(.1), 1, fastnb.Momentum(1.5)) },
		"Fit: the context of Until is nil (want":         func() error { return l.Fit(fastnb.LR(.1), 1, fastnb.Until(*new(context.Context))) },
		"Fit: Momentum(-1) (want 0 or more, below 1)":    func() error { return l.Fit(fastnb.LR(.1), 1, fastnb.Momentum(-1)) },
	} {
		if err := fit(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if l.FrozenTo() != 0 || len(l.Recorder.LR) != 0 {
		t.Error("a fit that was refused has changed the learner")
	}
}
