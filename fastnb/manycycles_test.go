package fastnb_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// stopEpochs presses the stop button after so many epochs.
type stopEpochs struct {
	epochs int
	stop   func()
}

func (s stopEpochs) EndEpoch(l *fastnb.Learner) error {
	if len(l.Recorder.Epochs) == s.epochs {
		s.stop()
	}
	return nil
}

// "Train until I stop it": a plan of any length takes no time or memory, and the fit is stopped in it. The plan of 1<<45
// cycles, one by one, would not end.
func TestCyclesWithoutEnd(t *testing.T) {
	for name, opts := range map[string][]fastnb.FitOption{
		"epochs": nil, "cycles": {fastnb.CycleLen(1), fastnb.CycleSave("snap")}, "longer": {fastnb.CycleLen(2), fastnb.CycleSave("snap")},
	} {
		t.Run(name, func(t *testing.T) {
			l := clouds(t)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			err := l.Fit(fastnb.LR(.05), 1<<45, append(opts, fastnb.Until(ctx), fastnb.Callbacks(stopEpochs{3, stop}))...)
			if n := len(l.Recorder.Epochs); !errors.Is(err, fastnb.ErrInterrupted) || n < 3 || n > 4 {
				t.Errorf("%v after %d epochs", err, n)
			}
			saved, _ := filepath.Glob(filepath.Join(l.Data().Dir(), "models", "snap_cyc_*"))
			if want := map[string]int{"epochs": 0, "cycles": 3, "longer": 1}[name]; len(saved) < want || len(saved) > want+1 {
				t.Errorf("saved %v, want %d", saved, want)
			}
			for _, rate := range l.Recorder.LR[1:] {
				if !(rate > 0 && rate <= .05) {
					t.Fatalf("rates %v", l.Recorder.LR)
				}
			}
		})
	}
}

// More than can be counted is refused, with what to do.
func TestCyclesThatCanNotBeCounted(t *testing.T) {
	l := clouds(t)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{l.Fit(fastnb.LR(.05), 64, fastnb.CycleLen(1), fastnb.CycleMult(2)), "64 cycles with CycleLen(1), CycleMult(2) are more batches than can be counted (want fewer cycles, or a smaller CycleMult)"},
		{l.Fit(fastnb.LR(.05), math.MaxInt, fastnb.CycleLen(math.MaxInt)), "more batches than can be counted"},
		{l.Fit(fastnb.LR(.05), 3, fastnb.CycleLen(1), fastnb.CycleMult(math.MaxInt)), "more batches than can be counted"},
		{l.Fit(fastnb.LR(.05), math.MaxInt), "more batches than can be counted"},
		{l.FitOneCycle(fastnb.LR(.05), 1<<53), "epochs of 12 batches are more than can be counted (want fewer epochs)"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) || len(l.Recorder.Loss) > 0 {
			t.Errorf("%v, want %s", tt.err, tt.want)
		}
	}
}

// Every cycle is saved after its last epoch, counted from 0.
func TestCycleSaveNames(t *testing.T) {
	for _, tt := range []struct {
		cycles, length, mult int
		want                 []int // epochs of each
	}{{4, 1, 1, []int{1, 2, 3, 4}}, {2, 3, 1, []int{3, 6}}, {3, 1, 2, []int{1, 3, 7}}, {3, 2, 3, []int{2, 8, 26}}} {
		l := clouds(t)
		check(t, l.Fit(fastnb.LR(.01), tt.cycles, fastnb.CycleLen(tt.length), fastnb.CycleMult(tt.mult), fastnb.CycleSave("s")))
		for k, want := range tt.want {
			check(t, l.Load(fmt.Sprintf("s_cyc_%d", k)))
			if n := len(l.Recorder.Epochs); n != want {
				t.Errorf("%v: s_cyc_%d is of epoch %d", tt, k, n)
			}
		}
		if err := l.Load(fmt.Sprintf("s_cyc_%d", len(tt.want))); !errors.Is(err, fastnb.ErrNoCheckpoint) {
			t.Errorf("%v: one more: %v", tt, err)
		}
	}
	l := clouds(t)
	check(t, l.FitOneCycle(fastnb.LR(.01), 2, fastnb.CycleSave("one")))
	if check(t, l.Load("one_cyc_0")); len(l.Recorder.Epochs) != 2 {
		t.Errorf("one cycle is saved after %d epochs", len(l.Recorder.Epochs))
	}
}

// The words for many cycles are few.
func TestFitInfoOfManyCycles(t *testing.T) {
	i := fastnb.FitInfo{Verb: "Fit", Cycles: 50, CycleLen: 1, CycleMult: 2, LR: []float64{.1}}
	if got, want := i.String(), "Fit 50 cycles of 1, 2, 4, 8, 16, 32, ... epochs, lr 0.1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
