package callback

import "github.com/fastnb/fastnb/fastnb"

// EarlyStopping ends the fit when the watched value has not got better for Patience epochs, which NaN never is. A
// Patience of 0 stands for 1.
type EarlyStopping struct {
	Patience int
	Monitor  Monitor
	best     *float64
	waited   int
}

// BeginFit forgets an earlier fit, and waits as long as a fit that goes on has. A Monitor that the learner does not
// have is an error.
func (s *EarlyStopping) BeginFit(l *fastnb.Learner) error {
	s.best, s.waited = nil, 0
	return s.Monitor.each(l, func(v float64) { s.waits(v) })
}

// waits tells whether patience is at its end after another value.
func (s *EarlyStopping) waits(v float64) bool {
	if better(v, s.best) {
		s.best, s.waited = &v, 0
		return false
	}
	s.waited++
	return s.waited >= max(s.Patience, 1)
}

// EndEpoch stops the fit when patience is at its end.
func (s *EarlyStopping) EndEpoch(l *fastnb.Learner) error {
	v, err := s.Monitor.last(l)
	if err == nil && s.waits(v) {
		return fastnb.ErrStop
	}
	return err
}
