package tabular

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/verb"
)

// Importance is how much worse the model predicts when a column is shuffled.
type Importance struct {
	Column string
	Drop   float64 // mean over the repeats, in units of the metric; above 0 the column helps
	Spread float64 // standard deviation over the repeats, 0 of one
}

// ImportanceOption is an option of Importance.
type ImportanceOption interface{ importance(*importanceConfig) }

type importanceOption func(*importanceConfig)

func (o importanceOption) importance(c *importanceConfig) { o(c) }

// Repeats is how often each column is shuffled. Default 3.
func Repeats(n int) ImportanceOption {
	return importanceOption(func(c *importanceConfig) { c.repeats = n })
}

// By measures by a metric. Default: the loss.
func By(m metric.Metric) ImportanceOption {
	return importanceOption(func(c *importanceConfig) { c.metric = &m })
}

type importanceConfig struct {
	repeats int
	metric  *metric.Metric // nil: the loss
}

// score returns how bad predictions are.
func (c importanceConfig) score(p *fastnb.Preds) float64 {
	switch {
	case c.metric == nil:
		return p.Loss
	case c.metric.Lower:
		return p.Score(*c.metric)
	}
	return -p.Score(*c.metric)
}

// base is the score of predictions to which others are compared.
func (c importanceConfig) base(p *fastnb.Preds) (float64, error) {
	score := c.score(p)
	switch {
	case math.IsNaN(score) && c.metric == nil:
		return 0, errors.New("the loss is NaN; train the model, or Load a checkpoint from before it diverged")
	case math.IsNaN(score):
		return 0, fmt.Errorf("metric %s does not measure this model's predictions", c.metric.Name)
	}
	return score, nil
}

// Importance returns the permutation importance of every column that the model sees, the greatest first: the validation
// rows are predicted with the column's values dealt out anew (Breiman 2001, https://doi.org/10.1023/A:1010933404324).
// Two columns that say the same share their importance, and each may look needless. ErrNoSplit without validation rows.
func (l *Learner) Importance(opts ...ImportanceOption) (all []Importance, err error) {
	defer verb.Name(&err, "tabular: Importance")
	c := importanceConfig{repeats: 3}
	for _, o := range opts {
		o.importance(&c)
	}
	if c.repeats < 1 {
		return nil, fmt.Errorf("Repeats(%d) (want 1 or more)", c.repeats)
	}
	p, err := l.Predict(fastnb.Valid)
	if err != nil {
		return nil, err
	}
	base, err := c.base(p)
	if err != nil {
		return nil, err
	}
	for _, column := range sortedKeys(l.Data().prep.columns()) {
		drops, err := l.drops(column, base, c)
		if err != nil {
			return nil, err
		}
		all = append(all, spreadOf(column, drops))
	}
	slices.SortStableFunc(all, func(a, b Importance) int { return cmp.Compare(b.Drop, a.Drop) })
	return all, nil
}

// drops returns how much worse the score is, once for each repeat.
func (l *Learner) drops(column string, base float64, c importanceConfig) ([]float64, error) {
	drops := make([]float64, c.repeats)
	for i := range drops {
		order := rand.New(rand.NewPCG(uint64(i), 0x5045)).Perm(l.Data().Len(fastnb.Valid))
		p, err := l.PredictOn(l.Data().dealt(column, order), fastnb.Valid)
		if err != nil {
			return nil, err
		}
		drops[i] = c.score(p) - base
	}
	return drops, nil
}

func spreadOf(column string, drops []float64) Importance {
	mean := sum(drops, func(x float64) float64 { return x }) / float64(len(drops))
	squares := sum(drops, func(x float64) float64 { return (x - mean) * (x - mean) })
	return Importance{column, mean, math.Sqrt(squares / float64(max(len(drops)-1, 1)))}
}

// Dependence is what the model predicts, on average, when a column has the same value in all rows.
type Dependence struct {
	Column string
	Values []string    // what the column was set to
	Num    []float64   // the same as numbers; nil of categories
	Mean   [][]float64 // [values][outputs] mean predictions
}

// Curve returns the means of one output over the values: of class k, or of target k.
func (d Dependence) Curve(k int) []float64 {
	curve := make([]float64, len(d.Mean))
	for i, row := range d.Mean {
		curve[i] = row[k]
	}
	return curve
}

// PartialDependence predicts up to 1000 validation rows once for each value of a column and averages (Friedman 2001,
// https://doi.org/10.1214/aos/1013203451): every category that training had, or n amounts spread evenly over those of
// the rows (from the 1st to the 99th hundredth). Predictions are probabilities, or numbers as the net learned them, of
// LogTarget logarithms. ErrNoSplit without validation rows.
func (l *Learner) PartialDependence(column string, n int) (d Dependence, err error) {
	defer verb.Name(&err, "tabular: PartialDependence")
	d.Column = column
	if l.Data().Len(fastnb.Valid) == 0 {
		return d, fmt.Errorf("the data has no valid rows: %w", fastnb.ErrNoSplit)
	}
	settings, err := l.Data().settings(&d, n)
	if err != nil {
		return d, err
	}
	few := l.Data().sample(1000)
	for _, set := range settings {
		p, err := l.PredictOn(few.with(set), fastnb.Valid)
		if err != nil {
			return d, err
		}
		d.Mean = append(d.Mean, means(p.Probs))
	}
	return d, nil
}

