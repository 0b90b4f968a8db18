// Package callback has callbacks for the fits of package fastnb: saving the best epoch, stopping early, a log. They use
// nothing that a user's own callbacks could not use as well.
package callback

import (
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
)

// Monitor names what a callback watches: a metric's name, or "" for the validation loss (for the training loss where
// there is no valid split). A value that is NaN is worse than any number.
type Monitor string

// check tells whether the learner has what is watched.
func (m Monitor) check(l *fastnb.Learner) error {
	switch names := l.Recorder.Metrics; {
	case m != "" && !slices.Contains(names, string(m)):
		return fmt.Errorf("no metric %q to watch (have %v)", string(m), names)
	case m != "" && l.Data().Len(fastnb.Valid) == 0:
		return fmt.Errorf("no metric %q to watch without a valid split: %w", string(m), fastnb.ErrNoSplit)
	}
	return nil
}

// each calls f with what was watched in the epochs so far of a fit that goes on, after a check.
func (m Monitor) each(l *fastnb.Learner, f func(v float64)) error {
	if err := m.check(l); err != nil {
		return err
	}
	for _, e := range l.Recorder.Epochs {
		v, err := m.value(l, e)
		if err != nil {
			return err
		}
		f(v)
	}
	return nil
}

// last returns what is watched after the most recent epoch.
func (m Monitor) last(l *fastnb.Learner) (float64, error) {
	return m.value(l, l.Recorder.Epochs[len(l.Recorder.Epochs)-1])
}

// value returns what is watched after an epoch, turned so that more is better.
func (m Monitor) value(l *fastnb.Learner, e fastnb.Epoch) (float64, error) {
	if m == "" && l.Data().Len(fastnb.Valid) == 0 {
		return -e.TrainLoss, nil
	}
	if m == "" {
		return -e.ValidLoss, nil
	}
	for i, metric := range l.Metrics() {
		if metric.Name == string(m) && i < len(e.Metrics) {
			return sign(metric.Lower) * e.Metrics[i], nil
		}
	}
	return 0, fmt.Errorf("no metric %q to watch (have %v)", string(m), l.Recorder.Metrics)
}

func sign(lower bool) float64 {
	if lower {
		return -1
	}
	return 1
}

// better tells whether v is better than the best so far, if there was one: any number is better than NaN.
func better(v float64, best *float64) bool {
	return best == nil || v > *best || math.IsNaN(*best) && !math.IsNaN(v)
}
