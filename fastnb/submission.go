package fastnb

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/verb"
)

// Submission is a table of predictions as a competition takes it: a header and a row per item. Preds.Submission makes
// one. It is looked at before it leaves: Write, Check and Sort refuse one that has no class of a name that it was
// asked for, an empty cell, a probability that is no number, or an item twice.
type Submission struct {
	Header []string
	Rows   [][]string

	// Why says how the columns were chosen, of SubmissionLike.
	Why string

	wrong error        // why the columns could not be made
	kinds []columnKind // what each column holds
}

// Submission makes the table with the given columns, a row per item in the order of the split. What is wrong with it,
// Write, Check and Sort say.
func (p *Preds) Submission(cols ...Column) Submission {
	s := Submission{Rows: make([][]string, len(p.Probs))}
	for _, c := range cols {
		s.Header, s.kinds = append(s.Header, c.Name), append(s.kinds, c.of)
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

// Write writes the table to a CSV file, if nothing is wrong with it; compressed, as gzip does, where the path ends in
// .gz.
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
	content := b.Bytes()
	if strings.EqualFold(filepath.Ext(path), ".gz") {
		if content, err = compressed(content, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))); err != nil {
			return err
		}
	}
	return atomicfile.Write(path, content, 0o644)
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
		kind := s.kind(k)
		numbers := !kind.isName() && !slices.ContainsFunc(s.Rows, func(row []string) bool { return !parses(row[k]) })
		wrong := func(row []string) bool {
			return kind != tagList && strings.TrimSpace(row[k]) == "" || numbers && !isFinite(row[k])
		}
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

// kind returns what column k holds; a table of the user's own does not say.
func (s Submission) kind(k int) columnKind {
	if k < len(s.kinds) {
		return s.kinds[k]
	}
	return users
}

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
	if s.kind(0) != itemName {
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
// UTF-16, quotes, the ends of lines and blank lines make no difference, nor whether the sample is compressed by gzip.
func (s Submission) Check(sample string) (err error) {
	defer verb.Name(&err, "fastnb: Submission.Check")
	if err := s.whole(); err != nil {
		return err
	}
	want, err := readCSV(sample)
	if err != nil {
		return err
	}
	return s.differs(want, filepath.Base(sample))
}

// differs says what differs first from a sample.
func (s Submission) differs(want sampleTable, sample string) error {
	if !slices.Equal(s.Header, want.Header) {
		return fmt.Errorf("columns are %s (%s wants %s)", strings.Join(s.Header, ","), sample,
			strings.Join(want.Header, ","))
	}
	return differ(firstColumn(s.Rows), firstColumn(want.Rows), sample)
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
	return s.sortLike(want, filepath.Base(sample))
}

func (s Submission) sortLike(want sampleTable, sample string) error {
	if s.Header[0] != want.Header[0] && slices.Contains(want.Header, s.Header[0]) {
		return fmt.Errorf("columns are %s (%s wants %s)", strings.Join(s.Header, ","), sample,
			strings.Join(want.Header, ","))
	}
	ids, place := firstColumn(want.Rows), map[string]int{}
	for i, id := range ids {
		place[id] = i - len(ids) // below 0, the place of what is not there
	}
	slices.SortStableFunc(s.Rows, func(a, b []string) int { return place[a[0]] - place[b[0]] })
	return differ(firstColumn(s.Rows), ids, sample)
}

func firstColumn(rows [][]string) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r[0]
	}
	return ids
}
