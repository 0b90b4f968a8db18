package fastnb

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/fastnb/fastnb/internal/few"
)

// kind tells what the items have, as far as the predictions know.
func (p *Preds) kind() kind {
	switch {
	case p == nil:
		return anyKind
	case p.Labels != nil:
		return oneClass
	case p.Targets == nil:
		return anyKind
	case len(p.Classes) > 0:
		return severalLabels
	}
	return numbersToMeet
}

// checkTruth tells why predictions can't be held against what is right.
func (p *Preds) checkTruth() error {
	if p == nil {
		return errors.New("the predictions are nil")
	}
	switch width := p.width(); {
	case len(p.Kept) > 0:
		return errors.New("the model kept other things of its items than their predictions")
	case p.kind() == anyKind:
		return errors.New("the items have no labels, as those of Test; predict Valid")
	case len(p.Probs) == 0:
		return errors.New("there are no items")
	case width < 0:
		return errors.New("the items have not as many predictions each, or not as many as there are classes")
	}
	return p.checkLabels()
}

// checkLabels tells that labels or targets are not one for each prediction, or which item has a label that is none, or
// not as many targets as predictions.
func (p *Preds) checkLabels() error {
	n, labelled := len(p.Probs), len(p.Labels)
	if p.Labels == nil {
		labelled = len(p.Targets)
	}
	switch {
	case labelled != n && (p.Labels != nil || p.Targets != nil):
		return fmt.Errorf("there are %d predictions, and %d items have labels", n, labelled)
	case len(p.Targets) > 0 && len(p.Targets) != n:
		return fmt.Errorf("there are %d predictions, and %d items have targets", n, len(p.Targets))
	}
	for i, class := range p.Labels {
		if class < 0 || class >= len(p.Probs[i]) {
			return fmt.Errorf("item %d has the class %d of %d", i, class, len(p.Probs[i]))
		}
	}
	for i, row := range p.Targets {
		if len(row) != len(p.Probs[i]) {
			return fmt.Errorf("item %d has %d predictions and %d targets", i, len(p.Probs[i]), len(row))
		}
	}
	return nil
}

// shownClasses is how many classes an error lists.
const shownClasses = 50

// listed names the classes.
func (p *Preds) listed() string {
	return "the classes are " + few.Of(p.Classes, shownClasses, ", ", strconv.Quote)
}

// notFinite tells which items have predictions that are no numbers; the likeliest class of such an item means nothing.
func (p *Preds) notFinite() error {
	first, n := -1, 0
	for i, row := range p.Probs {
		if slices.ContainsFunc(row, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }) {
			if n++; first < 0 {
				first = i
			}
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("the predictions of %d of %d items are not finite (the first: row %d, %v); "+
		"Load a checkpoint from before the model diverged",
		n, len(p.Probs), first+1, p.Probs[first][:min(5, len(p.Probs[first]))])
}
