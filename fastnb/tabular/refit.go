package tabular

import (
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
)

// Refit returns the same rows with their numbers scaled as a model's were, whose Fitted is given: by its medians, means
// and deviations. Other columns, other categories or another target are an error, as in CheckFitted.
func (d *Data) Refit(fitted string) (fastnb.Data, error) {
	f, err := parse(fitted)
	if err != nil {
		return nil, err
	}
	if err := d.prep.like(f.Prep); err != nil {
		return nil, err
	}
	other, p := *d, *d.prep
	if slices.Equal(p.Conts, f.Prep.Conts) {
		return &other, nil
	}
	p.Conts, other.prep = f.Prep.Conts, &p
	if other.fitted, err = p.text(); err != nil {
		return nil, err
	}
	for i, r := range d.splits {
		if other.splits[i].scaled, err = r.rescaled(d.prep.Conts, p.Conts); err != nil {
			return nil, fmt.Errorf("%s: %w", fastnb.Split(i), err)
		}
	}
	return &other, nil
}

// CheckFitted tells how what a checkpoint or other data fitted differs: other columns, other categories or another
// target, so that a net that has learned the one can't use the other. Medians, means and deviations may differ.
func (d *Data) CheckFitted(fitted string) error {
	f, err := parse(fitted)
	if err != nil {
		return err
	}
	return d.prep.like(f.Prep)
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