// settings names the values that a column is set to, and returns what sets a row to each.
func (d *Data) settings(dep *Dependence, n int) ([]setting, error) {
	if k := d.prep.cat(dep.Column); k >= 0 {
		return d.categorySettings(dep, k), nil
	}
	k := d.prep.cont(dep.Column)
	if k < 0 {
		return nil, fmt.Errorf("no column %q (the model sees %v)", dep.Column, sortedKeys(d.prep.columns()))
	}
	if n < 2 {
		return nil, fmt.Errorf("%d values of %q (want 2 or more)", n, dep.Column)
	}
	return d.amountSettings(dep, k, n), nil
}

// setting changes a row.
type setting = func(r *rows, row int)

func (d *Data) categorySettings(dep *Dependence, k int) (set []setting) {
	dep.Values = d.prep.Cats[k].labels()[1:]
	for i := range dep.Values {
		set = append(set, func(r *rows, row int) { r.codes[row*len(d.prep.Cats)+k] = int32(i + 1) })
	}
	return set
}

// amountSettings are n amounts; a row that has one is no longer missing.
func (d *Data) amountSettings(dep *Dependence, k, n int) (set []setting) {
	c, na := d.prep.Conts[k], d.prep.na(dep.Column)
	low, high := d.splits[fastnb.Valid].middle(k, len(d.prep.Conts))
	for i := range n {
		x := low + (high-low)*float32(i)/float32(n-1)
		dep.Num = append(dep.Num, float64(x)*c.Std+c.Mean)
		dep.Values = append(dep.Values, fmt.Sprintf("%.4g", dep.Num[i]))
		set = append(set, func(r *rows, row int) {
			if r.scaled[row*len(d.prep.Conts)+k] = x; na >= 0 {
				r.codes[row*len(d.prep.Cats)+na] = isThere
			}
		})
	}
	return set
}

// with returns the same data with a change made to every validation row.
func (d *Data) with(change setting) *Data {
	other := *d
	r := &other.splits[fastnb.Valid]
	r.codes, r.scaled = slices.Clone(r.codes), slices.Clone(r.scaled)
	for row := range r.n {
		change(r, row)
	}
	return &other
}

// dealt returns the same data with a column's values, whether they are missing included, in another order of the
// validation rows.
func (d *Data) dealt(column string, order []int) *Data {
	from, cats, conts := d.splits[fastnb.Valid], len(d.prep.Cats), len(d.prep.Conts)
	return d.with(func(r *rows, row int) {
		for k, c := range d.prep.Cats {
			if c.Column == column {
				r.codes[row*cats+k] = from.codes[order[row]*cats+k]
			}
		}
		if k := d.prep.cont(column); k >= 0 {
			r.scaled[row*conts+k] = from.scaled[order[row]*conts+k]
		}
	})
}

// sample returns the same data with at most n validation rows, drawn at random.
func (d *Data) sample(n int) *Data {
	r := d.splits[fastnb.Valid]
	if r.n <= n {
		return d
	}
	items := rand.New(rand.NewPCG(1, 0x5344)).Perm(r.n)[:n]
	few := rows{n: n}
	few.codes, few.scaled = gather(r.codes, items, len(d.prep.Cats)), gather(r.scaled, items, len(d.prep.Conts))
	few.labels, few.targets, few.names = pick(r.labels, items), pick(r.targets, items), pick(r.names, items)
	other := *d
	other.splits[fastnb.Valid] = few
	return &other
}

// middle returns the 1st and the 99th hundredth of a column of numbers.
func (r rows) middle(k, columns int) (low, high float32) {
	var values []float32
	for row := range r.n {
		values = append(values, r.scaled[row*columns+k])
	}
	slices.Sort(values)
	return values[r.n/100], values[r.n-1-r.n/100]
}

func means(rows [][]float32) []float64 {
	mean := make([]float64, len(rows[0]))
	for _, row := range rows {
		for k, x := range row {
			mean[k] += float64(x) / float64(len(rows))
		}
	}
	return mean
}

// cat, na and cont return the place of a column among the categories, by the name that those have, of whether it is
// missing, and among the numbers; -1 if it is not there.
func (p *prep) cat(column string) int {
	return slices.IndexFunc(p.Cats, func(c category) bool { return c.name() == column })
}

func (p *prep) na(column string) int {
	return slices.IndexFunc(p.Cats, func(c category) bool { return c.NA && c.Column == column })
}

func (p *prep) cont(column string) int {
	return slices.IndexFunc(p.Conts, func(c continuous) bool { return c.Column == column })
}
