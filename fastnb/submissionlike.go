package fastnb

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/verb"
)

// SubmissionLike makes the table that a competition's sample submission asks for, with its columns and ids in its
// order, and holds it against the sample as Check does; Why says what was chosen. It looks at the sample's header and
// cells:
//
//   - The first column is the id: the items' names as they are, without folder, or without folder and extension,
//     whichever the sample's ids are.
//   - A column for each class is its probability, for each of several numbers that number, in their order,
//     of logarithms what they are the logarithms of.
//   - One other column is the number of a regression; of classes it is the tags, class name, class index or probability
//     that the sample's cells are. Of two classes a probability is that of the column's name, else of the second class.
//
// The thresholds are those of Tags. Where it can't tell, such as between a probability and an index if all cells are 0,
// the error says what the column can be: make it by Submission.
func (p *Preds) SubmissionLike(sample string, thresholds ...float64) (s Submission, err error) {
	defer verb.Name(&err, "fastnb: SubmissionLike")
	if p == nil || len(p.Probs) == 0 {
		return s, errors.New("there are no predictions")
	}
	want, err := readCSV(sample)
	if err != nil {
		return s, err
	}
	like := like{p, want, filepath.Base(sample), thresholds}
	id, why, err := like.id()
	if err != nil {
		return s, err
	}
	cols, reasons, err := like.values()
	if err != nil {
		return s, err
	}
	s = p.Submission(append([]Column{id}, cols...)...)
	if s.Why = strings.Join(append([]string{why}, reasons...), "; "); s.wrong != nil {
		return s, s.wrong
	}
	if err := s.sortLike(want, like.file); err != nil {
		return s, err
	}
	return s, s.differs(want, like.file)
}

// like is what a submission is to be like.
type like struct {
	p          *Preds
	sample     sampleTable
	file       string
	thresholds []float64
}

// id chooses the column that names the items.
func (l like) id() (Column, string, error) {
	name, p := l.sample.Header[0], l.p
	whole := Column{Name: name, of: itemName, Value: func(p *Preds, i int) string { return p.Names[i] }}
	if err := p.lacks(whole); err != nil {
		return whole, "", err
	}
	best, most, why := whole, 0, ""
	in := map[string]bool{}
	for _, row := range l.sample.Rows {
		in[row[0]] = true
	}
	for _, way := range []struct {
		col Column
		why string
	}{{ID(name), "its file without folder and extension"}, {File(name), "its file without folder"},
		{whole, "its name"}} {
		found := 0
		for i := range p.Probs {
			if in[way.col.Value(p, i)] {
				found++
			}
		}
		if found > most {
			best, most, why = way.col, found, way.why
		}
	}
	if most == 0 {
		return best, "", fmt.Errorf("no item is in %s: its ids are %s, the items are called %s; predict the items that it "+
			"lists, or name them by a Column of your own", l.file, examples(firstColumn(l.sample.Rows)), examples(p.Names))
	}
	return best, fmt.Sprintf("%s names the item by %s", name, why), nil
}

// examples quotes the first few.
func examples(names []string) string { return few.Of(names, 3, ", ", strconv.Quote) }

// values chooses the other columns.
func (l like) values() ([]Column, []string, error) {
	header, p := l.sample.Header[1:], l.p
	switch {
	case len(header) == 0:
		return nil, nil, fmt.Errorf("%s has one column, %q (want an id and what is predicted)", l.file, l.sample.Header[0])
	case p.width() < 0:
		return nil, nil, errors.New("the items have not as many predictions each, or not as many as there are classes")
	case len(p.Classes) == 0:
		return l.numbers(header)
	case len(header) == 1:
		col, why, err := l.single(header[0])
		return []Column{col}, []string{why}, err
	}
	return l.everyProb(header)
}

// numbers takes the predictions of a regression in their order.
func (l like) numbers(header []string) (cols []Column, why []string, err error) {
	if width := l.p.width(); width != len(header) {
		return nil, nil, fmt.Errorf("%s has %d columns beside the id, the predictions are %d numbers an item; "+
			"Submission takes a Number for each", l.file, len(header), width)
	}
	for k, name := range header {
		cols = append(cols, Number(name, k))
		why = append(why, fmt.Sprintf("%s is number %d of the predictions", name, k))
	}
	return cols, why, nil
}

// everyProb takes a column for each class.
func (l like) everyProb(header []string) (cols []Column, why []string, err error) {
	var unknown []string
	for _, name := range header {
		class, ok := l.class(name)
		if !ok {
			unknown = append(unknown, name)
		}
		cols = append(cols, ProbOf(name, class))
	}
	if len(unknown) > 0 {
		return nil, nil, fmt.Errorf("%s has %d columns beside the id, of which %s no class (%s); "+
			"Submission takes a ProbOf for each", l.file, len(header), are(unknown), l.p.listed())
	}
	return cols, []string{fmt.Sprintf("the other columns, %s, are the probabilities of these classes",
		few.Strings(header, 5, ", "))}, nil
}

