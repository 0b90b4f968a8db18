package fastnb

import (
	"cmp"
	"slices"
)

// Confused are items of one class that were taken for another.
type Confused struct {
	Actual, Predicted string
	Count             int
}

// MostConfused returns which class was taken for which other one least times or more, the most frequent first; 1 for
// all. Nil where the items have not one class each.
func (p *Preds) MostConfused(least int) []Confused {
	if p.kind() != oneClass || p.checkTruth() != nil {
		return nil
	}
	var pairs []Confused
	for a, row := range p.Confusion() {
		for k, n := range row {
			if a != k && n >= max(least, 1) {
				pairs = append(pairs, Confused{p.Classes[a], p.Classes[k], n})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b Confused) int { return cmp.Compare(b.Count, a.Count) })
	return pairs
}
