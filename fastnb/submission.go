package fastnb

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Submission is a table of predictions as a competition takes it: a header and a row per item.
type Submission struct {
	Header []string
	Rows   [][]string
}

// Column is a column of a submission.
type Column struct {
	Name  string
	Value func(p *Preds, i int) string // of item i
}

// ID is the column that names the item: its file without folder and extension.
func ID(name string) Column {
	return Column{name, func(p *Preds, i int) string { return stem(p.Names[i]) }}
}

// File is the column that names the item by its file, without the folder.
func File(name string) Column {
	return Column{name, func(p *Preds, i int) string { return filepath.Base(p.Names[i]) }}
}

// ClassName is the column that holds the most likely class.
func ClassName(name string) Column {
	return Column{name, func(p *Preds, i int) string { return p.Classes[argmax(p.Probs[i])] }}
}

// ClassIndex is the column that holds the number of the most likely class, counted from 0 in the order of Classes.
func ClassIndex(name string) Column {
	return Column{name, func(p *Preds, i int) string { return strconv.Itoa(argmax(p.Probs[i])) }}
}

// ProbOf is the column, called name, that holds the probability of a class. It is empty if there is no such class.
func ProbOf(name, class string) Column {
	return Column{name, func(p *Preds, i int) string {
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

// Submission makes the table with the given columns, a row per item in the order of the split.
func (p *Preds) Submission(cols ...Column) Submission {
	s := Submission{Rows: make([][]string, len(p.Probs))}
	for _, c := range cols {
		s.Header = append(s.Header, c.Name)
		for i := range s.Rows {
			s.Rows[i] = append(s.Rows[i], c.Value(p, i))
		}
	}
	return s
}

// Write writes the table to a CSV file, which is whole or as it was before.
func (s Submission) Write(path string) error {
	f, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return failed("Submission", err)
	}
	defer f.Discard()
	w := csv.NewWriter(f)
	if err := errors.Join(w.Write(s.Header), w.WriteAll(s.Rows)); err != nil {
		return failed("Submission", err)
	}
	return failed("Submission", f.Commit())
}

// Check holds the table against a competition's sample submission, a CSV file: the same columns in the same order,
// and the same ids, in the first column, in the same order. Its errors say what differs first.
func (s Submission) Check(sample string) error {
	return failed("Submission", s.check(sample))
}

func (s Submission) check(sample string) error {
	want, err := readCSV(sample)
	if err != nil {
		return err
	}
	if !slices.Equal(s.Header, want.Header) {
		return fmt.Errorf("columns are %s (%s wants %s)", strings.Join(s.Header, ","), filepath.Base(sample), strings.Join(want.Header, ","))
	}
	have, ids := firstColumn(s.Rows), firstColumn(want.Rows)
	if slices.Equal(have, ids) {
		return nil
	}
	return differ(have, ids, filepath.Base(sample))
}

// differ says how ids are not those of the sample: missing, extra, repeated or in another order.
func differ(have, want []string, sample string) error {
	if id, ok := without(want, have); ok {
		return fmt.Errorf("id %q of %s is missing (%d rows, %s has %d)", id, sample, len(have), sample, len(want))
	}
	if id, ok := without(have, want); ok {
		return fmt.Errorf("id %q is not in %s (%d rows, %s has %d)", id, sample, len(have), sample, len(want))
	}
	for i := range min(len(have), len(want)) {
		if have[i] != want[i] {
			return fmt.Errorf("row %d has id %q (%s has %q there): same ids, other order; Sort puts them right", i+1, have[i], sample, want[i])
		}
	}
	return fmt.Errorf("%d rows (%s has %d): an id is repeated", len(have), sample, len(want))
}

// without returns the first of a that is not in b.
func without(a, b []string) (string, bool) {
	in := make(map[string]bool, len(b))
	for _, id := range b {
		in[id] = true
	}
	for _, id := range a {
		if !in[id] {
			return id, true
		}
	}
	return "", false
}

// Sort puts the rows into the order of a sample submission; rows whose id it does not have come last.
func (s Submission) Sort(sample string) error {
	want, err := readCSV(sample)
	if err != nil {
		return failed("Submission", err)
	}
	place := map[string]int{}
	for i, id := range firstColumn(want.Rows) {
		place[id] = i - len(want.Rows) // below 0, the place of what is not there
	}
	slices.SortStableFunc(s.Rows, func(a, b []string) int { return place[a[0]] - place[b[0]] })
	return nil
}

func firstColumn(rows [][]string) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r[0]
	}
	return ids
}

func readCSV(path string) (Submission, error) {
	f, err := os.Open(path)
	if err != nil {
		return Submission{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return Submission{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 || len(rows[0]) == 0 {
		return Submission{}, fmt.Errorf("%s is empty (want a header and a row per id)", path)
	}
	return Submission{Header: rows[0], Rows: rows[1:]}, nil
}
