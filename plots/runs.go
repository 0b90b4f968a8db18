package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Run is a fit's losses. It is another name of a plain struct, so that fastnb's Runs.Curves go in as they are.
type Run = struct {
	Name     string
	Train    []float64 // training loss of every batch
	Valid    []float64 // validation loss of every epoch, may be nil
	EpochLen int       // batches of an epoch; 0: the epochs share the batches evenly
}

// RunsOption is an option of Runs.
type RunsOption interface{ runs(*runs) }

func (o SkipStart) runs(f *runs) { f.skip = int(o) }

// runs is what Runs draws.
type runs struct{ skip int }

// Runs overlays the losses of runs, over epochs: the training loss as a line, the validation loss as dots. There are
// six colours: runs from the seventh on are dashed. SkipStart leaves out that many batches at the start of each.
// Losses at the end of a run that are not finite are left out, elsewhere they are an error.
func Runs(rs []Run, opts ...RunsOption) (*plot.Plot, error) {
	var f runs
	for _, o := range opts {
		o.runs(&f)
	}
	p, err := f.draw(rs)
	return p, failed("Runs", err)
}

func (f runs) draw(rs []Run) (*plot.Plot, error) {
	if len(rs) == 0 {
		return nil, errors.New("no runs; fit and Save first, then pass the Curves of the learner's Runs")
	}
	p := newPlot("epoch", "loss")
	p.X.Min = 0
	var drawn []plotter.XYs
	for i, r := range rs {
		train, valid, err := f.curves(r)
		if err != nil {
			return nil, fmt.Errorf("run %q: %w", r.Name, err)
		}
		drawn = append(drawn, train, valid)
		p.Legend.Add(r.Name, addNumbered(p, i, train, valid)...)
	}
	pad(p)
	p.X.Max *= 1.02 // room for the last dots
	placeLegend(p, drawn...)
	return p, nil
}

// curves returns a run's losses over epochs.
func (f runs) curves(r Run) (train, valid plotter.XYs, err error) {
	all := finiteStart(r.Train)
	if err := (losses{r.Valid, float64(r.EpochLen), f.skip}).check(all); err != nil {
		return nil, nil, err
	}
	epoch := float64(r.EpochLen)
	if epoch == 0 {
		epoch = float64(len(all)) / float64(max(len(r.Valid), 1))
	}
	return numbered(all, 1/epoch)[f.skip:], numbered(r.Valid, 1), nil
}

// addNumbered adds curve number i, a line, and dots if there are any. From the seventh on lines are dashed. It returns
// what stands in the key for it.
func addNumbered(p *plot.Plot, i int, line, dots plotter.XYs) (key []plot.Thumbnailer) {
	c := cycle[i%len(cycle)]
	l := newLine(line, c)
	if i >= len(cycle) {
		l.Dashes = []vg.Length{4, 3}
	}
	p.Add(l)
	key = append(key, l)
	if len(dots) > 0 {
		d := newDots(dots, c)
		p.Add(d)
		key = append(key, d)
	}
	return key
}
