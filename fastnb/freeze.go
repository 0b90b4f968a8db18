package fastnb

import (
	"errors"
	"fmt"
)

// FreezeTo freezes the layer groups before n and unfreezes the rest; a negative n counts from the end. Weights and
// batch-norm statistics of frozen groups stay as they are (but for TrainBN), and no gradient is computed for them. The
// groups' number is clipped to those there are.
func (l *Learner) FreezeTo(n int) {
	groups := len(l.model.Groups)
	if n < 0 {
		n += groups
	}
	l.frozenTo = min(max(n, 0), groups-1)
	if !l.bodyFrozen() {
		l.precompute = false
	}
}

// Freeze freezes everything but the last layer group.
func (l *Learner) Freeze() { l.FreezeTo(-1) }

// Unfreeze unfreezes all layer groups and turns Precompute off.
func (l *Learner) Unfreeze() { l.FreezeTo(0) }

// FrozenTo returns the number of frozen layer groups; they are the first ones.
func (l *Learner) FrozenTo() int { return l.frozenTo }

// bodyFrozen tells whether nothing that comes before the head trains.
func (l *Learner) bodyFrozen() bool {
	return l.model.Body != nil && l.frozenTo == len(l.model.Groups)-1
}

// Precompute makes fits and predictions use the body's activations, computed once per item without augmentation
// and kept on disk: training the head then takes seconds, and augmentation has no effect. The cache is keyed by
// weights, files, size and transforms, so it can't be stale. It is an error if the body is not frozen, or the data has
// no class for each item: a regression, several labels. False turns it off.
func (l *Learner) Precompute(on bool) error {
	if on && l.model.Losses != nil {
		return failed("Precompute", fmt.Errorf("model %s finds its losses from the data itself; only a classifier's activations are cached", l.model.Name))
	}
	if on && l.model.Body == nil {
		return failed("Precompute", fmt.Errorf("model %s has no Body to precompute", l.model.Name))
	}
	if on && l.data.Labels(Train) == nil {
		return failed("Precompute", errors.New("the data has no class for each item; only a classifier's activations are cached"))
	}
	if on && !l.bodyFrozen() {
		return failed("Precompute", fmt.Errorf("the body is not frozen; call Freeze first"))
	}
	l.precompute = on
	return nil
}

// Precomputed tells whether the head trains on cached activations.
func (l *Learner) Precomputed() bool { return l.precompute }

// trained returns the numbers of the layer groups that an optimizer sees: with Precompute on the head alone, else
// all, the frozen ones too (their learning rates have no effect).
func (l *Learner) trained() []int {
	last := len(l.model.Groups) - 1
	if l.precompute {
		return []int{last}
	}
	groups := make([]int, last+1)
	for i := range groups {
		groups[i] = i
	}
	return groups
}
