package fastnb

import (
	"fmt"
	"slices"
)

// kindOf tells what the training items of data have, anyKind where it can't be told.
func kindOf(data Data) kind {
	if data.Labels(Train) != nil {
		return oneClass
	}
	d, ok := data.(Targeted)
	switch {
	case !ok || len(d.Targets(Train)) == 0:
		return anyKind
	case data.Classes() != nil:
		return severalLabels
	}
	return numbersToMeet
}

// check tells why a loss can't be that of a model on data.
func (l Loss) check(m Model, data Data) error {
	classes := len(data.Classes())
	switch of := kindOf(data); {
	case l.wrong != nil:
		return l.wrong
	case m.Losses != nil:
		return nil
	case l.Rows == nil:
		return fmt.Errorf("loss %q has no Rows (CrossEntropy is one that has)", l.Name)
	case !l.of.suits(of, data):
		return fmt.Errorf("loss %s is of %s, the data have %s; %s of those", l.Name, l.of, of, of.losses())
	case l.sizes > 0 && classes > 0 && l.sizes != classes:
		return fmt.Errorf("loss %s has %d weights, the data %d classes", l.Name, l.sizes, classes)
	}
	return nil
}

// suits tells whether a loss of one kind is one of items of another, as far as is known. Numbers from 0 to 1 are as
// good as probabilities of labels.
func (k kind) suits(of kind, data Data) bool {
	if k == severalLabels && of == numbersToMeet {
		return allWithin(data.(Targeted).Targets(Train), 0, 1)
	}
	return k == anyKind || of == anyKind || k == of
}

func allWithin(rows [][]float32, low, high float32) bool {
	for _, row := range rows {
		if slices.ContainsFunc(row, func(x float32) bool { return !(x >= low && x <= high) }) {
			return false
		}
	}
	return true
}

// losses names the losses of what items have.
func (k kind) losses() string {
	return [...]string{oneClass: "CrossEntropy, LabelSmoothing and Focal are",
		severalLabels: "BinaryCrossEntropy and BinaryFocal are", numbersToMeet: "MeanSquared and Absolute are"}[k]
}
