package pack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// model saves a small net in models/plants.safetensors below dir, and returns what it says of the heights.
func model(t *testing.T, dir string, heights []float64) (weights []string) {
	t.Helper()
	var height, weight []float64
	for i := range 40 {
		height, weight = append(height, float64(i)+.5), append(weight, float64(2*i))
	}
	table, err := tabular.NewTable(tabular.Numbers("height", height), tabular.Numbers("weight", weight))
	check(t, err)
	data, err := tabular.FromTable(table, tabular.Target("weight"), tabular.Conts("height"), tabular.WorkDir(dir))
	check(t, err)
	learn, err := tabular.NewLearner(data, tabular.Layers(8), tabular.With(fastnb.WithProgress(nil)))
	check(t, err)
	check(t, learn.Fit(fastnb.LR(1e-2), 2))
	check(t, learn.Save("plants"))
	for _, h := range heights {
		p, err := learn.PredictRow(tabular.Row{"height": h})
		check(t, err)
		weights = append(weights, fmt.Sprint(p.Probs[0][0]))
	}
	return weights
}

// A packed program with a saved model runs by the notebook's lines, from a read-only folder, with an empty home and no
// network, and says what the model says here.
func TestPacked(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds a program with XLA")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("needs python3")
	}
	source, err := filepath.Abs("testdata/predict")
	check(t, err)
	here := t.TempDir()
	t.Chdir(here)
	want := model(t, here, []float64{3.25, 17, 39.5})

	var log strings.Builder
	p, err := Make(t.Context(), Options{Program: source, Files: []string{"models"}, User: "Me", Name: "plants-net",
		Args: []string{"plants", "models/plants.safetensors"}, Competition: "plants", Out: "out"}, &log)
	if err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	t.Logf("%s: %.1f MB, %q", p.Dataset, float64(p.Bytes)/1e6, p.Names)
	check(t, os.RemoveAll("models"))
	input, working := filepath.Join(here, "input"), filepath.Join(here, "working")
	check(t, errors.Join(os.MkdirAll(filepath.Join(input, "plants"), 0o755), os.Mkdir(working, 0o755),
		os.Rename(p.Dataset, filepath.Join(input, "plants-net")),
		os.WriteFile(filepath.Join(input, "plants", "test.csv"), []byte("id,height\na,3.25\nb,17\nc,39.5\n"), 0o644)))

	if out, err := inKaggle(t, input, working, cellOf(t, p.Notebook)); err != nil || !strings.Contains(out, "predicted 3 rows\n") {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(working, "submission.csv"))
	if want := "id,weight\na," + want[0] + "\nb," + want[1] + "\nc," + want[2] + "\n"; string(got) != want {
		t.Errorf("it wrote %q, %v (want %q)", got, err, want)
	}
	if left, _ := os.ReadDir(working); len(left) != 1 {
		t.Errorf("left in the working folder is %v", left)
	}

	cell := strings.Replace(cellOf(t, p.Notebook), `"args": None`, `"args": ["plants"]`, 1)
	if out, err := inKaggle(t, input, working, cell); err == nil || !strings.Contains(out, "1 arguments (want COMPETITION MODEL)") ||
		!strings.Contains(out, "RuntimeError: the program ended with status 1") {
		t.Errorf("with other arguments: %v\n%s", err, out)
	}
}

// cellOf returns the notebook's code.
func cellOf(t *testing.T, dir string) string {
	t.Helper()
	var notebook struct{ Cells []struct{ Source string } }
	text, err := os.ReadFile(filepath.Join(dir, "run.ipynb"))
	check(t, errors.Join(err, json.Unmarshal(text, &notebook)))
	return notebook.Cells[0].Source
}

