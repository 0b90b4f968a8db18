package fastnb

import (
	"fmt"
	"slices"
	"time"
)

// Last returns the last epoch of the run; false where none was finished.
func (r Run) Last() (Epoch, bool) {
	if r.Recorder == nil || len(r.Recorder.Epochs) == 0 {
		return Epoch{}, false
	}
	return r.Recorder.last(), true
}

// Time returns how long the finished epochs took.
func (r Run) Time() time.Duration {
	var seconds float64
	if r.Recorder != nil {
		for _, e := range r.Recorder.Epochs {
			seconds += e.Seconds
		}
	}
	return time.Duration(seconds * float64(time.Second))
}

// Fit says in words what the fit was asked for: "Fit 3 cycles of 1 epoch, lr 0.0001 to 0.01, frozen to -1". It is empty
// where there was none, and in checkpoints of before it was kept.
func (r Run) Fit() string {
	if r.Recorder == nil {
		return ""
	}
	return r.Recorder.Fit.String()
}

// Data says in words what was learned from: "200 + 50 items of 3 classes, batches of 16", training items first.
func (r Run) Data() string {
	if r.Recorder == nil || r.Recorder.Fit.Verb == "" {
		return ""
	}
	fit := r.Recorder.Fit
	s := fmt.Sprintf("%d + %d items", fit.Train, fit.Valid)
	if len(r.Classes) > 0 {
		s += fmt.Sprintf(" of %d classes", len(r.Classes))
	}
	return fmt.Sprintf("%s, batches of %d", s, fit.BatchSize)
}

// noRuns is what a table says instead of rows.
const noRuns = "no checkpoints yet: Save makes one"

// Header returns the names of the columns of Rows. There is a column for every metric that one of the runs has.
func (rs Runs) Header() []string {
	header := append([]string{"run", "saved", "data", "fit", "epochs", "train_loss", "valid_loss"}, rs.metrics()...)
	for i := range header {
		header[i] = shown(header[i])
	}
	return append(header, "time")
}

// Rows returns a row per run, the oldest first, with the losses and metrics after its last epoch. An epoch that was
// asked for and not reached is told: 2 of 3. Where the runs' training items are not the same a letter tells which are.
// A run that can't be read has its error for a fit.
func (rs Runs) Rows() [][]string {
	marks, metrics := rs.marks(), rs.metrics()
	rows := make([][]string, len(rs))
	for i, r := range rs {
		fit := r.Fit()
		if r.Err != nil {
			fit = shown(r.Err.Error())
		}
		saved, data := r.Saved.Format("2006-01-02 15:04:05"), r.Data()+marks[r.Fingerprint]
		row := []string{shown(r.Name), saved, data, fit, r.epochs()}
		rows[i] = append(append(row, r.scores(metrics)...), r.clock())
	}
	return rows
}

// metrics returns the names of all runs' metrics, in the order in which they come.
func (rs Runs) metrics() []string {
	var names []string
	for _, r := range rs {
		if r.Recorder == nil {
			continue
		}
		for _, m := range r.Recorder.Metrics {
			if !slices.Contains(names, m) {
				names = append(names, m)
			}
		}
	}
	return names
}

// marks returns what tells the data apart, by fingerprint: nothing where all are the same.
func (rs Runs) marks() map[string]string {
	marks := map[string]string{}
	for _, r := range rs {
		if _, known := marks[r.Fingerprint]; !known && r.Data() != "" {
			marks[r.Fingerprint] = fmt.Sprintf(" (%c)", 'A'+rune(len(marks)%26))
		}
	}
	if len(marks) < 2 {
		return nil
	}
	return marks
}

// epochs says how many epochs were finished, of how many if not all.
func (r Run) epochs() string {
	switch {
	case r.Recorder == nil:
		return ""
	case len(r.Recorder.Epochs) < r.Recorder.Fit.Epochs:
		return fmt.Sprintf("%d of %d", len(r.Recorder.Epochs), r.Recorder.Fit.Epochs)
	}
	return fmt.Sprint(len(r.Recorder.Epochs))
}

// scores returns the losses and these metrics after the last epoch, empty where the run has none.
func (r Run) scores(metrics []string) []string {
	cells := make([]string, 2+len(metrics))
	e, ok := r.Last()
	if !ok {
		return cells
	}
	cells[0] = figure(e.TrainLoss, 4)
	if r.validLosses() != nil {
		cells[1] = figure(e.ValidLoss, 4)
	}
	for i, m := range metrics {
		if at := slices.Index(r.Recorder.Metrics, m); at >= 0 && at < len(e.Metrics) {
			cells[2+i] = figure(e.Metrics[at], 4)
		}
	}
	return cells
}

// clock writes the time as minutes and seconds, nothing where no epoch was finished.
func (r Run) clock() string {
	if _, ok := r.Last(); !ok {
		return ""
	}
	return minutes(r.Time())
}

// String returns the table as lines of text.
func (rs Runs) String() string {
	if len(rs) == 0 {
		return noRuns + "\n"
	}
	return textTable(rs.Header(), rs.Rows())
}

// HTML returns the table as HTML that leaves its colours to the page.
func (rs Runs) HTML() string {
	if len(rs) == 0 {
		return "<p>" + noRuns + "</p>"
	}
	return htmlTable(rs.Header(), rs.Rows(), 4)
}
