package vision

import (
	"errors"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
)

// oversample repeats the training images of rare classes, where that is asked for: behind all others, in their order.
func (d *Data) oversample() error {
	if !d.config.oversample {
		return nil
	}
	if d.kind == numbers {
		return errors.New("Oversample is for classes, the images have numbers; leave it out")
	}
	train, counts := d.splits[fastnb.Train], d.counts()
	most := slices.Max(counts)
	for i := range train.files {
		times := int(math.Round(float64(most) / float64(train.rarity(i, counts))))
		for range times - 1 {
			d.splits[fastnb.Train].repeat(train, i)
		}
	}
	return nil
}

// rarity returns how often the class of an image comes, or its rarest label; as often as the commonest where it has
// none.
func (s split) rarity(i int, counts []int) int {
	if s.labels != nil {
		return counts[s.labels[i]]
	}
	least := slices.Max(counts)
	for _, label := range s.sets[i] {
		least = min(least, counts[label])
	}
	return least
}

// repeat adds image i of another split.
func (s *split) repeat(of split, i int) {
	s.records, s.files = append(s.records, of.records[i]), append(s.files, of.files[i])
	if of.labels != nil {
		s.labels = append(s.labels, of.labels[i])
	}
	if of.sets != nil {
		s.sets = append(s.sets, of.sets[i])
	}
}

// BalancedWeights returns a weight for each class, in the order of Classes, by which rare classes count as much as
// common ones: training images / (classes * images of the class), as scikit-learn's "balanced". Of several labels it is
// how many training images lack the label for each that has it, as PyTorch's pos_weight is set, and 1 of a label that
// all have. They are for fastnb.Weighted. Nil for numbers, and for data without training images.
func (d *Data) BalancedWeights() []float64 {
	n := d.Len(fastnb.Train)
	if d.kind == numbers || n == 0 {
		return nil
	}
	weights := make([]float64, len(d.classes))
	for class, has := range d.counts() {
		weights[class] = float64(n) / float64(len(weights)*max(has, 1))
		if d.kind == manyLabels && has == n {
			weights[class] = 1
		} else if d.kind == manyLabels {
			weights[class] = float64(n-has) / float64(max(has, 1))
		}
	}
	return weights
}
