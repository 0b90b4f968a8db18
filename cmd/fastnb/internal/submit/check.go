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
	words := fmt.Sprintf("against %s: its columns, its %d ids, no empty cell", path, len(sample.Rows))
	if err := s.Check(path); err != nil {
		s = fastnb.Submission{Header: s.Header, Rows: slices.Clone(s.Rows)}
		if s.Sort(path) != nil || s.Check(path) != nil {
			return "", err
		}
		words += "; the rows are in another order, which Kaggle does not mind"
	}
	if slices.EqualFunc(s.Rows, sample.Rows, slices.Equal) {
		words += "; every cell is the sample's own"
	}
	return words, checkValues(s, sample, filepath.Dir(path))
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
			filepath.Ext(name) == ".csv" && e.Name() != filepath.Base(o.File) {
			return filepath.Join(dir, e.Name())
		}
	}
	return ""
}

// checkValues tells which columns hold another kind of thing than the sample's, or names that are no classes of the
// competition's.
func checkValues(s, sample fastnb.Submission, dir string) error {
	for k, column := range s.Header[1:] {
		mine, theirs := distinct(s, k+1), distinct(sample, k+1)
		switch ours, want := numbers(mine), numbers(theirs); {
		case !ours && want:
			return fmt.Errorf("column %q holds words (%s), the sample's holds numbers (%s)", column, shown(mine), shown(theirs))
		case ours && !want:
			return fmt.Errorf("column %q holds numbers (%s), the sample's holds words (%s): the names of classes, "+
				"not their numbers?", column, shown(mine), shown(theirs))
		case want:
			continue
		}
		if err := checkNames(column, mine, classesIn(dir, column, theirs)); err != nil {
			return err
		}
	}
	return nil
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

// classesIn returns the classes that the competition's files tell: the folders of train, or the column of that name in
// train.csv. None, where those do not have what the sample holds.
func classesIn(dir, column string, sample []string) []string {
	var folders []string
	entries, _ := os.ReadDir(filepath.Join(dir, "train"))
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	if slices.ContainsFunc(sample, func(s string) bool { return slices.Contains(folders, s) }) {
		return append(folders, sample...)
	}
	for _, file := range []string{"train.csv", "labels.csv", "train_labels.csv"} {
		train, err := fastnb.ReadSubmission(filepath.Join(dir, file))
		if err != nil {
			continue
		}
		if k := slices.Index(train.Header, column); k >= 0 {
			return append(distinct(train, k), sample...)
		}
	}
	return nil
}
