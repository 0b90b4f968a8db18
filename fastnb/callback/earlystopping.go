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

// BeginFit forgets an earlier fit. A Monitor that the learner does not have is an error.
func (s *EarlyStopping) BeginFit(l *fastnb.Learner) error {
	s.best, s.waited = nil, 0
	return s.Monitor.check(l)
}

// EndEpoch stops the fit when patience is at its end.
func (s *EarlyStopping) EndEpoch(l *fastnb.Learner) error {
	v, err := s.Monitor.value(l)
	if err != nil {
		return err
	}
	if better(v, s.best) {
		s.best, s.waited = &v, 0
		return nil
	}
	if s.waited++; s.waited >= max(s.Patience, 1) {
		return fastnb.ErrStop
	}
	return nil
}