func are(names []string) string {
	verb := "are"
	if len(names) == 1 {
		verb = "is"
	}
	return examples(names) + " " + verb
}

// class finds the class that a name means: the same, or but for case, spaces, underscores and hyphens the same.
func (l like) class(name string) (string, bool) {
	if slices.Contains(l.p.Classes, name) {
		return name, true
	}
	found, n := "", 0
	for _, class := range l.p.Classes {
		if plain(class) == plain(name) {
			found, n = class, n+1
		}
	}
	return found, n == 1
}

func plain(name string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// single chooses what one column of predictions of classes is.
func (l like) single(name string) (Column, string, error) {
	cells := l.cells()
	switch {
	case all(cells, l.isClass) && !l.severalLabels():
		return ClassName(name), name + " is the most probable class, by its name", nil
	case all(cells, l.areTags):
		return Tags(name, l.thresholds...), fmt.Sprintf("%s is the tags, the classes above %s", name, l.above()), nil
	case !all(cells, isFinite):
		return Column{}, "", l.unclear(name, "which are neither classes nor numbers")
	case l.severalLabels():
		return Column{}, "", l.unclear(name, "and the items have several labels")
	}
	return l.number(name, cells)
}

// number chooses between probability and index.
func (l like) number(name string, cells []string) (Column, string, error) {
	class, named := l.class(name)
	whole, mixed := true, false
	top := math.Inf(-1)
	for _, cell := range cells {
		x, _ := strconv.ParseFloat(strings.TrimSpace(cell), 64)
		whole, mixed, top = whole && x == math.Trunc(x) && x >= 0, mixed || cell != cells[0], max(top, x)
	}
	switch two := len(l.p.Classes) == 2; {
	case named:
		return ProbOf(name, class), fmt.Sprintf("%s is the probability of the class %q", name, class), nil
	case two && (!whole || strings.Contains(strings.ToLower(name), "prob")):
		class = l.p.Classes[1]
		return ProbOf(name, class), fmt.Sprintf("%s is the probability of the class %q, the second of two", name, class), nil
	case whole && top < float64(len(l.p.Classes)) && (mixed || !two):
		return ClassIndex(name), name + " is the most probable class, by its index from 0", nil
	case two && whole && top <= 1:
		return Column{}, "", l.unclear(name, "which may be a class's index or its probability")
	}
	return Column{}, "", l.unclear(name, "which are no indices of classes")
}

// unclear lists what a column can be.
func (l like) unclear(name, what string) error {
	class := l.p.Classes[len(l.p.Classes)-1]
	return fmt.Errorf("can't tell what column %q of %s is: its cells are %s, %s; make it by Submission, "+
		"of ClassName(%[1]q), ClassIndex(%[1]q), ProbOf(%[1]q, %[5]q) or Tags(%[1]q, .5), or by a Column of your own (%[6]s)",
		name, l.file, examples(distinct(l.cells())), what, class, l.p.listed())
}

// cells are those of the sample's second column.
func (l like) cells() []string {
	var cells []string
	for _, row := range l.sample.Rows {
		cells = append(cells, row[1])
	}
	return cells
}

func distinct(cells []string) []string {
	var found []string
	seen := map[string]bool{}
	for _, cell := range cells {
		if !seen[cell] {
			seen[cell], found = true, append(found, cell)
		}
	}
	return found
}

func (l like) isClass(cell string) bool { return slices.Contains(l.p.Classes, cell) }

// areTags tells whether a cell is classes between spaces, or empty where the items have several labels.
func (l like) areTags(cell string) bool {
	words := strings.Fields(cell)
	return all(words, l.isClass) || len(words) == 0 && l.severalLabels()
}

// severalLabels tells whether the items have several labels; without labels, whether the probabilities are of those.
func (l like) severalLabels() bool {
	return l.p.kind() == severalLabels || l.p.kind() == anyKind && !l.p.sumTo1()
}

// above says the thresholds.
func (l like) above() string {
	if len(l.thresholds) == 0 {
		return "0.5"
	}
	if len(l.thresholds) == 1 {
		return fmt.Sprint(l.thresholds[0])
	}
	return "a threshold each"
}

// all tells whether there are any, and each is so.
func all(cells []string, is func(string) bool) bool {
	return len(cells) > 0 && !slices.ContainsFunc(cells, func(cell string) bool { return !is(cell) })
}
