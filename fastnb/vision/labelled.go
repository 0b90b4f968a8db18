package vision

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// Labelled returns items of a split of images with several labels, with what is predicted of them as titles: a line for
// each label that is predicted or there, with its probability and a word where it is missed or invented; an item
// without any has a line that says so. Right tells whether all labels of an item are right. Labels are predicted above
// the thresholds, one for all or one for each label, .5 without any. Preds.TopLosses has the worst items.
func Labelled(
	l *Learner, split fastnb.Split, p *fastnb.Preds, items []int, thresholds ...float64,
) (pics Pictures, err error) {
	defer verb.Name(&err, "vision: Labelled")
	if d := l.Data(); d.kind != manyLabels {
		return Pictures{}, fmt.Errorf("the images have %s; want several labels each", d.kind)
	}
	if err := ofItems(l, split, p); err != nil {
		return Pictures{}, err
	}
	labels, err := p.PredictedLabels(thresholds...)
	if err != nil {
		return Pictures{}, err
	}
	for _, i := range items {
		if err := l.Data().checkItem(split, i); err != nil {
			return Pictures{}, err
		}
	}
	pics, err = pictures(l, split, items, len(items), func(i int) string { return saidOfLabels(p, i, labels[i]) })
	for _, i := range items {
		if p.Targets != nil {
			pics.Right = append(pics.Right, slices.Equal(labels[i], labelsOf(p.Targets[i])))
		}
	}
	return pics, err
}

// labelsOf returns the labels that are there.
func labelsOf(target []float32) (labels []int) {
	for k, x := range target {
		if x > 0 {
			labels = append(labels, k)
		}
	}
	return labels
}

// saidOfLabels is what there is to say of the labels of an item.
func saidOfLabels(p *fastnb.Preds, item int, predicted []int) string {
	there := predicted
	if p.Targets != nil {
		there = labelsOf(p.Targets[item])
	}
	var lines []string
	for k, name := range p.Classes {
		is, should, word := slices.Contains(predicted, k), slices.Contains(there, k), ""
		switch {
		case is && !should:
			word = "invented: "
		case should && !is:
			word = "missed: "
		case !is:
			continue
		}
		lines = append(lines, fmt.Sprintf("%s%s %.2f", word, name, p.Probs[item][k]))
	}
	if lines == nil {
		return "nothing"
	}
	return strings.Join(lines, "\n")
}
