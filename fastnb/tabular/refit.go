package tabular

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
)

// Refit returns the same rows with their numbers scaled as a model's were, whose Fitted is given: by its medians, means
// and deviations. Other columns, other categories or another target are an error, as in CheckFitted.
func (d *Data) Refit(fitted string) (fastnb.Data, error) {
	other, err := d.refit(fitted)
	if err != nil {
		return nil, err
	}
	return other, nil
}

func (d *Data) refit(fitted string) (*Data, error) {
	var s saved
	if err := json.Unmarshal([]byte(fitted), &s); err != nil || s.Prep == nil {
		return nil, errors.New("what it fitted is of no table")
	}
	if err := d.prep.like(s.Prep); err != nil {
		return nil, err
	}
	other, p := *d, *d.prep
	other.fitted = ""
	if other.net.Outputs == 0 {
		other.net = s.Net
	}
	if slices.Equal(p.Conts, s.Prep.Conts) {
		return &other, nil
	}
	p.Conts, other.prep = s.Prep.Conts, &p
	for i, r := range d.splits {
		var err error
		if other.splits[i].scaled, err = r.rescaled(d.prep.Conts, p.Conts); err != nil {
			return nil, fmt.Errorf("%s: %w", fastnb.Split(i), err)
		}
	}
	return &other, nil
}

// rescaled returns the numbers of rows that were scaled by some measures, scaled by others.
func (r rows) rescaled(from, to []continuous) ([]float32, error) {
	scaled := slices.Clone(r.scaled)
	for i, v := range scaled {
		k := i % len(from)
		scaled[i] = to[k].of(float64(v)*from[k].Std + from[k].Mean)
		if math.Abs(float64(scaled[i])) > farthest {
			return nil, fmt.Errorf("column %q is too far from the mean of %g (deviation %g) that the model was trained with",
				to[k].Column, to[k].Mean, to[k].Std)
		}
	}
	for _, i := range r.filled {
		k := i % len(from)
		scaled[i] = to[k].of(to[k].Median)
	}
	return scaled, nil
}

// of normalises a number.
func (c continuous) of(x float64) float32 { return float32((x - c.Mean) / c.Std) }

// missing returns where in the numbers of a table, of so many columns, column k has none.
func (c continuous) missing(t *Table, k, columns int) (at []int) {
	col := t.Column(c.Column)
	for r := range t.Len() {
		if col.IsMissing(r) {
			at = append(at, r*columns+k)
		}
	}
	return at
}
