package fastnb_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

func TestRuns(t *testing.T) {
	l := clouds(t)
	check(t, l.Save("start"))
	l.Freeze()
	check(t, l.Fit(fastnb.LR(.05), 1))
	check(t, l.Save("head"))
	l.Unfreeze()
	check(t, l.Fit(fastnb.LR(.01, .02, .05), 3, fastnb.CycleLen(1), fastnb.Callbacks(&callback.EarlyStopping{Patience: 1, Monitor: "accuracy"}, stopper(2))))
	check(t, l.Save("all"))
	runs, err := l.Runs()
	check(t, err)
	if names := names(runs); !slices.Equal(names, []string{"start", "head", "all"}) {
		t.Fatalf("runs %v, want the oldest first", names)
	}
	again, err := fastnb.ReadRuns(l.Data().Dir())
	check(t, err)
	if again.String() != runs.String() {
		t.Error("ReadRuns of the learner's folder gives other runs")
	}
	_, err = fastnb.ReadRun(filepath.Join(l.Data().Dir(), "models", "none.safetensors"))
	if !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("of no file: %v", err)
	}
	one, err := fastnb.ReadRun(filepath.Join(l.Data().Dir(), "models", "head.safetensors"))
	check(t, err)
	if got := (fastnb.Runs{one}).String(); got != (fastnb.Runs{runs[1]}).String() {
		t.Errorf("ReadRun gives\n%s", got)
	}
	e, _ := runs[1].Last()
	head := runs.Rows()[1]
	want := []string{"head", runs[1].Saved.Format(time.DateTime), "200 + 50 items of 3 classes, batches of 16",
		"Fit 1 epoch, lr 0.05, frozen to -1", "1", four(e.TrainLoss), four(e.ValidLoss), four(e.Metrics[0]), head[8]}
	if !slices.Equal(head, want) {
		t.Errorf("row %q, want %q", head, want)
	}
	if header := strings.Join(runs.Header(), " "); header != "run saved data fit epochs train_loss valid_loss accuracy time" {
		t.Errorf("header %q", header)
	}
	if row := runs.Rows()[0]; strings.Join(row[2:], "") != "0" {
		t.Errorf("what was never fitted has the row %q", row)
	}
	if got := runs.Rows()[2][4]; got != "2 of 3" {
		t.Errorf("a fit that stopped early has %q epochs, want 2 of 3", got)
	}
	if since := time.Since(runs[2].Saved); since < 0 || since > time.Hour {
		t.Errorf("saved %v ago", since)
	}
}

// stopper ends a fit in good order after so many epochs.
type stopper int

func (s stopper) EndEpoch(l *fastnb.Learner) error {
	if len(l.Recorder.Epochs) >= int(s) {
		return fastnb.ErrStop
	}
	return nil
}

func names(runs fastnb.Runs) []string {
	var names []string
	for _, r := range runs {
		names = append(names, r.Name)
	}
	return names
}

// four writes a number as the table does.
func four(v float64) string {
	whole, _ := json.Marshal(float64(int64(v*1e4+.5)) / 1e4)
	s := string(whole)
	if !strings.Contains(s, ".") {
		s += "."
	}
	return s + strings.Repeat("0", 4-(len(s)-1-strings.Index(s, ".")))
}

