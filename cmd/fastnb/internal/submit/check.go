package submit

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/kaggle"
)

// check holds the table against the competition's sample, and says in words what it was found to be.
func (o Options) check(name string, s fastnb.Submission) (string, error) {
	if o.Sample == Unchecked {
		return "against no sample, as you asked", nil
	}
	path, err := o.sample(name)
	if err != nil {
		return "", err
	}
	sample, err := fastnb.ReadSubmission(path)
	if err != nil {
		return "", fmt.Errorf("the sample: %w", err)
	}
	t := tags{filepath.Dir(path), foldersIn(filepath.Dir(path)), s, sample}
	s, empty := t.filled()
	words := fmt.Sprintf("against %s: its columns, its %d ids, %s", path, len(sample.Rows), empty)
	if err := s.Check(path); err != nil {
		if s.Sort(path) != nil || s.Check(path) != nil {
			return "", err
		}
		words += "; the rows are in another order, which Kaggle does not mind"
	}
	if slices.EqualFunc(s.Rows, sample.Rows, slices.Equal) {
		words += "; every cell is the sample's own"
	}
	return words, t.checkValues()
}

// sample returns the path of the competition's sample: the one that is named, else one in what was fetched of the
// competition, else beside the file.
func (o Options) sample(name string) (string, error) {
	if o.Sample != "" {
		return o.Sample, nil
	}
	fetched, _, err := kaggle.Folder(name)
	if err != nil {
		return "", err
	}
	for _, dir := range []string{fetched, filepath.Dir(o.File)} {
		for _, word := range []string{"sample", "gender"} { // Titanic's is gender_submission.csv
			if path := o.sampleIn(dir, word); path != "" {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("there is no sample_submission.csv to check %s against: `fastnb kaggle fetch %s` gets it, "+
		"or name it by -sample FILE (-sample %s sends unchecked)", filepath.Base(o.File), name, Unchecked)
}

// sampleIn returns the path of a folder's CSV file that is called a submission, and by a word, "" if there is none.
func (o Options) sampleIn(dir, word string) string {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if !e.IsDir() && strings.Contains(name, word) && strings.Contains(name, "submission") &&
			filepath.Ext(name) == ".csv" && !o.isFile(filepath.Join(dir, e.Name())) {
			return filepath.Join(dir, e.Name())
		}
	}
	return ""
}

// isFile tells whether a path leads to the file that is sent.
func (o Options) isFile(path string) bool {
	a, err := os.Stat(path)
	b, err2 := os.Stat(o.File)
	return err == nil && err2 == nil && os.SameFile(a, b)
}

// tags are a submission and its sample, of whose columns some may hold tags: any number of classes with spaces
// between.
type tags struct {
	dir       string   // of the competition's files
	folders   []string // of training images
	s, sample fastnb.Submission
}

// are tells whether a column, which both have, holds tags: a cell has several words, and is not the name of a folder of
// training images, which are of one class each.
func (t tags) are(k int) bool {
	several := func(row []string) bool {
		return len(strings.Fields(row[k])) > 1 && !slices.Contains(t.folders, strings.TrimSpace(row[k]))
	}
	return slices.ContainsFunc(t.s.Rows, several) || slices.ContainsFunc(t.sample.Rows, several)
}

// filled returns a copy of the submission with a word in the empty cells of tags, of which an image may have none, and
// says how many those are: Check refuses an empty cell.
func (t tags) filled() (s fastnb.Submission, empty string) {
	s, n := fastnb.Submission{Header: t.s.Header}, 0
	for _, row := range t.s.Rows {
		s.Rows = append(s.Rows, slices.Clone(row))
	}
	for k := range s.Header {
		if k == 0 || !slices.Equal(s.Header, t.sample.Header) || !t.are(k) {
			continue
		}
		for _, row := range s.Rows {
			if strings.TrimSpace(row[k]) == "" {
				row[k], n = "none", n+1
			}
		}
	}
	switch n {
	case 0:
		return s, "no empty cell"
	case 1:
		return s, "1 cell without a tag"
	}
	return s, fmt.Sprintf("%d cells without a tag", n)
}

// checkValues tells which columns hold another kind of thing than the sample's, or names that are no classes of the
// competition's.
func (t tags) checkValues() error {
	for k, column := range t.s.Header[1:] {
		mine, theirs := t.distinct(t.s, k+1), t.distinct(t.sample, k+1)
		switch ours, want := numbers(mine), numbers(theirs); {
		case !ours && want:
			return fmt.Errorf("column %q holds words (%s), the sample's holds numbers (%s)", column, shown(mine), shown(theirs))
		case ours && !want:
			return fmt.Errorf("column %q holds numbers (%s), the sample's holds words (%s): the names of classes, "+
				"not their numbers?", column, shown(mine), shown(theirs))
		case want:
			continue
		}
		if err := checkNames(column, mine, t.classes(column, theirs)); err != nil {
			return err
		}
	}
	return nil
}

// distinct returns the different cells of a column, of tags the different ones, sorted.
func (t tags) distinct(s fastnb.Submission, k int) []string {
	cells := distinct(s, k)
	if !t.are(k) {
		return cells
	}
	all := strings.Fields(strings.Join(cells, " "))
	slices.Sort(all)
	return slices.Compact(all)
}

// distinct returns the different cells of a column, sorted.
func distinct(s fastnb.Submission, k int) []string {
	all := map[string]bool{}
	for _, row := range s.Rows {
		all[strings.TrimSpace(row[k])] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func numbers(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool {
		_, err := strconv.ParseFloat(cell, 64)
		return err != nil
	})
}

func shown(cells []string) string { return few.Of(cells, 3, ", ", strconv.Quote) }

// checkNames tells which names are none of the classes. Several in a cell, with spaces between them, are each looked
// at. Where the classes are not known all are fine.
func checkNames(column string, names, classes []string) error {
	words := map[string]bool{}
	for _, class := range classes {
		words[class] = true
		for _, word := range strings.Fields(class) {
			words[word] = true
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return words[name] || !slices.ContainsFunc(strings.Fields(name), func(word string) bool { return !words[word] })
	})
	if len(classes) == 0 || len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("column %q holds %s, which are no classes of the training data (%s)", column, shown(unknown),
		few.Of(classes, 20, ", ", strconv.Quote))
}

// classes returns the classes that the competition's files tell: the folders of train, or the column of that name in
// train.csv. None, where those do not have what the sample holds.
func (t tags) classes(column string, sample []string) []string {
	if slices.ContainsFunc(sample, func(s string) bool { return slices.Contains(t.folders, s) }) {
		return slices.Concat(t.folders, sample)
	}
	for _, file := range []string{"train.csv", "labels.csv", "train_labels.csv"} {
		train, err := fastnb.ReadSubmission(filepath.Join(t.dir, file))
		if err != nil {
			continue
		}
		if k := slices.Index(train.Header, column); k >= 0 {
			return append(distinct(train, k), sample...)
		}
	}
	return nil
}

// foldersIn returns the names of the folders in train.
func foldersIn(dir string) (names []string) {
	entries, _ := os.ReadDir(filepath.Join(dir, "train"))
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}
