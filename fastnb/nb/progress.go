package nb

import (
	"os"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/janpfeifer/gonb/gonbui"
)

// Progress shows a fit while it runs: a bar with the batch, the loss and the time left, and the table of epochs that
// grows above it; in the end the table alone. In a notebook that is one block of HTML, which also holds a picture of
// the losses that grows beside the table and stays there; in a terminal plain text, with a bar only if standard error
// is the terminal. It implements fastnb's Progress.
type Progress struct {
	view view
	now  func() time.Time

	fit
	drawn time.Time // when the bar was last drawn
}

// fit is the state that is shown.
type fit struct {
	epochs, batches int // of the fit, of an epoch
	columns         []string
	rows            [][]string // of the table, the newest last: of many epochs every so-manieth
	every, done     int        // which epochs have a row, how many there were
	epoch, batch    int        // done in the epoch
	loss            float64
	curve           curve
	scores          [2]scores     // after the last epoch and the one before
	note            string        // what goes on outside of the batches
	left            time.Duration // 0 if not known
	stopped         bool

	first time.Time // when the first batch was done: it holds the compilation, which is no measure of the rest
	last  time.Time // when the last one was
}

// scores are what validation gave after an epoch.
type scores struct {
	names  []string
	values []float64
}

// view is where the state is shown.
type view interface {
	begin(f *fit)
	bar(f *fit) // at most some five times a second
	row(f *fit) // an epoch has ended
	end(f *fit)
	line(text string)
}

func init() { fastnb.ShowWith(func() fastnb.Progress { return NewProgress() }) }

// NewProgress returns the Progress for where the program runs: notebook or terminal.
func NewProgress() *Progress {
	if gonbui.IsNotebook {
		return newProgress(&htmlView{replace: display})
	}
	return newProgress(&textView{table: os.Stdout, bars: terminal(os.Stderr)})
}

func newProgress(v view) *Progress { return &Progress{view: v, now: time.Now} }

// Begin starts the display of a fit: of epochs epochs, each of batchesPerEpoch batches, whose table has the columns.
func (p *Progress) Begin(epochs, batchesPerEpoch int, columns []string) {
	p.fit = fit{epochs: epochs, batches: batchesPerEpoch, columns: columns}
	p.drawn = time.Time{}
	p.view.begin(&p.fit)
}

// Batch shows that a batch is done, both counted from 0, with the smoothed loss.
func (p *Progress) Batch(epoch, batch int, loss float64) {
	p.epoch, p.batch, p.loss, p.note = epoch, batch+1, loss, ""
	p.curve.add(loss)
	now := p.now()
	p.estimate(now)
	if since := now.Sub(p.drawn); since >= 200*time.Millisecond || p.batch == p.batches && since >= 100*time.Millisecond {
		p.drawn = now
		p.view.bar(&p.fit)
	}
}

// estimate works out the time left.
func (f *fit) estimate(now time.Time) {
	f.last = now
	done := float64(f.epoch)*float64(f.batches) + float64(f.batch)
	if f.first.IsZero() {
		f.first = now
	}
	if done > 1 {
		left := float64(now.Sub(f.first)) / (done - 1) * max(float64(f.epochs)*float64(f.batches)-done, 0)
		f.left = time.Duration(min(left, 1e18)) // some thirty years
	}
}

// mostRows is how many rows a table has at most. It is even.
const mostRows = 200

// add adds the newest epoch's row. Where there are too many it leaves out every second, and from then on does not keep
// those.
func (f *fit) add(row []string) {
	f.every = max(f.every, 1)
	if n := len(f.rows); n > 0 && (f.done-1)%f.every != 0 {
		f.rows = f.rows[:n-1]
	}
	f.rows = append(f.rows, row)
	f.done++
	if len(f.rows) <= mostRows || (f.done-1)%f.every != 0 {
		return
	}
	f.every *= 2
	half := f.rows[:0]
	for i := 0; i < len(f.rows); i += 2 {
		half = append(half, f.rows[i])
	}
	clear(f.rows[len(half):])
	f.rows = half
}

// Note shows what is going on outside of the batches, such as compiling, until the next batch is done; outside of a
// fit, until a Note of "".
func (p *Progress) Note(text string) {
	p.note = text
	p.view.bar(&p.fit)
}

// Line shows a line that stays.
func (p *Progress) Line(text string) { p.view.line(text) }

// Scores shows what validation gave after an epoch, before its Epoch: the loss, and the metrics of these names.
func (p *Progress) Scores(loss float64, names []string, metrics []float64) {
	p.curve.addValid(loss)
	p.scores[1] = p.scores[0]
	p.scores[0] = scores{append([]string{"valid_loss"}, names...), append([]float64{loss}, metrics...)}
}

// Epoch adds a row to the table. In a notebook a table of more than 200 epochs shows every second, every fourth and so
// on, and the newest.
func (p *Progress) Epoch(row []string) {
	p.add(row)
	p.view.row(&p.fit)
}

// End takes the bar away. If err is not nil it says after how many epochs the fit stopped; the error itself is left
// to Check.
func (p *Progress) End(err error) {
	p.stopped = err != nil
	p.view.end(&p.fit)
	p.fit = fit{}
}

// idle tells whether there is nothing to show: no fit and no note.
func (f *fit) idle() bool { return f.epochs == 0 && f.note == "" }

// terminal returns f if it is one.
func terminal(f *os.File) *os.File {
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return f
}
