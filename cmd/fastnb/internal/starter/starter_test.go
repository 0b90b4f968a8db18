package starter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/notebook"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/starter"
)

var environment = sync.OnceValues(func() (*setup.Env, error) { return setup.Run(context.Background(), os.Stderr) })

const pets = "../../../../fastnb/vision/testdata/pets"

// people is a table of which the pay follows from the age and the trade.
func people(t *testing.T) string {
	var b strings.Builder
	b.WriteString("age,trade,pay,rich\n")
	for i := range 300 {
		pay := 1000 + 20*(i%50) + 300*(i%3)
		fmt.Fprintf(&b, "%d,%s,%d,%t\n", 20+i%50, []string{"smith", "baker", "cook"}[i%3], pay, pay > 1700)
	}
	return written(t, "people.csv", b.String())
}

// reviews are texts whose words say whether they are good, some of several lines.
func reviews(t *testing.T) string {
	var b strings.Builder
	b.WriteString("review,sentiment\n")
	for i := range 200 {
		word := []string{"wonderful", "dull"}[i%2]
		fmt.Fprintf(&b, "\"I saw this %s film, number %d, with \"\"friends\"\" one evening,\n"+
			"and it was %s from start to end\",%s\n",
			word, i, word, []string{"good", "bad"}[i%2])
	}
	return written(t, "reviews.csv", b.String())
}

