package fastnb_test

import (
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/schedule"
)

func TestFitInfo(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	l := clouds(t, fastnb.WithOptimizer(optim.Adam{}))
	for _, row := range []struct {
		want string
		fit  func(l *fastnb.Learner) error
	}{
		{"Fit 2 epochs, lr 0.01", func(l *fastnb.Learner) error { return l.Fit(fastnb.LR(.01), 2) }},
		{"Fit 1 cycle of 2 epochs, lr 0.01, frozen to -1, precomputed", func(l *fastnb.Learner) error {
			l.Freeze()
			if err := l.Precompute(true); err != nil {
				return err
			}
			return l.Fit(fastnb.LR(.01), 1, fastnb.CycleLen(2))
		}},
		{"Fit 3 cycles of 1 epoch, lr 0.0001 to 0.01, wd 0.02, clip 0.5", func(l *fastnb.Learner) error {
			return l.Fit(fastnb.LR(1e-4, 1e-3, 1e-2), 3, fastnb.CycleLen(1), fastnb.WD(.02), fastnb.Clip(.5))
		}},
		{"Fit 2 cycles of 1, 2 epochs, lr 0.01, frozen to -2, batch norm frozen", func(l *fastnb.Learner) error {
			l.FreezeTo(1)
			l.BNFreeze(true)
			return l.Fit(fastnb.LR(.01), 2, fastnb.CycleLen(1), fastnb.CycleMult(2))
		}},
		{"FitOneCycle 1 epoch, lr 0.01, wd 0 to 0.2", func(l *fastnb.Learner) error {
			return l.FitOneCycle(fastnb.LR(.01), 1, fastnb.WDs(0, .1, .2))
		}},
		{"FitSchedule 1 epoch, lr 0.01", func(l *fastnb.Learner) error {
			return l.FitSchedule(fastnb.LR(.01), 1, schedule.Const(1), schedule.Const(.9))
		}},
		{"FineTune 1 epoch, lr 5e-05 to 0.005", func(l *fastnb.Learner) error { return l.FineTune(1, .01) }},
	} {
		l.Unfreeze()
		l.BNFreeze(false)
		check(t, row.fit(l))
		info := l.Recorder.Fit
		if got := info.String(); got != row.want {
			t.Errorf("%s, want %s", got, row.want)
		}
		if info.Train != 200 || info.Valid != 50 || info.BatchSize != 16 || info.Batches != 12 || info.Optimizer != "Adam" || info.Groups != 3 {
			t.Errorf("%s: %+v", row.want, info)
		}
	}
	if s := (fastnb.FitInfo{}).String(); s != "" {
		t.Errorf("no fit is %q", s)
	}
}