func TestRunsOfNoCheckpoints(t *testing.T) {
	l := clouds(t)
	runs, err := l.Runs()
	if err != nil || len(runs) != 0 || !strings.Contains(runs.String(), "Save makes one") || !strings.Contains(runs.HTML(), "Save makes one") {
		t.Errorf("%v, %v", runs, err)
	}
	if _, err := fastnb.ReadRuns(filepath.Join(l.Data().Dir(), "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// What can't be read is listed with its error, and the rest is read.
func TestRunsWithDamage(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(.05), 1))
	check(t, l.Save("good"))
	models := filepath.Join(l.Data().Dir(), "models")
	whole, err := os.ReadFile(filepath.Join(models, "good.safetensors"))
	check(t, err)
	check(t, os.WriteFile(filepath.Join(models, "cut.safetensors"), whole[:len(whole)-1], 0o644))
	check(t, os.WriteFile(filepath.Join(models, "<b>.safetensors"), []byte("hello, this is no checkpoint"), 0o644))
	check(t, safetensors.WriteFile(filepath.Join(models, "foreign.safetensors"), &safetensors.File{}))
	check(t, os.WriteFile(filepath.Join(models, "notes.txt"), nil, 0o644))
	runs, err := l.Runs()
	check(t, err)
	if len(runs) != 4 {
		t.Fatalf("runs %v, want 4", names(runs))
	}
	wrong := map[string]string{"cut": "cut or damaged", "<b>": "a header of", "foreign": "no fastnb state"}
	for i, r := range runs {
		if want := wrong[r.Name]; want == "" && r.Err != nil {
			t.Errorf("%s: %v", r.Name, r.Err)
		} else if want != "" && (!errors.Is(r.Err, fastnb.ErrBadCheckpoint) || !strings.Contains(runs.Rows()[i][3], want)) {
			t.Errorf("%s: row %q, want %q in it", r.Name, runs.Rows()[i], want)
		}
	}
	if n := len(runs.Curves()); n != 1 {
		t.Errorf("%d curves, want one", n)
	}
	wellFormed(t, runs.HTML())
}

func wellFormed(t *testing.T, html string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(html)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if e, ok := token.(xml.StartElement); err != nil || ok && e.Name.Local == "b" {
			t.Fatalf("%v, %v in %s", token, err, html)
		}
	}
}

// A checkpoint of before the fit and the time were kept: all that it has is told, and it loads.
func TestRunsOfOldCheckpoints(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(.05), 2))
	check(t, l.Save("old"))
	path := filepath.Join(l.Data().Dir(), "models", "old.safetensors")
	makeOld(t, path)
	then := time.Date(2024, 5, 6, 7, 8, 9, 0, time.Local)
	check(t, os.Chtimes(path, then, then))
	runs, err := l.Runs()
	check(t, err)
	e := l.Recorder.Epochs[1]
	row := runs.Rows()[0]
	want := []string{"old", "2024-05-06 07:08:09", "", "", "2", four(e.TrainLoss), four(e.ValidLoss), four(e.Metrics[0]), row[8]}
	if !slices.Equal(row, want) {
		t.Errorf("row %q, want %q", row, want)
	}
	if c := runs.Curves(); len(c) != 1 || c[0].EpochLen != 12 || len(c[0].Train) != 24 || len(c[0].Valid) != 2 {
		t.Errorf("curves %v", c)
	}
	check(t, l.Load("old"))
	if l.Recorder.Fit.Verb != "" {
		t.Errorf("loaded a fit: %v", l.Recorder.Fit)
	}
}

// makeOld takes from a checkpoint what those of before did not have.
func makeOld(t *testing.T, path string) {
	t.Helper()
	f, err := safetensors.Read(path)
	check(t, err)
	var state map[string]any
	check(t, json.Unmarshal([]byte(f.Metadata["fastnb"]), &state))
	recorder := state["recorder"].(map[string]any)
	if state["saved"] == nil || recorder["fit"] == nil {
		t.Fatal("the checkpoint has neither time nor fit to take from it")
	}
	delete(state, "saved")
	delete(recorder, "fit")
	text, err := json.Marshal(state)
	check(t, err)
	f.Metadata["fastnb"] = string(text)
	f.Metadata["sha256"] = f.Checksum(string(text))
	check(t, safetensors.WriteFile(path, f))
}

// The same words for other data: letters tell them apart. And a learner of numbers without validation.
func TestRunsOfOtherData(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a", "b", "c"} {
		data := synth.Line(dir, 64, 16)
		if delete(data.X, fastnb.Valid); i == 2 {
			data.X[fastnb.Train][0][0] += .5
		}
		l, err := fastnb.New(backend(t), data, synth.LineModel())
		check(t, err)
		check(t, l.Fit(fastnb.LR(.05), 1))
		check(t, l.Save(name))
	}
	runs, err := fastnb.ReadRuns(dir)
	check(t, err)
	for i, letter := range []string{"A", "A", "B"} {
		row := runs.Rows()[i]
		if want := "64 + 0 items, batches of 16 (" + letter + ")"; row[2] != want || row[5] == "" || row[6] != "" {
			t.Errorf("row %q, want data %q, a training loss, no validation loss", row, want)
		}
	}
	if c := runs.Curves(); len(c) != 3 || c[0].Valid != nil || c[0].EpochLen != 4 {
		t.Errorf("curves %v", c)
	}
}
