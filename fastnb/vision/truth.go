package vision

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/imagerecord"
	"github.com/gomlx/gomlx/core/tensors"
)

// kind is what the images have that is to be predicted.
type kind string

const (
	oneClass   kind = ""                  // one class each
	manyLabels kind = imagerecord.Labels  // any number of labels each
	numbers    kind = imagerecord.Numbers // a number or several each: a regression
)

// String says it in words.
func (k kind) String() string {
	switch k {
	case oneClass:
		return "one class each"
	case manyLabels:
		return "several labels each"
	}
	return string(k)
}

// truth is what is known of an image, by its kind.
type truth struct {
	class   string
	labels  []string
	numbers []float32
}

// equal tells whether two images are known to be the same.
func (t truth) equal(u truth) bool {
	return t.class == u.class && slices.Equal(t.labels, u.labels) && slices.Equal(t.numbers, u.numbers)
}

// add adds the truth of one more image, whose classes have these places.
func (s *split) add(k kind, t truth, place map[string]int) {
	switch k {
	case oneClass:
		s.labels = append(s.labels, place[t.class])
	case manyLabels:
		set := make([]int, len(t.labels))
		for i, label := range t.labels {
			set[i] = place[label]
		}
		s.sets = append(s.sets, set)
	case numbers:
		s.numbers = append(s.numbers, t.numbers)
	}
}

// places returns where each class is among the classes.
func places(classes []string) map[string]int {
	place := make(map[string]int, len(classes))
	for i, class := range classes {
		place[class] = i
	}
	return place
}

// outputs returns how many numbers a net says of an image: one for each class or column.
func (d *Data) outputs() int {
	if d.kind == numbers {
		return len(d.columns)
	}
	return len(d.classes)
}

// Columns returns the names of the numbers of a regression, in the order of Targets; nil where there are classes.
func (d *Data) Columns() []string { return slices.Clone(d.columns) }

// Value is the column of a submission, of this name, that holds what is predicted of a column of [Data.Columns]. Where
// there is no such column, its cells are empty, which Write, Check and Sort refuse.
func (l *Learner) Value(name, column string) fastnb.Column {
	k := slices.Index(l.Data().columns, column)
	return fastnb.Column{Name: name, Value: func(p *fastnb.Preds, i int) string {
		if k < 0 || k >= len(p.Probs[i]) {
			return ""
		}
		return strconv.FormatFloat(float64(p.Probs[i][k]), 'g', -1, 32)
	}}
}

// Targets implements [fastnb.Targeted]: the numbers of every image of a split, [images][Columns], or a 1 for each of
// several labels that it has and 0 for the others, [images][Classes]. Nil for Test, and where images have one class
// each.
func (d *Data) Targets(s fastnb.Split) [][]float32 {
	switch in := d.splits[s]; {
	case in.numbers != nil:
		return slices.Clone(in.numbers)
	case in.sets != nil:
		rows := make([][]float32, len(in.sets))
		for i, set := range in.sets {
			rows[i] = make([]float32, len(d.classes))
			mark(rows[i], set)
		}
		return rows
	}
	return nil
}

// mark sets a row to 1 where a label is.
func mark(row []float32, set []int) {
	for _, label := range set {
		row[label] = 1
	}
}

// labels returns what is to be predicted of the items of a batch: [rows] int32 classes, or [rows, outputs] float32; nil
// where nothing is known of them.
func (d *Data) labels(s fastnb.Split, items []int, rows int) *tensors.Tensor {
	in := d.splits[s]
	item := func(row int) int { return items[min(row, len(items)-1)] }
	if in.labels != nil {
		labels := make([]int32, rows)
		for row := range labels {
			labels[row] = int32(in.labels[item(row)])
		}
		return tensors.FromFlatDataAndDimensions(labels, rows)
	}
	if in.sets == nil && in.numbers == nil {
		return nil
	}
	cols := d.outputs()
	targets := make([]float32, rows*cols)
	for row := range rows {
		if to := targets[row*cols : (row+1)*cols]; in.sets != nil {
			mark(to, in.sets[item(row)])
		} else {
			copy(to, in.numbers[item(row)])
		}
	}
	return tensors.FromFlatDataAndDimensions(targets, rows, cols)
}

// said returns what is known of an image in words, "" where nothing is.
func (d *Data) said(s fastnb.Split, i int) string {
	switch in := d.splits[s]; {
	case in.labels != nil:
		return d.classes[in.labels[i]]
	case in.sets != nil:
		return d.saidLabels(in.sets[i])
	case in.numbers != nil:
		return saidNumbers(in.numbers[i])
	}
	return ""
}

// fingerprint identifies what is known of an image.
func (s split) fingerprint(i int) string {
	switch {
	case s.labels != nil:
		return fmt.Sprint(s.labels[i])
	case s.sets != nil:
		return fmt.Sprint(s.sets[i])
	case s.numbers != nil:
		return fmt.Sprint(s.numbers[i])
	}
	return "-1"
}

// empty makes a split whose images, none, have something known.
func (s *split) empty(k kind) {
	switch k {
	case oneClass:
		s.labels = []int{}
	case manyLabels:
		s.sets = [][]int{}
	case numbers:
		s.numbers = [][]float32{}
	}
}

// renumbered returns what is known by other numbers of the classes.
func (s split) renumbered(to []int) split {
	s.labels = relabelled(s.labels, to)
	if s.sets != nil {
		sets := make([][]int, len(s.sets))
		for i, set := range s.sets {
			sets[i] = relabelled(set, to)
		}
		s.sets = sets
	}
	return s
}

// counts returns how many training images each class has.
func (d *Data) counts() []int {
	n := make([]int, len(d.classes))
	train := d.splits[fastnb.Train]
	for _, label := range train.labels {
		n[label]++
	}
	for _, set := range train.sets {
		for _, label := range set {
			n[label]++
		}
	}
	return n
}
