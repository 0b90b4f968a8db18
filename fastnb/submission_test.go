package fastnb_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// pets are predictions of two photos.
func pets() *fastnb.Preds {
	return &fastnb.Preds{Probs: [][]float32{{.1, .9}, {.7, .3}}, Classes: []string{"cats", "dogs"},
		Names: []string{"test/1.jpg", "test/2.jpg"}}
}

// What would be uploaded in vain is neither written nor found right.
func TestSubmissionRefuses(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	of := func(change func(p *fastnb.Preds), cols ...fastnb.Column) fastnb.Submission {
		p := pets()
		change(p)
		return p.Submission(append([]fastnb.Column{fastnb.ID("id")}, cols...)...)
	}
	as := func(p *fastnb.Preds) {}
	own := func(value string) fastnb.Column {
		return fastnb.Column{Name: "label", Value: func(*fastnb.Preds, int) string { return value }}
	}
	rows := func(cells ...[]string) fastnb.Submission {
		return fastnb.Submission{Header: []string{"id", "label"}, Rows: cells}
	}
	sample := filepath.Join(t.TempDir(), "sample.csv")
	check(t, os.WriteFile(sample, []byte("id,label\n1,0\n2,0\n"), 0o666))
	for _, c := range []struct {
		name string
		s    fastnb.Submission
		want string
	}{
		{"no such class", of(as, fastnb.ProbOf("label", "dog")),
			`column "label": there is no class "dog" (the classes are "cats", "dogs")`},
		{"no classes", of(func(p *fastnb.Preds) { p.Classes = nil }, fastnb.ClassName("label")),
			"the predictions have no classes"},
		{"no classes' index", of(func(p *fastnb.Preds) { p.Classes = nil }, fastnb.ClassIndex("label")),
			"the predictions have no classes"},
		{"no names", of(func(p *fastnb.Preds) { p.Names = nil }, fastnb.ClassIndex("label")),
			`column "id": 0 of the 2 items have a name`},
		{"NaN", of(func(p *fastnb.Preds) { p.Probs[1][0] = nan }, fastnb.ProbOf("label", "dogs")),
			"1 of 2 items are not finite (the first: row 2, [NaN 0.3])"},
		{"the class of NaN", of(func(p *fastnb.Preds) { p.Probs[0] = []float32{nan, nan} }, fastnb.ClassIndex("label")),
			"not finite"},
		{"fewer probabilities than classes", of(func(p *fastnb.Preds) { p.Classes = append(p.Classes, "birds") },
			fastnb.ProbOf("label", "birds")), `column "label": item 1 has 2 probabilities (want 3, one for each class)`},
		{"more", of(func(p *fastnb.Preds) { p.Probs[1] = []float32{0, 0, 1} }, fastnb.ClassName("label")),
			"item 2 has 3 probabilities (want 2"},
		{"infinite", of(func(p *fastnb.Preds) { p.Probs[0][0] = inf }, fastnb.ClassName("label")), "not finite"},
		{"a column of NaN", of(as, own("NaN")),
			`column "label" is empty or no number in 2 of 2 rows (the first: row 1, "NaN")`},
		{"an empty column", of(as, own(" ")), `column "label" is empty or no number in 2 of 2 rows (the first: row 1, " ")`},
		{"two files of one name", of(func(p *fastnb.Preds) { p.Names = []string{"a/1.jpg", "b/1.jpg"} },
			fastnb.ClassIndex("label")), `the id "1" is in rows 1 and 2`},
		{"two columns of one name", of(as, fastnb.ClassIndex("id")), `column 2 is called "id"`},
		{"an empty cell", rows([]string{"1", "0"}, []string{"2", ""}),
			`column "label" is empty or no number in 1 of 2 rows (the first: row 2, "")`},
		{"an infinite cell", rows([]string{"1", "+Inf"}, []string{"2", "1"}), `(the first: row 1, "+Inf")`},
		{"too few cells", rows([]string{"1", "0"}, []string{"2"}), "row 2 has 1 cells (want 2: id,label)"},
		{"nothing", fastnb.Submission{}, "0 columns and 0 rows"},
	} {
		path := filepath.Join(t.TempDir(), "s.csv")
		for verb, err := range map[string]error{"Write": c.s.Write(path), "Check": c.s.Check(sample),
			"Sort": c.s.Sort(sample)} {
			if err == nil || !strings.HasPrefix(err.Error(), "fastnb: Submission.") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v, want %q", c.name, verb, err, c.want)
			}
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was written", c.name)
		}
	}
}

