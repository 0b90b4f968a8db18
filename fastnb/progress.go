package fastnb

import "fmt"

// Progress shows a fit while it runs; nb.NewProgress makes one for notebooks and terminals. It may also have the
// methods
//
//	Note(text string)                                           // what takes time outside the batches
//	Line(text string)                                           // what the reader should find there afterwards, too
//	Scores(loss float64, names []string, metrics []float64)     // of an epoch's validation, before its Epoch
type Progress interface {
	Begin(epochs, batchesPerEpoch int, columns []string) // before the first batch; columns of the epoch table
	Batch(epoch, batch int, loss float64)                // after every batch, counted from 0; loss is smoothed
	Epoch(row []string)                                  // a finished row of the epoch table
	End(err error)                                       // nil, or why the fit ended early
}

// noter is a Progress that can also show a line about what takes time outside the batches: compiling, loading.
type noter interface{ Note(text string) }

// liner is a Progress that can also show a line that stays.
type liner interface{ Line(text string) }

// scorer is a Progress that is also told the numbers of an epoch's validation, before its Epoch.
type scorer interface {
	Scores(loss float64, names []string, metrics []float64) // names are the metrics'
}

// newProgress makes what shows the fits of the domains' learners; see ShowWith.
var newProgress func() Progress

// ShowWith sets what makes the Progress of learners that packages vision, text, tabular and collab make from now on.
// Package nb calls it when it is imported, so a program that imports nb, as notebooks do, shows its fits. Call it
// before learners are made, from one goroutine.
func ShowWith(make func() Progress) { newProgress = make }

// DefaultProgress returns a new Progress of what ShowWith was given, or nil, which shows nothing.
func DefaultProgress() Progress {
	if newProgress == nil {
		return nil
	}
	return newProgress()
}

type silent struct{}

func (silent) Begin(int, int, []string) {}
func (silent) Batch(int, int, float64)  {}
func (silent) Epoch([]string)           {}
func (silent) End(error)                {}

// display is where a learner shows what it does.
type display struct{ to Progress }

// note shows a line about what takes time outside the batches, if the Progress can.
func (d *display) note(format string, args ...any) {
	if n, ok := d.to.(noter); ok {
		n.Note(fmt.Sprintf(format, args...))
	}
}

// line shows a line that stays, or as a note where the Progress can't.
func (d *display) line(format string, args ...any) {
	if p, ok := d.to.(liner); ok {
		p.Line(fmt.Sprintf(format, args...))
		return
	}
	d.note(format, args...)
}

// epoch shows what the epoch numbered i gave.
func (d *display) epoch(i int, e Epoch, metrics []string, valid bool) {
	if s, ok := d.to.(scorer); ok && valid {
		s.Scores(e.ValidLoss, metrics, e.Metrics)
	}
	d.to.Epoch(epochRow(i, e, metrics, valid))
}