// folders are the same texts as files, a folder per class.
func folders(t *testing.T) string {
	dir := t.TempDir()
	for i := range 120 {
		word := []string{"wonderful", "dull"}[i%2]
		folder := filepath.Join(dir, []string{"good", "bad"}[i%2])
		check(t, os.MkdirAll(folder, 0o777))
		text := fmt.Sprintf("I saw this %s film, number %d, one evening, and it was %[1]s from start to end", word, i)
		check(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.txt", i)), []byte(text), 0o666))
	}
	return dir
}

func written(t *testing.T, name, text string) string {
	path := filepath.Join(t.TempDir(), name)
	check(t, os.WriteFile(path, []byte(text), 0o666))
	return path
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each kind of notebook runs as it is written, in the real kernel.
func TestNotebooksRun(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the kernel")
	}
	env, err := environment()
	check(t, err)
	for name, c := range map[string]struct {
		data  string
		o     starter.Options
		shows []string
	}{
		"pets of mine": {pets, starter.Options{}, []string{"classes:", "image/png", "% sure"}},
		"riches":       {people(t), starter.Options{}, []string{"accuracy", "image/png"}},
		"pay":          {people(t), starter.Options{Target: "pay"}, []string{"image/png"}},
		"reviews":      {reviews(t), starter.Options{}, []string{"[bad good]", "accuracy of words and pairs", "image/png"}},
		"folders":      {folders(t), starter.Options{}, []string{"[bad good]", "accuracy of words and pairs", "image/png"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file, err := starter.Write(dir, name, c.data, c.o)
			check(t, err)
			var log bytes.Buffer
			if err := notebook.Run(t.Context(), env, file, file, &log); err != nil {
				t.Fatalf("%v\n%s", err, &log)
			}
			text, err := os.ReadFile(file)
			check(t, err)
			for _, want := range c.shows {
				if !strings.Contains(string(text), want) {
					t.Errorf("no %q in what it shows", want)
				}
			}
		})
	}
}

// What the data are is seen from them.
func TestKinds(t *testing.T) {
	val := t.TempDir()
	for _, name := range []string{"train/a/1.jpg", "train/b/2.JPG", "val/a/3.png"} {
		check(t, os.MkdirAll(filepath.Join(val, filepath.Dir(name)), 0o777))
		check(t, os.WriteFile(filepath.Join(val, name), nil, 0o666))
	}
	imdb := t.TempDir()
	for _, name := range []string{"train/neg/1.txt", "train/pos/2.txt", "test/pos/3.txt"} {
		check(t, os.MkdirAll(filepath.Join(imdb, filepath.Dir(name)), 0o777))
		check(t, os.WriteFile(filepath.Join(imdb, name), nil, 0o666))
	}
	tabs := written(t, "plants.tsv", "height\tkind\n"+strings.Repeat("1.5\trose\n2\toak\n", 20))
	for _, c := range []struct {
		path string
		o    starter.Options
		want []string
	}{
		{val, starter.Options{}, []string{`vision.ValidFolder("val")`}},
		{filepath.Join(val, "train"), starter.Options{}, []string{"vision.ValidShare(.2)"}},
		{imdb, starter.Options{}, []string{`text.FromFolders(path, text.TrainIn("train"), text.ValidIn("test"),`}},
		{filepath.Join(imdb, "train"), starter.Options{}, []string{"text.FromFolders(path, text.ValidShare(.2),"}},
		{people(t), starter.Options{}, []string{`tabular.Class(target)`, `target = `, `"rich"`}},
		{people(t), starter.Options{Target: "pay"}, []string{"tabular.Target(target)"}},
		{tabs, starter.Options{}, []string{"tabular.Class(target)", `"kind"`}},
		{reviews(t), starter.Options{}, []string{`text.TextColumns("review"), text.LabelColumn("sentiment")`}},
		{reviews(t), starter.Options{Kind: starter.Table}, []string{"tabular.Class(target)", `"sentiment"`}},
	} {
		file, err := starter.Write(t.TempDir(), "mine", c.path, c.o)
		check(t, err)
		code := code(t, file)
		for _, want := range c.want {
			if !strings.Contains(code, want) {
				t.Errorf("%s: no %q in\n%s", c.path, want, code)
			}
		}
		if strings.Contains(code, "{{") || strings.Contains(code, "<no value>") {
			t.Errorf("%s: %s", c.path, code)
		}
	}
}

// code returns the code of a notebook, and sees to it that cells are as short as those of the lessons.
func code(t *testing.T, file string) string {
	content, err := os.ReadFile(file)
	check(t, err)
	var nb struct {
		Cells []struct {
			Type   string `json:"cell_type"`
			Source []string
			Count  json.RawMessage `json:"execution_count"` // which Jupyter wants, null before the first run
		}
	}
	check(t, json.Unmarshal(content, &nb))
	var all strings.Builder
	for i, c := range nb.Cells {
		if c.Type != "code" {
			continue
		}
		if string(c.Count) != "null" {
			t.Errorf("cell %d has the execution_count %q", i, c.Count)
		}
		if len(c.Source) > 12 {
			t.Errorf("cell %d has %d lines", i, len(c.Source))
		}
		for _, line := range c.Source {
			if len(line) > 110 && !strings.Contains(line, "path") { // which may be as long as it is
				t.Errorf("cell %d has a line of %d columns", i, len(line))
			}
		}
		all.WriteString(strings.Join(c.Source, ""))
	}
	return all.String()
}

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "there.ipynb"), nil, 0o666))
	numbers := written(t, "n.csv", "a,b\n1,2\n3,4\n")
	for want, c := range map[string]struct {
		name, path string
		o          starter.Options
	}{
		"is there already; choose another name":              {"there.ipynb", pets, starter.Options{}},
		"is no name for a notebook":                          {"a/b", pets, starter.Options{}},
		`"" is no name`:                                      {".ipynb", pets, starter.Options{}},
		"no data: stat nowhere":                              {"x", "nowhere", starter.Options{}},
		`no kind "cat" (want image, table or text)`:          {"x", pets, starter.Options{Kind: "cat"}},
		"is a folder (want a CSV file for a table)":          {"x", pets, starter.Options{Kind: starter.Table}},
		`is a folder, so it has no column "y"`:               {"x", pets, starter.Options{Target: "y"}},
		"has no folders of images or of .txt files":          {"x", t.TempDir(), starter.Options{}},
		"is a file (want a folder of images":                 {"x", people(t), starter.Options{Kind: starter.Image}},
		`no column "wage" (there are "age", "trade", "pay"`:  {"x", people(t), starter.Options{Target: "wage"}},
		"has 1 rows and 2 columns (want two or more of each": {"x", written(t, "one.csv", "a,b\n1,2\n"), starter.Options{}},
		"has no column of texts":                             {"x", numbers, starter.Options{Kind: starter.Text}},
	} {
		_, err := starter.Write(dir, c.name, c.path, c.o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "x*")); len(found) > 0 {
		t.Errorf("%q were written", found)
	}
}
