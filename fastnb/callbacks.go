package fastnb

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
)

// Monitor names what a callback watches: a metric's name, or "" for the validation loss (for the training loss where
// there is no valid split). A value that is NaN is worse than any number.
type Monitor string

// check tells whether the learner has what is watched.
func (m Monitor) check(l *Learner) error {
	switch names := metricNames(l.Metrics()); {
	case m != "" && !slices.Contains(names, string(m)):
		return fmt.Errorf("no metric %q to watch (have %v)", string(m), names)
	case m != "" && l.Data().Len(Valid) == 0:
		return fmt.Errorf("no metric %q to watch without a valid split: %w", string(m), ErrNoSplit)
	}
	return nil
}

// better tells whether v is better than the best so far, if there was one: any number is better than NaN.
func better(v float64, best *float64) bool {
	return best == nil || v > *best || math.IsNaN(*best) && !math.IsNaN(v)
}

// each calls f with what was watched in the epochs so far of a fit that goes on, after a check.
func (m Monitor) each(l *Learner, f func(v float64)) error {
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

// value returns what is watched after an epoch, turned so that more is better.
func (m Monitor) value(l *Learner, e Epoch) (float64, error) {
	if m == "" && l.Data().Len(Valid) == 0 {
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
	return 0, fmt.Errorf("no metric %q to watch (have %v)", string(m), metricNames(l.Metrics()))
}

func sign(lower bool) float64 {
	if lower {
		return -1
	}
	return 1
}

// lastEpoch returns the most recent epoch.
func lastEpoch(l *Learner) Epoch { return l.Recorder.Epochs[len(l.Recorder.Epochs)-1] }

// SaveBest saves the checkpoint Name whenever the watched value is the best so far, and loads it when the fit is over. NaN
// is never the best: until an epoch has a number the newest epoch is saved, so that nothing is lost, and the first number
// takes its place. A Name that no file can have is an error before the first batch.
type SaveBest struct {
	Name    string
	Monitor Monitor
	best    *float64
}

// BeginFit forgets the best value of an earlier fit. A Monitor that the learner does not have is an error.
func (s *SaveBest) BeginFit(l *Learner) error {
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
func (s *SaveBest) EndEpoch(l *Learner) error {
	v, err := s.Monitor.value(l, lastEpoch(l))
	if err != nil || !s.isBest(v) {
		return err
	}
	return l.Save(s.Name)
}

// EndFit brings the best weights back; the history stays that of the whole fit.
func (s *SaveBest) EndFit(l *Learner) error {
	if s.best == nil {
		return nil
	}
	return l.LoadWeights(s.Name)
}

// EarlyStopping ends the fit when the watched value has not got better for Patience epochs, which NaN never is. A
// Patience of 0 stands for 1.
type EarlyStopping struct {
	Patience int
	Monitor  Monitor
	best     *float64
	waited   int
}

// BeginFit forgets an earlier fit. A Monitor that the learner does not have is an error.
func (s *EarlyStopping) BeginFit(l *Learner) error {
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
func (s *EarlyStopping) EndEpoch(l *Learner) error {
	v, err := s.Monitor.value(l, lastEpoch(l))
	if err == nil && s.waits(v) {
		return ErrStop
	}
	return err
}

// CSVLog writes the epoch table to the file it names, a line per epoch, from anew at every fit.
type CSVLog string

// BeginFit writes the head of the table, and the rows of a fit that goes on.
func (f CSVLog) BeginFit(l *Learner) error {
	if err := f.write(epochColumns(l.Recorder.Metrics, l.Data().Len(Valid) > 0), os.O_TRUNC); err != nil {
		return err
	}
	for i := range l.Recorder.Epochs {
		if err := f.row(l, i); err != nil {
			return err
		}
	}
	return nil
}

// EndEpoch adds the epoch's row.
func (f CSVLog) EndEpoch(l *Learner) error { return f.row(l, len(l.Recorder.Epochs)-1) }

// row adds the row of epoch i.
func (f CSVLog) row(l *Learner, i int) error {
	e := l.Recorder.Epochs[i]
	row := epochRow(i, e, l.Data().Len(Valid) > 0)
	row[len(row)-1] = strconv.FormatFloat(e.Seconds, 'f', 3, 64)
	return f.write(row, os.O_APPEND)
}

func (f CSVLog) write(row []string, mode int) error {
	file, err := os.OpenFile(string(f), os.O_CREATE|os.O_WRONLY|mode, 0o644)
	if err != nil {
		return err
	}
	w := csv.NewWriter(file)
	err = w.Write(row)
	w.Flush()
	return errors.Join(err, w.Error(), file.Close())
}
