package vision

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// Item is an image and what is known of it: a Label, or several Labels, or Numbers. All items that are not for Test
// have the same of these; where several labels are possible, an item may have none.
type Item struct {
	File    string       // slash-separated from the path of the data, or absolute
	Label   string       // its class
	Labels  []string     // its labels, if it may have several
	Numbers []float64    // what is to be predicted by a regression
	Group   string       // what it belongs to: see GroupColumn; "" for none, as all items or none have one
	Split   fastnb.Split // Train, which ValidShare and the like take validation from, Valid or Test
}

// FromItems makes image data from a list of images: the constructor under FromCSV, FromTable and FromNames. Files are
// found from path, where tmp and models are kept, too. Where no item is for validation, a fifth is drawn, or what
// another option says; see [ValidShare]. [Target] names the numbers, in their order.
//
// What is wrong with the list comes in one error: files that are not there, or listed twice, labels that are empty or
// that training does not have, numbers that are none. Images that can't be decoded are an error as of [FromPaths].
func FromItems(path string, items []Item, opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: FromItems")
	return dataOf(itemSource{path, slices.Clone(items)}, opts)
}

// itemSource is a list that was given.
type itemSource struct {
	path  string
	items []Item
}

func (s itemSource) root() string { return s.path }

func (s itemSource) takes() []string { return []string{forItems} }

func (s itemSource) list(d *Data) ([]folder, error) {
	l := &list{id: itemsID, what: "item", kind: kindOf(s.items), numbered: slices.Repeat([]int{-1}, len(s.items))}
	for i, item := range s.items {
		place := fmt.Sprintf("item %d", i)
		if item.Split < fastnb.Train || item.Split > fastnb.Test {
			l.faults.add("of no split", fmt.Sprintf("%s, Split %d", place, int(item.Split)))
			continue
		}
		f := file{name: filepath.ToSlash(item.File), group: item.Group}
		if item.Split != fastnb.Test {
			f.truth = l.truthOf(item, place)
		}
		before := len(l.files)
		if l.add(f, item.Split, place); len(l.files) > before {
			l.numbered[i] = before
		}
	}
	l.checkGroups(false)
	var err error
	if l.columns, err = l.numberNames(d.config.targets); err != nil {
		return nil, err
	}
	return l.folders(d)
}

// kindOf returns what the first labelled item with something known has.
func kindOf(items []Item) kind {
	for _, item := range items {
		switch {
		case item.Split == fastnb.Test:
		case len(item.Numbers) > 0:
			return numbers
		case len(item.Labels) > 0:
			return manyLabels
		case item.Label != "":
			return oneClass
		}
	}
	return oneClass
}

// truthOf returns what is known of an item, as the list wants it.
func (l *list) truthOf(item Item, place string) (t truth) {
	if l.kind != oneClass && item.Label != "" || l.kind != manyLabels && len(item.Labels) > 0 ||
		l.kind != numbers && len(item.Numbers) > 0 {
		l.faults.add(fmt.Sprintf("with something else than %s, as the first has", l.kind), place+", "+item.File)
	}
	switch l.kind {
	case oneClass:
		t.class = item.Label
	case manyLabels:
		t.labels = l.labelsOf(item.Labels, place)
	case numbers:
		for _, x := range item.Numbers {
			t.numbers = append(t.numbers, l.number(x, place))
		}
	}
	return t
}

// labelsOf returns the labels of an image, each once.
func (l *list) labelsOf(labels []string, place string) []string {
	var all []string
	for _, label := range labels {
		switch {
		case label == "":
			l.faults.add("with an empty label", place)
		case slices.Contains(all, label):
			l.faults.add("with a label twice", fmt.Sprintf("%s, %q", place, label))
		default:
			all = append(all, label)
		}
	}
	return all
}

// number checks a number that is to be predicted.
func (l *list) number(x float64, place string) float32 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		l.faults.add("with a number that is not finite", fmt.Sprintf("%s, %g", place, x))
	case math.Abs(x) > 1e18: // its square is near the end of float32
		l.faults.add("with a number too large for a net; divide all of them", fmt.Sprintf("%s, %g", place, x))
	}
	return float32(x)
}

// numberNames names the numbers of items, and tells which items have another number of them.
func (l *list) numberNames(names []string) ([]string, error) {
	if l.kind != numbers {
		if names != nil {
			return nil, fmt.Errorf("Target names the numbers of items, these have %s", l.kind)
		}
		return nil, nil
	}
	n := 0
	for _, f := range l.files {
		if n == 0 {
			n = len(f.numbers)
		}
		if len(f.numbers) != n || n == 0 {
			l.faults.add(fmt.Sprintf("without %d numbers, as the first has", n), fmt.Sprintf("%s, %d", f.at, len(f.numbers)))
		}
	}
	if names == nil {
		for i := range n {
			names = append(names, fmt.Sprintf("number %d", i+1))
		}
	}
	if len(names) != n {
		return nil, fmt.Errorf("Target has %d names for %d numbers of each item", len(names), n)
	}
	return names, nil
}

// checkGroups tells which images are of no group where others are of one, or where all are to be.
func (l *list) checkGroups(all bool) {
	if !all && !slices.ContainsFunc(l.files, func(f file) bool { return f.group != "" }) {
		return
	}
	for _, f := range l.files {
		if f.group == "" {
			l.faults.add("of no group", f.at+", "+f.name)
		}
	}
}
