package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
)

// LossesOption is an option of Losses.
type LossesOption interface{ losses(*losses) }

// Valid is the validation loss of each epoch.
type Valid []float64

// EpochLen is the number of batches of an epoch. Without it the epochs share the batches evenly.
type EpochLen int

func (o Valid) losses(f *losses)     { f.valid = o }
func (o EpochLen) losses(f *losses)  { f.epoch = float64(o) }
func (o SkipStart) losses(f *losses) { f.skip = int(o) }

type losses struct {
	valid []float64
	epoch float64 // batches of an epoch
	skip  int
}

// Losses draws the training loss of every batch and, with Valid, the validation loss at the end of every epoch. Losses
// at the end that are not finite are left out, elsewhere they are an error.
func Losses(train []float64, opts ...LossesOption) (*plot.Plot, error) {
	var f losses
	for _, o := range opts {
		o.losses(&f)
	}
	p, err := f.draw(finiteStart(train))
	return p, failed("Losses", err)
}

func (f losses) draw(train []float64) (*plot.Plot, error) {
	if err := f.check(train); err != nil {
		return nil, err
	}
	if f.epoch == 0 {
		f.epoch = float64(len(train)) / float64(max(len(f.valid), 1))
	}
	p := newPlot("batch", "loss")
	p.X.Tick.Marker = wholeTicks{}
	trained, valid := numbered(train, 1)[f.skip:], numbered(f.valid, f.epoch)
	p.X.Min = 0
	p.Add(newLine(trained, blue))
	if len(valid) > 0 {
		p.Legend.Add("training", newLine(nil, blue))
		addCurve(p, "validation", valid, orange)
	}
	pad(p)
	placeLegend(p, trained, valid)
	return p, nil
}

func (f losses) check(train []float64) error {
	switch {
	case len(train) == 0:
		return errors.New("no finite training losses; fit first, then pass Recorder.Loss")
	case f.skip < 0 || f.skip >= len(train):
		return fmt.Errorf("SkipStart(%d) of %d training losses leaves none", f.skip, len(train))
	case f.epoch < 0 || f.epoch*float64(len(f.valid)) > float64(len(train)):
		return fmt.Errorf("%d epochs of %g batches do not fit in %d training losses", len(f.valid), f.epoch, len(train))
	}
	if err := finite("train", train[f.skip:]); err != nil {
		return err
	}
	return finite("Valid", f.valid)
}