// inKaggle runs Python as there: nothing but the inputs, which can't be written, a working folder, no home, no network.
func inKaggle(t *testing.T, input, working, cell string) (string, error) {
	t.Helper()
	home := t.TempDir()
	cell = strings.ReplaceAll(cell, "/kaggle/input", input)
	script := `mount --bind "$INPUT" "$INPUT" && mount -o remount,ro,bind "$INPUT" "$INPUT" && ! touch "$INPUT/x" 2>/dev/null && exec python3 -c "$CELL"`
	cmd := exec.Command("unshare", "-rnm", "sh", "-c", script)
	if exec.Command("unshare", "-rnm", "true").Run() != nil {
		t.Log("unshare is not permitted: the inputs can be written, and there is the network that there is")
		cmd = exec.Command("python3", "-c", cell)
	}
	cmd.Dir = working
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "INPUT=" + input, "CELL=" + cell, "FASTNB_MIRROR=" + input}
	out, err := cmd.CombinedOutput()
	if left, _ := os.ReadDir(home); len(left) > 0 {
		t.Errorf("left in the home folder is %v", left)
	}
	return string(out), err
}

// A data set without the run file, and without the data set, say what to do.
func TestNoDataset(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("needs python3")
	}
	dir := t.TempDir()
	check(t, writeNotebook(dir, Options{User: "me", Name: "plants-net"}))
	out, err := exec.Command("python3", "-c", cellOf(t, dir)).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "AssertionError: Add Input: the data set me/plants-net") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A program that is linked statically needs nothing of this machine.
func TestStatic(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds a program")
	}
	t.Chdir(t.TempDir())
	check(t, os.WriteFile("main.go", []byte("package main\n\nfunc main() { println(\"hello\") }\n"), 0o644))
	check(t, os.WriteFile("go.mod", []byte("module hello\n\ngo 1.26\n"), 0o644))
	p, err := Make(t.Context(), Options{Program: ".", User: "me", Name: "hello"}, io.Discard)
	check(t, err)
	if !slices.Equal(p.Names, []string{"dataset-metadata.json", "pack.json", "program", "run.py"}) {
		t.Errorf("packed are %q", p.Names)
	}
	var meta struct{ ID, Title string }
	text, err := os.ReadFile(filepath.Join(p.Dataset, "dataset-metadata.json"))
	if check(t, errors.Join(err, json.Unmarshal(text, &meta))); meta.ID != "me/hello" || len(meta.Title) < 6 {
		t.Errorf("the data set is %+v", meta)
	}
}

func TestMakeErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	cache, err := exec.Command("go", "env", "GOCACHE").Output() // lest an empty home builds all anew
	check(t, err)
	t.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	for name, value := range map[string]string{"HOME": t.TempDir(), "KAGGLE_USERNAME": "", "KAGGLE_KEY": "",
		"KAGGLE_API_TOKEN": "", "KAGGLE_CONFIG_DIR": ""} {
		t.Setenv(name, value)
	}
	check(t, errors.Join(os.Mkdir("there", 0o755), os.Mkdir("net", 0o755), os.WriteFile("go.mod", []byte("module m\n"), 0o644),
		os.WriteFile("net/main.go", []byte("package main\n\nfunc main() { undefined() }\n"), 0o644),
		os.WriteFile("script.sh", []byte("#!/bin/sh\n"), 0o755)))
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"no program": {Options{Program: "nte", User: "me"}, "stat nte: no such file or directory (want the folder of a main package"},
		"a script":   {Options{Program: "script.sh", User: "me"}, "is no program for Linux"},
		"no Go":      {Options{Program: "there", User: "me"}, "building there: exit status 1"},
		"broken":     {Options{Program: "net", User: "me"}, "building net: exit status 1"},
		"nobody":     {Options{Program: "net"}, `the user "" (want your name in Kaggle's addresses; -user sets it)`},
		"a name":     {Options{Program: "net", User: "me", Name: "My Net"}, `the name "My Net" (want 3 to 50 of a-z`},
		"there":      {Options{Program: "net", User: "me", Out: "there"}, "there is there already"},
		"no file":    {Options{Program: "net", User: "me", Files: []string{"models/a.safetensors"}}, "no such file"},
		"two files":  {Options{Program: "net", User: "me", Files: []string{"net/main.go", "net"}}, "in the place of another net/main.go"},
		"slug":       {Options{Program: "net", User: "me", Competition: "My Plants"}, "is no competition's name"},
	} {
		_, err := Make(context.Background(), c.o, io.Discard)
		if err == nil || !strings.HasPrefix(err.Error(), "kaggle pack: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (want %s)", name, err, c.want)
		}
		if _, err := os.Stat("net-kaggle"); err == nil {
			t.Errorf("%s: a folder is left", name)
		}
	}
}
