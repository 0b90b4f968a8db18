package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// ScheduleOption is an option of Schedule.
type ScheduleOption interface{ schedule(*[]float64) }

// Mom is the momentum of every batch; Schedule draws it in a second panel.
type Mom []float64

func (o Mom) schedule(mom *[]float64) { *mom = o }

// Schedule draws the learning rate of every batch and, with Mom, the momentum beside it.
func Schedule(lrs []float64, opts ...ScheduleOption) (*Figure, error) {
	var mom []float64
	for _, o := range opts {
		o.schedule(&mom)
	}
	f, err := schedule(lrs, mom)
	return f, failed("Schedule", err)
}

func schedule(lrs, mom []float64) (*Figure, error) {
	if len(lrs) == 0 {
		return nil, errors.New("no learning rates; fit first, then pass Recorder.LR")
	}
	if mom != nil && len(mom) != len(lrs) {
		return nil, fmt.Errorf("%d momenta for %d learning rates (want as many)", len(mom), len(lrs))
	}
	if err := errors.Join(finite("lrs", lrs), finite("Mom", mom)); err != nil {
		return nil, err
	}
	f := &Figure{Width: Width, Height: Height, draw: sideBySide}
	f.Plots = append(f.Plots, perBatch("learning rate", lrs))
	if mom != nil {
		f.Width, f.Height = 7.4*vg.Inch, 2.8*vg.Inch
		f.Plots = append(f.Plots, perBatch("momentum", mom))
	}
	return f, nil
}

func perBatch(name string, values []float64) *plot.Plot {
	p := newPlot("batch", name)
	p.X.Tick.Marker = wholeTicks{}
	p.X.Min = 0
	p.Add(newLine(numbered(values, 1), blue))
	pad(p)
	return p
}
