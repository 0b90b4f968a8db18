package fastnb

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Column is a column of a submission.
type Column struct {
	Name  string
	Value func(p *Preds, i int) string // of item i

	of         columnKind
	class      string    // of a probability
	thresholds []float64 // of tags
	number     int       // of numbers: which
}

// columnKind is what a column of ours needs of the predictions.
type columnKind int

const (
	users columnKind = iota // the user's own
	itemName
	className
	classIndex
	probability
	tagList
	aNumber
)

// isName tells whether a column holds names, so that NaN is one.
func (k columnKind) isName() bool { return k == itemName || k == className || k == tagList }

// ID is the column that names the item: its file without folder and extension.
func ID(name string) Column {
	return Column{Name: name, of: itemName, Value: func(p *Preds, i int) string { return stem(p.Names[i]) }}
}

// File is the column that names the item by its file, without the folder.
func File(name string) Column {
	return Column{Name: name, of: itemName, Value: func(p *Preds, i int) string { return filepath.Base(p.Names[i]) }}
}

// ClassName is the column that holds the most likely class.
func ClassName(name string) Column {
	return Column{Name: name, of: className, Value: func(p *Preds, i int) string { return p.Classes[argmax(p.Probs[i])] }}
}

// ClassIndex is the column that holds the number of the most likely class, counted from 0 in the order of Classes.
func ClassIndex(name string) Column {
	return Column{Name: name, of: classIndex, Value: func(p *Preds, i int) string {
		return strconv.Itoa(argmax(p.Probs[i]))
	}}
}

// ProbOf is the column, called name, that holds the probability of a class. If there is no such class, Write, Check
// and Sort list those that there are.
func ProbOf(name, class string) Column {
	return Column{Name: name, of: probability, class: class, Value: func(p *Preds, i int) string {
		k := slices.Index(p.Classes, class)
		if k < 0 {
			return ""
		}
		return strconv.FormatFloat(float64(p.Probs[i][k]), 'g', -1, 32)
	}}
}

// EveryProb returns a column for each class, named after it, that holds its probability.
func (p *Preds) EveryProb() []Column {
	cols := make([]Column, len(p.Classes))
	for i, class := range p.Classes {
		cols[i] = ProbOf(class, class)
	}
	return cols
}

// Tags is the column that holds the classes of each item whose probability is above a threshold, in class order, joined
// by spaces: of several labels. There may be one threshold for all classes or one for each; without any it is .5. A
// cell may be empty.
func Tags(name string, thresholds ...float64) Column {
	return Column{Name: name, of: tagList, thresholds: thresholds, Value: func(p *Preds, i int) string {
		var words []string
		for _, class := range p.above(i, thresholds) {
			words = append(words, p.Classes[class])
		}
		return strings.Join(words, " ")
	}}
}

// Number is the column that holds a number that was predicted, of a regression: that of the column of the targets with
// this index, 0 where there is but one. Of logarithms it is what they are the logarithms of.
func Number(name string, column int) Column {
	return Column{Name: name, of: aNumber, number: column, Value: func(p *Preds, i int) string {
		return strconv.FormatFloat(p.number(i, column), 'g', -1, 32)
	}}
}

func stem(name string) string {
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// lacks tells what the predictions do not have that a column needs.
func (p *Preds) lacks(c Column) error {
	switch {
	case c.of == itemName && len(p.Names) != len(p.Probs):
		return fmt.Errorf("column %q: %d of the %d items have a name", c.Name, len(p.Names), len(p.Probs))
	case c.of == tagList:
		return p.lacksTags(c)
	case c.of == aNumber:
		return p.lacksNumber(c)
	case c.of > itemName && len(p.Classes) == 0:
		return fmt.Errorf("column %q: the predictions have no classes, they are numbers; "+
			"Number writes them, or a Column of your own, such as tabular's Value", c.Name)
	case c.of > itemName && p.ragged() >= 0:
		return fmt.Errorf("column %q: item %d has %d probabilities (want %d, one for each class)", c.Name, p.ragged()+1,
			len(p.Probs[p.ragged()]), len(p.Classes))
	case c.of == probability && !slices.Contains(p.Classes, c.class):
		return fmt.Errorf("column %q: there is no class %q (%s)", c.Name, c.class, p.listed())
	}
	return nil
}

// lacksTags tells what of the predictions can't be tags.
func (p *Preds) lacksTags(c Column) error {
	if err := p.checkThresholds(c.thresholds); err != nil {
		return fmt.Errorf("column %q: %w", c.Name, err)
	}
	for _, class := range p.Classes {
		if class == "" || strings.ContainsFunc(class, unicode.IsSpace) {
			return fmt.Errorf("column %q: the class %q is empty or has a space, so that tags between spaces can't be told "+
				"apart; write them by a Column of your own", c.Name, class)
		}
	}
	return nil
}

// lacksNumber tells what of the predictions is not that number.
func (p *Preds) lacksNumber(c Column) error {
	if len(p.Classes) > 0 {
		return fmt.Errorf("column %q: the predictions have classes, they are no numbers to be met; "+
			"ProbOf, ClassName and Tags write those", c.Name)
	}
	for i, row := range p.Probs {
		if c.number < 0 || c.number >= len(row) {
			return fmt.Errorf("column %q: item %d has %d numbers (want one of index %d)", c.Name, i+1, len(row), c.number)
		}
	}
	return nil
}
