package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// sample is rows of a table as pandas made them (features.py --sample).
type sample struct {
	Columns []string
	Rows    [][]any
}

// The lesson's features are pandas' features: every value of a sample of rows, of train and of test.
func TestFeatures(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs a program")
	}
	tables := lessonTables(t)
	content, err := os.ReadFile("../../testdata/rossmann_features.json")
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string]sample
	if err := json.Unmarshal(content, &samples); err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string]int{"train": 844338, "test": 41088} {
		if tables[name].Len() != rows {
			t.Errorf("%s has %d rows (want %d)", name, tables[name].Len(), rows)
		}
		if n := samples[name].check(t, tables[name]); n < 40*60 {
			t.Errorf("%s: %d values compared", name, n)
		}
	}
}

var made map[string]*tabular.Table // by the lesson, once

// lessonTables runs the lesson and opens what it made.
func lessonTables(t *testing.T) map[string]*tabular.Table {
	t.Helper()
	if _, err := datasets.Fetch("rossmann"); err != nil {
		t.Skipf("the Rossmann files are not here (FASTNB_MIRROR names a folder that has rossmann.tgz): %v", err)
	}
	if made == nil {
		made = runLesson(t)
	}
	return made
}

func runLesson(t *testing.T) map[string]*tabular.Table {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := buildLesson(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(filepath.Dir(binary)) })
	dir := t.TempDir()
	out, err := exec.Command(binary, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	tables := map[string]*tabular.Table{}
	for _, name := range []string{"train", "test"} {
		if tables[name], err = tabular.OpenTable(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return tables
}

// check compares the sample's rows with the table's, found by shop and day, and returns the number of values.
func (s sample) check(t *testing.T, table *tabular.Table) (n int) {
	if len(s.Columns) != len(table.Names()) {
		t.Errorf("%d columns %q (want %q)", len(table.Names()), table.Names(), s.Columns)
	}
	at := map[string]int{}
	for i := range table.Len() {
		at[key(table.Column("Store").Numbers[i], table.Column("Date").Times[i].Format(time.DateOnly))] = i
	}
	for _, row := range s.Rows {
		named := map[string]any{}
		for i, name := range s.Columns {
			named[name] = row[i]
		}
		i, ok := at[key(named["Store"], named["Date"])]
		if !ok {
			t.Errorf("no row for shop %v on %v", named["Store"], named["Date"])
			continue
		}
		for name, want := range named {
			n++
			if got := value(table.Column(name), i); got != want {
				t.Errorf("%s of shop %v on %v = %v (want %v)", name, named["Store"], named["Date"], got, want)
			}
		}
	}
	return n
}

func key(store, date any) string { return fmt.Sprint(store, " ", date) }

// value returns a value as JSON has it.
func value(c *tabular.Column, i int) any {
	switch {
	case c == nil:
		return "no such column"
	case c.IsMissing(i):
		return nil
	case c.Kind == tabular.Text:
		return c.Texts[i]
	case c.Kind == tabular.Time:
		return c.Times[i].Format(time.DateOnly)
	case math.IsNaN(c.Numbers[i]):
		return "NaN"
	}
	return c.Numbers[i]
}
