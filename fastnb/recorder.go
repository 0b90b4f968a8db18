package fastnb

// Recorder holds what the last fit did: a value for each batch and a row for each epoch. Plots draw it; a
// checkpoint keeps it.
type Recorder struct {
	LR      []float64 `json:"lr"`           // learning rate of the last layer group, per batch
	Mom     []float64 `json:"mom"`          // momentum (Adam: beta1), per batch
	Loss    []float64 `json:"loss"`         // training loss per batch, smoothed as fast.ai does: a debiased EMA with beta 0.98
	RawLoss []float64 `json:"raw_loss"`     // training loss per batch as it was
	Metrics []string  `json:"metrics"`      // names of the metrics of Epochs
	Epochs  []Epoch   `json:"epochs"`       // one per finished epoch
	Fit     FitInfo   `json:"fit,omitzero"` // what was asked for
}

// Epoch is a row of the epoch table.
type Epoch struct {
	TrainLoss float64   `json:"train_loss"` // smoothed training loss at its end
	ValidLoss float64   `json:"valid_loss"` // mean over the validation items, NaN-free: 0 without a valid split
	Metrics   []float64 `json:"metrics"`    // in the order of Recorder.Metrics
	Batches   int       `json:"batches"`    // batches done in the fit up to here
	Seconds   float64   `json:"seconds"`    // training and validation
}

// ValidLosses returns the validation loss of every epoch.
func (r *Recorder) ValidLosses() []float64 {
	return epochs(r, func(e Epoch) float64 { return e.ValidLoss })
}

// Metric returns the values of the metric called name, one per epoch, nil if there is no such metric.
func (r *Recorder) Metric(name string) []float64 {
	for i, m := range r.Metrics {
		if m == name {
			return epochs(r, func(e Epoch) float64 { return e.Metrics[i] })
		}
	}
	return nil
}

func epochs(r *Recorder, f func(Epoch) float64) []float64 {
	vs := make([]float64, len(r.Epochs))
	for i, e := range r.Epochs {
		vs[i] = f(e)
	}
	return vs
}

// last returns the most recent epoch.
func (r *Recorder) last() Epoch { return r.Epochs[len(r.Epochs)-1] }
