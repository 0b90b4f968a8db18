package fastnb

import "github.com/fastnb/fastnb/internal/verb"

// FreezeTo freezes the layer groups before n and unfreezes the rest; a negative n counts from the end. Weights and
// batch-norm statistics of frozen groups stay as they are (but for TrainBN), and no gradient is computed for them. The
// groups' number is clipped to those there are.
func (l *Learner) FreezeTo(n int) {
	l.net.freezeTo(n)
	if !l.net.bodyFrozen() {
		l.feed.precompute = false
	}
}

// Freeze freezes everything but the last layer group.
func (l *Learner) Freeze() { l.FreezeTo(-1) }

// Unfreeze unfreezes all layer groups and turns Precompute off.
func (l *Learner) Unfreeze() { l.FreezeTo(0) }

// FrozenTo returns the number of frozen layer groups; they are the first ones.
func (l *Learner) FrozenTo() int { return l.net.frozenTo }

// Precompute makes fits and predictions use the body's activations, computed once per item without augmentation
// and kept on disk: training the head then takes seconds, and augmentation has no effect. The cache is keyed by
// weights, files, size and transforms, so it can't be stale. It is an error if the body is not frozen, or the data has
// no class for each item: a regression, several labels. False turns it off.
func (l *Learner) Precompute(on bool) (err error) {
	defer verb.Name(&err, "fastnb: Precompute")
	if on {
		if err := l.feed.canPrecompute(); err != nil {
			return err
		}
	}
	l.feed.precompute = on
	return nil
}

// Precomputed tells whether the head trains on cached activations.
func (l *Learner) Precomputed() bool { return l.feed.precompute }

// SetBN changes which batch norms train, from the next step on.
func (l *Learner) SetBN(b BN) (err error) {
	defer verb.Name(&err, "fastnb: SetBN")
	if err := b.check(); err != nil {
		return err
	}
	l.net.bn = b
	return nil
}

// BN returns which batch norms train.
func (l *Learner) BN() BN { return l.net.bn }

// BNFreeze makes every batch norm use and keep its running statistics in training, those of the head, too, and whatever
// BN says; false undoes it.
func (l *Learner) BNFreeze(frozen bool) { l.net.bnFreeze = frozen }