// However a sample was saved, it is the same sample.
func TestSubmissionSample(t *testing.T) {
	s := pets().Submission(fastnb.ID("id"), fastnb.ProbOf("label", "dogs"))
	wide := strings.Join(strings.Split("id,label\n1,0.5\n2,0.5\n", ""), "\x00") + "\x00" // little endian
	for name, sample := range map[string]string{
		"plain": "id,label\n1,0.5\n2,0.5\n", "mark": "\xef\xbb\xbfid,label\n1,0.5\n2,0.5\n", "mark and quotes": "\xef\xbb\xbf\"id\",\"label\"\r\n\"1\",0.5\r\n\"2\",0.5\r\n",
		"no end": "id,label\n1,0.5\n2,0.5", "blank lines": "id,label\n\n1,0.5\n2,0.5\n\n  \n,\n", "old ends": "id,label\r1,0.5\r2,0.5\r",
		"UTF-16":           "\xff\xfe" + wide,
		"UTF-16, no mark":  wide,
		"UTF-16, big ends": "\xfe\xff\x00" + strings.TrimSuffix(wide, "\x00"),
	} {
		path := filepath.Join(t.TempDir(), "sample.csv")
		check(t, os.WriteFile(path, []byte(sample), 0o666))
		if err := s.Check(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for sample, want := range map[string]string{
		"\xff\xfei\x00d":                   "sample.csv: bytes 4 and on, \"d\", are not UTF-16",
		"\xff\xfe\x00\x00i\x00\x00\x00":    "sample.csv: this is UTF-32; convert it to UTF-8",
		"id,label\n1\x00,0.5\n2,0.5\n":     "sample.csv has zero bytes, as no text has; save it as UTF-8 first",
		"version https://git-lfs":          "sample.csv: this is a Git LFS pointer",
		"<!DOCTYPE html>":                  "sample.csv: this is a web page",
		"id;label\n1;0.5\n2;0.5\n":         `lie between ";"; save it with commas`,
		"id\tlabel\n1\t0.5\n2\t0.5\n":      `lie between "\t"; save it with commas`,
		"id,label\n1,0.5\n2\n":             "row 2 has 1 cells (want 2",
		"id,label\n1,0.5\n":                `id "2" is not in sample.csv`,
		"id,label\n1,0.5\n2,0\n3,0\n":      `id "3" of sample.csv is missing`,
		"id,label\n1,0.5\n2,0.5\n2,0.5\n":  `id "2" of sample.csv is missing (2 rows, sample.csv has 3)`,
		"\xef\xbb\xbf\n":                   "is empty",
		"id,label\n\"1,0.5\n2,0.5\n":       "sample.csv: ",
		"id,Label\r\n1,0.5\r\n2,0.5\r\n\n": "columns are id,label (sample.csv wants id,Label)",
	} {
		path := filepath.Join(t.TempDir(), "sample.csv")
		check(t, os.WriteFile(path, []byte(sample), 0o666))
		if err := s.Check(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", sample, err, want)
		}
	}
}

// Sort puts right what it can, and says what it can't.
func TestSubmissionSortNames(t *testing.T) {
	s := pets().Submission(fastnb.ID("id"), fastnb.ClassName("label"))
	path := filepath.Join(t.TempDir(), "sample.csv")
	check(t, os.WriteFile(path, []byte("id,label\n2,cats\n3,cats\n"), 0o666))
	err := s.Sort(path)
	if err == nil || !strings.Contains(err.Error(), `id "3" of sample.csv is missing`) ||
		fmt.Sprint(s.Rows) != "[[2 cats] [1 dogs]]" {
		t.Errorf("%v, %v", s.Rows, err)
	}
	check(t, os.WriteFile(path, []byte("label,id\ncats,1\ncats,2\n"), 0o666))
	if err := s.Sort(path); err == nil || !strings.Contains(err.Error(), "columns are id,label (sample.csv wants label,id)") {
		t.Error(err)
	}
}

// Names may be what numbers may not be.
func TestSubmissionNames(t *testing.T) {
	p := &fastnb.Preds{Probs: [][]float32{{1, 0}, {0, 1}}, Classes: []string{"nan", "inf"}, Names: []string{"Inf.jpg",
		"a\xff, \"b\".jpg"}}
	path := filepath.Join(t.TempDir(), "s.csv")
	s := p.Submission(fastnb.ID("id"), fastnb.ClassName("label"))
	check(t, s.Write(path))
	check(t, s.Check(path))
	text, err := os.ReadFile(path)
	if check(t, err); string(text) != "id,label\nInf,nan\n\"a\xff, \"\"b\"\"\",inf\n" {
		t.Errorf("%q", text)
	}
}
