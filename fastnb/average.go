package fastnb

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/internal/verb"
)

// Average returns the mean of several models' predictions for the same items, an ensemble: where they err differently
// it errs less. Each model counts alike, of classes, of several labels and of numbers. Loss is the mean of Losses, 0
// without labels; Views are left out; Names, Labels and Targets are the first's. The models must predict probabilities
// of the same classes, or as many numbers, for the same items in one order, or Average returns an error.
func Average(models ...*Preds) (mean *Preds, err error) {
	defer verb.Name(&err, "fastnb: Average")
	if len(models) == 0 {
		return nil, errors.New("there are no predictions")
	}
	first := cmp.Or(models[0], &Preds{})
	views := make([][][]float32, len(models))
	for i, p := range models {
		if err := first.unlike(p); err != nil {
			return nil, fmt.Errorf("predictions %d: %w", i, err)
		}
		views[i] = p.Probs
	}
	p := *first
	p.Probs, p.Views = average(views, 1/float64(len(views))), nil
	p.Loss = p.meanLoss()
	return &p, nil
}

// meanLoss is the mean of Losses, 0 without labels.
func (p *Preds) meanLoss() float64 {
	losses, sum := p.Losses(), 0.
	for _, x := range losses {
		sum += x
	}
	return sum / float64(max(len(losses), 1))
}

// unlike tells why q can't be averaged with p.
func (p *Preds) unlike(q *Preds) error {
	switch {
	case q == nil:
		return errors.New("they are nil")
	case q.Probs == nil:
		return errors.New("they have no probabilities of classes, nor numbers")
	case !slices.Equal(q.Classes, p.Classes):
		return fmt.Errorf("their classes are %v, those of the first %v", q.Classes, p.Classes)
	case len(q.Probs) != len(p.Probs):
		return fmt.Errorf("they are of %d items, those of the first of %d (want the same split of the same data)",
			len(q.Probs), len(p.Probs))
	case !slices.Equal(q.Names, p.Names), !slices.Equal(q.Labels, p.Labels),
		!slices.EqualFunc(q.Targets, p.Targets, slices.Equal[[]float32]):
		return errors.New("their items are not those of the first in the same order, or have other labels " +
			"(want the same split of the same data)")
	case len(q.Classes) > 0 && q.width() < 0:
		return fmt.Errorf("not every item has %d probabilities, one for each class", len(q.Classes))
	case q.Logs != p.Logs:
		return errors.New("one of them has logarithms, the other the numbers themselves")
	case q.width() < 0 || q.width() != p.width():
		return errors.New("the items have not as many numbers each, or not as many as those of the first")
	}
	return nil
}
