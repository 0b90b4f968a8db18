package fastnb

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// Submission is a table of predictions as a competition takes it: a header and a row per item. Preds.Submission makes
// one. It is looked at before it leaves: Write, Check and Sort refuse one that has no class of a name that it was
// asked for, an empty cell, a probability that is no number, or an item twice.
type Submission struct {
	Header []string
	Rows   [][]string

	wrong error  // why the columns could not be made
	names []bool // of each column: it holds names, so that NaN is one
	ids   bool   // the first column names the item
}

// Column is a column of a submission.
type Column struct {
	Name  string
	Value func(p *Preds, i int) string // of item i

	of    columnKind
	class string // of a probability
}

// columnKind is what a column of ours needs of the predictions.
type columnKind int

const (
	users columnKind = iota // the user's own
	itemName
	className
	classIndex
	probability
)

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

func stem(name string) string {
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// Submission makes the table with the given columns, a row per item in the order of the split. What is wrong with it,
// Write, Check and Sort say.
func (p *Preds) Submission(cols ...Column) Submission {
	s := Submission{Rows: make([][]string, len(p.Probs))}
	for k, c := range cols {
		s.Header, s.names = append(s.Header, c.Name), append(s.names, c.of == itemName || c.of == className)
		s.ids = s.ids || k == 0 && c.of == itemName
		wrong := p.lacks(c)
		s.wrong = errors.Join(s.wrong, wrong)
		for i := range s.Rows {
			cell := ""
			if wrong == nil {
				cell = c.Value(p, i)
			}
			s.Rows[i] = append(s.Rows[i], cell)
		}
	}
	s.wrong = errors.Join(s.wrong, p.notFinite())
	return s
}

// lacks tells what the predictions do not have that a column needs.
func (p *Preds) lacks(c Column) error {
	switch {
	case c.of == itemName && len(p.Names) != len(p.Probs):
		return fmt.Errorf("column %q: %d of the %d items have a name", c.Name, len(p.Names), len(p.Probs))
	case c.of > itemName && len(p.Classes) == 0:
		return fmt.Errorf("column %q: the predictions have no classes, they are numbers; "+
			"write them by a Column of your own, such as tabular's Value", c.Name)
	case c.of > itemName && p.ragged() >= 0:
		return fmt.Errorf("column %q: item %d has %d probabilities (want %d, one for each class)", c.Name, p.ragged()+1,
			len(p.Probs[p.ragged()]), len(p.Classes))
	case c.of == probability && !slices.Contains(p.Classes, c.class):
		return fmt.Errorf("column %q: there is no class %q (%s)", c.Name, c.class, p.listed())
	}
	return nil
}

// ragged returns the first item without a probability for each class, -1 if there is none.
func (p *Preds) ragged() int {
	return slices.IndexFunc(p.Probs, func(row []float32) bool { return len(row) != len(p.Classes) })
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

// Write writes the table to a CSV file, if nothing is wrong with it.
func (s Submission) Write(path string) (err error) {
	defer verb.Name(&err, "fastnb: Submission.Write")
	if err := s.whole(); err != nil {
		return err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := errors.Join(w.Write(s.Header), w.WriteAll(s.Rows)); err != nil {
		return err
	}
	return atomicfile.Write(path, b.Bytes(), 0o644)
}

// whole tells what is wrong with the table itself.
func (s Submission) whole() error {
	if s.wrong != nil {
		return s.wrong
	}
	seen := map[string]bool{}
	for k, name := range s.Header {
		if name == "" || seen[name] {
			return fmt.Errorf("column %d is called %q (want names, each once)", k+1, name)
		}
		seen[name] = true
	}
	if len(s.Header) == 0 || len(s.Rows) == 0 {
		return fmt.Errorf("it has %d columns and %d rows (want one at least)", len(s.Header), len(s.Rows))
	}
	if err := s.cells(); err != nil {
		return err
	}
	return s.twice()
}

// cells tells which cells are empty, or no numbers where numbers are meant.
func (s Submission) cells() error {
	for i, row := range s.Rows {
		if len(row) != len(s.Header) {
			return fmt.Errorf("row %d has %d cells (want %d: %s)", i+1, len(row), len(s.Header), strings.Join(s.Header, ","))
		}
	}
	for k, name := range s.Header {
		numbers := !s.isName(k) && !slices.ContainsFunc(s.Rows, func(row []string) bool { return !parses(row[k]) })
		wrong := func(row []string) bool { return strings.TrimSpace(row[k]) == "" || numbers && !isFinite(row[k]) }
		if i := slices.IndexFunc(s.Rows, wrong); i >= 0 {
			n := 0
			for _, row := range s.Rows {
				if wrong(row) {
					n++
				}
			}
			return fmt.Errorf("column %q is empty or no number in %d of %d rows (the first: row %d, %q)", name, n, len(s.Rows),
				i+1, s.Rows[i][k])
		}
	}
	return nil
}

func (s Submission) isName(k int) bool { return k < len(s.names) && s.names[k] }

// parses tells whether a cell is a number, an infinite one or NaN, or empty.
func parses(cell string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	return err == nil || strings.TrimSpace(cell) == ""
}

func isFinite(cell string) bool {
	x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	return err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// twice tells which item comes twice, where the first column names items.
func (s Submission) twice() error {
	if !s.ids {
		return nil
	}
	row := map[string]int{}
	for i, r := range s.Rows {
		if first, ok := row[r[0]]; ok {
			return fmt.Errorf("the id %q is in rows %d and %d: two files of one name? "+
				"File tells them apart by their extensions, a Column of your own by their folders",
				r[0], first+1, i+1)
		}
		row[r[0]] = i
	}
	return nil
}

// Check holds the table against a competition's sample submission, a CSV file: the same columns in the same order,
// and the same ids, in the first column, in the same order. Its errors say what differs first. A byte order mark,
// UTF-16, quotes, the ends of lines and blank lines make no difference.
func (s Submission) Check(sample string) (err error) {
	defer verb.Name(&err, "fastnb: Submission.Check")
	if err := s.whole(); err != nil {
		return err
	}
	want, err := readCSV(sample)
	if err != nil {
		return err
	}
	if !slices.Equal(s.Header, want.Header) {
		return fmt.Errorf("columns are %s (%s wants %s)", strings.Join(s.Header, ","), filepath.Base(sample),
			strings.Join(want.Header, ","))
	}
	return differ(firstColumn(s.Rows), firstColumn(want.Rows), filepath.Base(sample))
}

// differ says how ids are not those of the sample: missing, extra, repeated or in another order.
func differ(have, want []string, sample string) error {
	if slices.Equal(have, want) {
		return nil
	}
	if id, ok := without(want, have); ok {
		return fmt.Errorf("id %q of %s is missing (%d rows, %s has %d)", id, sample, len(have), sample, len(want))
	}
	if id, ok := without(have, want); ok {
		return fmt.Errorf("id %q is not in %s, or not so often (%d rows, %s has %d)", id, sample, len(have), sample,
			len(want))
	}
	i := 0
	for have[i] == want[i] {
		i++
	}
	return fmt.Errorf("row %d has id %q (%s has %q there): same ids, other order; Sort puts them right", i+1, have[i],
		sample, want[i])
}

// without returns the first of a that b does not have, or not so often.
func without(a, b []string) (string, bool) {
	in := make(map[string]int, len(b))
	for _, id := range b {
		in[id]++
	}
	for _, id := range a {
		if in[id]--; in[id] < 0 {
			return id, true
		}
	}
	return "", false
}

// Sort puts the rows into the order of a sample submission; rows whose id it does not have come last. Ids that are
// missing or that the sample does not have are an error, beside the sorted rows.
func (s Submission) Sort(sample string) (err error) {
	defer verb.Name(&err, "fastnb: Submission.Sort")
	if err := s.whole(); err != nil {
		return err
	}
	want, err := readCSV(sample)
	if err != nil {
		return err
	}
	if s.Header[0] != want.Header[0] && slices.Contains(want.Header, s.Header[0]) {
		return fmt.Errorf("columns are %s (%s wants %s)", strings.Join(s.Header, ","), filepath.Base(sample),
			strings.Join(want.Header, ","))
	}
	ids, place := firstColumn(want.Rows), map[string]int{}
	for i, id := range ids {
		place[id] = i - len(ids) // below 0, the place of what is not there
	}
	slices.SortStableFunc(s.Rows, func(a, b []string) int { return place[a[0]] - place[b[0]] })
	return differ(firstColumn(s.Rows), ids, filepath.Base(sample))
}

func firstColumn(rows [][]string) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r[0]
	}
	return ids
}

func readCSV(path string) (Submission, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Submission{}, err
	}
	if err := instead.Check(content); err != nil {
		return Submission{}, fmt.Errorf("%s: %w", path, err)
	}
	if content, err = charset.Unmark(content); err != nil {
		return Submission{}, fmt.Errorf("%s: %w", path, err)
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return Submission{}, fmt.Errorf("%s has zero bytes, as no text has; save it as UTF-8 first", path)
	}
	if !bytes.Contains(content, []byte("\n")) {
		content = bytes.ReplaceAll(content, []byte("\r"), []byte("\n"))
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return Submission{}, fmt.Errorf("%s: %w", path, err)
	}
	rows = slices.DeleteFunc(rows, func(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) == "" })
	if len(rows) == 0 {
		return Submission{}, fmt.Errorf("%s is empty (want a header and a row per id)", path)
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return Submission{}, fmt.Errorf("%s: row %d has %d cells (want %d as the header)", path, i, len(row), len(rows[0]))
		}
	}
	for _, sign := range []string{";", "\t"} {
		if len(rows[0]) == 1 && strings.Contains(rows[0][0], sign) {
			return Submission{}, fmt.Errorf("the cells of %s lie between %q; save it with commas", path, sign)
		}
	}
	return Submission{Header: rows[0], Rows: rows[1:]}, nil
}
