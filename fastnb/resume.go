package fastnb

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// unfinished is where a fit is that a checkpoint was saved in: what it was asked for, and how far it has come.
type unfinished struct {
	Plan      plan     `json:"plan"`
	Epoch     int      `json:"epoch"`               // counted from 0
	Batch     int      `json:"batch"`               // of the epoch, those that are done
	InPass    bool     `json:"in_pass"`             // the epoch's pass over the data has begun
	Callbacks []string `json:"callbacks,omitempty"` // what each callback keeps, "" for nothing
}

// plan is what a fit was asked for: all that decides what it does and can be told from another one's. Of a callback it
// is the type alone.
type plan struct {
	Fit           FitInfo   `json:"fit"`
	Part          int       `json:"part,omitempty"` // of FineTune's two fits
	Optimizer     string    `json:"optimizer_settings"`
	KeepOptimizer bool      `json:"keep_optimizer"`
	LR            []float64 `json:"schedule_of_rates"` // at places of the fit
	Mom           []float64 `json:"momenta"`
	Loss          words     `json:"loss"`
	Metrics       names     `json:"metrics"`
	Train         words     `json:"training_items"` // their fingerprint
	Valid         words     `json:"validation_items"`
	Fitted        string    `json:"preparation_of_items"` // a digest of what the data fitted
	Callbacks     []string  `json:"types_of_callbacks,omitempty"`
}

// isPart tells whether it is a part of FineTune's, the first or the second.
func (p plan) isPart(part int) bool { return p.Fit.Verb == "FineTune" && p.Part == part }

// planPoints is at how many places of a fit schedules are compared.
const planPoints = 33

// sampled returns a schedule's values along a fit.
func sampled(s func(pct float64) float64) []float64 {
	values := make([]float64, planPoints)
	for i := range values {
		values[i] = s(float64(i) / planPoints)
	}
	return values
}

// differs says in what a plan is another one than that of a fit which was kept, "" if in nothing.
func (p plan) differs(kept plan) (string, error) {
	here, err := fieldsOf(p)
	if err != nil {
		return "", err
	}
	there, err := fieldsOf(kept)
	if err != nil {
		return "", err
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(merged(here, there))) {
		if a, b := there[name], here[name]; a != b {
			all = append(all, fmt.Sprintf("%s %s there, %s here", strings.ReplaceAll(name, "_", " "), brief(a), brief(b)))
		}
	}
	return strings.Join(all, "; "), nil
}

// fieldsOf returns the fields of a plan and of its FitInfo as JSON, by name.
func fieldsOf(p plan) (map[string]string, error) {
	all := map[string]json.RawMessage{}
	text, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err == nil {
		err = json.Unmarshal(all["fit"], &all)
	}
	if err != nil {
		return nil, err
	}
	delete(all, "fit")
	fields := map[string]string{}
	for name, value := range all {
		fields[name] = string(value)
	}
	return fields, nil
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// brief is a value as an error shows it.
func brief(value string) string {
	const most = 40
	switch {
	case value == "":
		return "none"
	case len(value) > most:
		return "other"
	}
	return value
}

// String says where the fit is: "in epoch 3 of 10, after 40 of 100 batches".
func (u unfinished) String() string {
	i := u.Plan.Fit
	if u.Batch == 0 {
		return fmt.Sprintf("before epoch %d of %d", u.Epoch, i.Epochs)
	}
	return fmt.Sprintf("in epoch %d of %d, after %d of %d batches", u.Epoch, i.Epochs, u.Batch, i.Batches)
}

// ago says how long ago a time was.
func ago(t time.Time) string {
	d := time.Since(t)
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	}
	return "on " + t.Local().Format("2006-01-02 15:04")
}
