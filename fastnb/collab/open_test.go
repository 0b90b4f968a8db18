package collab_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// A checkpoint is all that another process needs to recommend, bit for bit as the learner that was saved does: this test
// runs itself again, without the ratings, and compares.
func TestOpenInAnotherProcess(t *testing.T) {
	if path := os.Getenv("FASTNB_TEST_CHECKPOINT"); path != "" {
		l, err := collab.Open(path)
		check(t, err)
		advise(t, l)
		return
	}
	l := learner(t)
	check(t, l.Fit(fastnb.LR(1e-2), 1))
	check(t, l.Save("tastes"))
	path := filepath.Join(l.Data().Dir(), "models", "tastes.safetensors")
	opened, err := collab.Open(path)
	check(t, err)
	want := advise(t, opened)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestOpenInAnotherProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "FASTNB_TEST_CHECKPOINT="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), want) {
		t.Errorf("the other process says\n%s\nwant %s", out, want)
	}
	sameAdvice(t, l, opened)
}

// advise recommends all dishes to a person, and writes that down.
func advise(t *testing.T, l *collab.Learner) string {
	t.Helper()
	advice, err := l.Recommend("person 1", 30)
	check(t, err)
	if len(advice) != 30 {
		t.Errorf("%d dishes, want all 30: nothing is known to be rated", len(advice))
	}
	line := fmt.Sprint("advised ", advice, "\n")
	fmt.Print(line)
	return line
}

// sameAdvice checks that a learner that was opened rates as the one that was saved, and also leaves out what is rated
// when it has the ratings; and that it does not train without.
func sameAdvice(t *testing.T, l, opened *collab.Learner) {
	t.Helper()
	want, err := l.Recommend("person 1", 30)
	check(t, err)
	if err := opened.Fit(fastnb.LR(1), 1); err == nil || !strings.Contains(err.Error(), "give it some by SetData") {
		t.Errorf("training without ratings: %v", err)
	}
	check(t, opened.SetData(l.Data()))
	got, err := opened.Recommend("person 1", 30)
	check(t, err)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	items, err := opened.Items()
	check(t, err)
	if len(items) != 30 || items[0].Ratings == 0 {
		t.Errorf("%d dishes, the first: %+v", len(items), items[0])
	}
	check(t, opened.Fit(fastnb.LR(1e-3), 1))
}

// A checkpoint that was saved before they held factors and range is loaded, and opened once it was saved again.
func TestOpenBefore(t *testing.T) {
	const before = "testdata/before.safetensors"
	be, err := engine.OpenDevice(engine.Go)
	check(t, err)
	quiet := collab.With(fastnb.WithProgress(nil))
	_, err = collab.Open(before, collab.On(be), quiet)
	if !errors.Is(err, fastnb.ErrBadCheckpoint) || !strings.Contains(err.Error(), "collab: Open: "+before) ||
		!strings.Contains(err.Error(), "Load it into NewLearner's on its data, and Save it again") {
		t.Errorf("opened: %v", err)
	}
	dir := t.TempDir()
	table, err := tabular.NewTable(tabular.Texts("who", []string{"Ann", "Ann", "Bob", "Bob", "Cem", "Cem"}),
		tabular.Texts("dish", []string{"soup", "cake", "soup", "ice", "cake", "ice"}),
		tabular.Numbers("stars", []float64{5, 1, 4, 2, 1, 3}))
	check(t, err)
	d, err := collab.FromTable(table, "who", "dish", "stars", tabular.ValidRows(nil), tabular.WorkDir(dir))
	check(t, err)
	l, err := collab.NewLearner(d, collab.Factors(3), collab.YRange(0, 5.5), collab.On(be), quiet)
	check(t, err)
	check(t, l.LoadFile(before))
	ratesAsBefore(t, l, d)
	check(t, l.Save("again"))
	again, err := collab.Open(filepath.Join(dir, "models", "again.safetensors"), collab.On(be), quiet)
	check(t, err)
	ratesAsBefore(t, again, d)
}

// ratesAsBefore holds a learner's predictions against those of the code that saved testdata/before.safetensors.
func ratesAsBefore(t *testing.T, l *collab.Learner, d *collab.Data) {
	t.Helper()
	text, err := os.ReadFile("testdata/before.json")
	check(t, err)
	var want struct{ Probs [][]float64 }
	check(t, json.Unmarshal(text, &want))
	p, err := l.PredictOn(d, fastnb.Train)
	check(t, err)
	for i, row := range p.Probs {
		if math.Abs(float64(row[0])-want.Probs[i][0]) > 1e-5 {
			t.Fatalf("rating %d: %g, it was %g", i, row[0], want.Probs[i][0])
		}
	}
}

func TestOpenWrong(t *testing.T) {
	dir := t.TempDir()
	if _, err := collab.Open(filepath.Join(dir, "none")); !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("no file: %v", err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "text"), []byte("hello, I am no checkpoint"), 0o644))
	if _, err := collab.Open(filepath.Join(dir, "text")); !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("no checkpoint: %v", err)
	}
}
