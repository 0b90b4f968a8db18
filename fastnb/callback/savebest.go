package callback

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb"
)

// SaveBest saves the checkpoint Name whenever the watched value is the best so far, and loads it when the fit is over.
// NaN is never the best: until an epoch has a number the newest epoch is saved, so that nothing is lost, and the first
// number takes its place. A Name that no file can have is an error before the first batch.
type SaveBest struct {
	Name    string
	Monitor Monitor
	best    *float64
}

// BeginFit forgets the best value of an earlier fit, and learns that of a fit that goes on. A Monitor that the learner
// does not have is an error.
func (s *SaveBest) BeginFit(l *fastnb.Learner) error {
	s.best = nil
	if err := l.CanSave(s.Name); err != nil {
		return fmt.Errorf("SaveBest: %w", err)
	}
	return s.Monitor.each(l, func(v float64) { s.isBest(v) })
}

// isBest tells whether a value is the best so far, and remembers it then.
func (s *SaveBest) isBest(v float64) bool {
	if !better(v, s.best) && !(math.IsNaN(v) && math.IsNaN(*s.best)) {
		return false
	}
	s.best = &v
	return true
}

// EndEpoch saves if this epoch is the best.
func (s *SaveBest) EndEpoch(l *fastnb.Learner) error {
	v, err := s.Monitor.last(l)
	if err != nil || !s.isBest(v) {
		return err
	}
	return l.Save(s.Name)
}

// EndFit brings the best weights back; the history stays that of the whole fit.
func (s *SaveBest) EndFit(l *fastnb.Learner) error {
	if s.best == nil {
		return nil
	}
	return l.LoadWeights(s.Name)
}
