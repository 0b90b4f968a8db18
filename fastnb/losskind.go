package fastnb

import "fmt"

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
	case l.of == oneClass && of == severalLabels:
		return fmt.Errorf("loss %s is of one class each, the data have several labels; "+
			"BinaryCrossEntropy and BinaryFocal are of those", l.Name)
	case l.of == severalLabels && of == oneClass:
		return fmt.Errorf("loss %s is of several labels, the data have one class each; "+
			"CrossEntropy, LabelSmoothing and Focal are of those", l.Name)
	case l.sizes > 0 && classes > 0 && l.sizes != classes:
		return fmt.Errorf("loss %s has %d weights, the data %d classes", l.Name, l.sizes, classes)
	}
	return nil
}
