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

// value returns what is watched after the last epoch, turned so that more is better.
func (m Monitor) value(l *Learner) (float64, error) {
	e := lastEpoch(l)
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
	return s.Monitor.check(l)
}

// EndEpoch saves if this epoch is the best.
func (s *SaveBest) EndEpoch(l *Learner) error {
	v, err := s.Monitor.value(l)
	if err != nil || !better(v, s.best) && !(math.IsNaN(v) && math.IsNaN(*s.best)) {
		return err
	}
	if err := l.Save(s.Name); err != nil {
		return err
	}
	s.best = &v
	return nil
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
	return s.Monitor.check(l)
}

// EndEpoch stops the fit when patience is at its end.
func (s *EarlyStopping) EndEpoch(l *Learner) error {
	v, err := s.Monitor.value(l)
	if err != nil {
		return err
	}
	if better(v, s.best) {
		s.best, s.waited = &v, 0
		return nil
	}
	if s.waited++; s.waited >= max(s.Patience, 1) {
		return ErrStop
	}
	return nil
}

// CSVLog writes the epoch table to the file it names, a line per epoch, from anew at every fit.
type CSVLog string

// BeginFit writes the head of the table.
func (f CSVLog) BeginFit(l *Learner) error {
	return f.write(epochColumns(l.Recorder.Metrics, l.Data().Len(Valid) > 0), os.O_TRUNC)
}

// EndEpoch adds the epoch's row.
func (f CSVLog) EndEpoch(l *Learner) error {
	i := len(l.Recorder.Epochs) - 1
	row := epochRow(i, lastEpoch(l), l.Data().Len(Valid) > 0)
	row[len(row)-1] = strconv.FormatFloat(lastEpoch(l).Seconds, 'f', 3, 64)
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
