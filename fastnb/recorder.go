package fastnb

import (
	"encoding/json"
	"slices"
)

// Recorder holds what the last fit did: a value for each batch and a row for each epoch. Plots draw it; a
// checkpoint keeps it.
type Recorder struct {
	LR      []float64 `json:"lr"`           // learning rate of the last layer group, per batch
	Mom     []float64 `json:"mom"`          // momentum (Adam: beta1), per batch
	Loss    []float64 `json:"loss"`         // training loss per batch, smoothed: a debiased EMA with beta 0.98, as fast.ai
	RawLoss []float64 `json:"raw_loss"`     // training loss per batch as it was
	Metrics []string  `json:"metrics"`      // names of the metrics of Epochs
	Epochs  []Epoch   `json:"epochs"`       // one per finished epoch
	Fit     FitInfo   `json:"fit,omitzero"` // what was asked for
}

// Epoch is a row of the epoch table.
type Epoch struct {
	TrainLoss float64   `json:"train_loss"` // smoothed training loss at its end
	ValidLoss float64   `json:"valid_loss"` // mean over the validation items, finite: 0 without a valid split
	Metrics   []float64 `json:"metrics"`    // in the order of Recorder.Metrics, as measured; nil without a valid split
	Batches   int       `json:"batches"`    // batches done in the fit up to here
	Seconds   float64   `json:"seconds"`    // training and validation
}

// ValidLosses returns the validation loss of every epoch.
func (r *Recorder) ValidLosses() []float64 {
	return epochs(r, func(e Epoch) float64 { return e.ValidLoss })
}

// Metric returns the values of the metric called name, one per epoch, nil if there is no such metric or nothing that it
// was measured on.
func (r *Recorder) Metric(name string) []float64 {
	i := slices.Index(r.Metrics, name)
	if i < 0 || slices.ContainsFunc(r.Epochs, func(e Epoch) bool { return i >= len(e.Metrics) }) {
		return nil
	}
	return epochs(r, func(e Epoch) float64 { return e.Metrics[i] })
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

// recorderJSON is a Recorder as JSON keeps it, whatever was measured and whatever the metrics are called.
type recorderJSON struct {
	LR      numbers[float64] `json:"lr"`
	Mom     numbers[float64] `json:"mom"`
	Loss    numbers[float64] `json:"loss"`
	RawLoss numbers[float64] `json:"raw_loss"`
	Metrics names            `json:"metrics"`
	Epochs  []Epoch          `json:"epochs"`
	Fit     FitInfo          `json:"fit,omitzero"`
}

// MarshalJSON implements json.Marshaler: numbers that JSON lacks are the strings "NaN", "+Inf" and "-Inf".
func (r Recorder) MarshalJSON() ([]byte, error) {
	return json.Marshal(recorderJSON{r.LR, r.Mom, r.Loss, r.RawLoss, r.Metrics, r.Epochs, r.Fit})
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Recorder) UnmarshalJSON(text []byte) error {
	var j recorderJSON
	err := json.Unmarshal(text, &j)
	*r = Recorder{j.LR, j.Mom, j.Loss, j.RawLoss, j.Metrics, j.Epochs, j.Fit}
	return err
}

// epochJSON is an Epoch as JSON keeps it.
type epochJSON struct {
	TrainLoss number[float64]  `json:"train_loss"`
	ValidLoss number[float64]  `json:"valid_loss"`
	Metrics   numbers[float64] `json:"metrics"`
	Batches   int              `json:"batches"`
	Seconds   float64          `json:"seconds"`
}

// MarshalJSON implements json.Marshaler, as that of Recorder.
func (e Epoch) MarshalJSON() ([]byte, error) {
	train, valid := number[float64]{e.TrainLoss}, number[float64]{e.ValidLoss}
	return json.Marshal(epochJSON{train, valid, e.Metrics, e.Batches, e.Seconds})
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *Epoch) UnmarshalJSON(text []byte) error {
	var j epochJSON
	err := json.Unmarshal(text, &j)
	*e = Epoch{j.TrainLoss.v, j.ValidLoss.v, j.Metrics, j.Batches, j.Seconds}
	return err
}
