package lessontest

import (
	"bytes"
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var regen = flag.Bool("regen", false, "write the README's pictures anew, from lesson 1")

// The pictures of the README are those that lesson 1 keeps, and there are no others: each is what the last cell with a
// call shows.
func TestREADMEPictures(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	shown := map[string]string{
		"lrfind.png":    "nb.Show(plots.LossVsLR(",
		"schedule.png":  "nb.Show(plots.Schedule(learn.Recorder.LR)",
		"confusion.png": "nb.Show(plots.Confusion(",
	}
	for name, call := range shown {
		file, want := filepath.Join(docs, name), picture(t, "01-image-classifier.ipynb", call)
		if *regen {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what lesson 1 shows by %s (%v): run make golden", file, call, err)
		}
	}
	files, _ := os.ReadDir(docs)
	for _, f := range files {
		if _, made := shown[f.Name()]; !made && filepath.Ext(f.Name()) != ".md" {
			t.Errorf("docs/%s is not made by this test: docs has texts, and pictures that a test makes", f.Name())
		}
	}
}

// picture returns the picture that a call shows in the last cell of a lesson that has it.
func picture(t *testing.T, lesson, call string) (file []byte) {
	t.Helper()
	for _, cell := range read(t, filepath.Join("..", "..", "notebooks", lesson)).Cells {
		before, _, has := strings.Cut(string(cell.Source), call)
		if !has {
			continue
		}
		var pictures []string
		for _, o := range cell.Outputs {
			if data := o.Data["image/png"] + o.Data["image/jpeg"]; data != "" { // it has one of them
				pictures = append(pictures, string(data))
			}
		}
		n := strings.Count(before, "nb.Show(")
		if len(pictures) <= n {
			t.Fatalf("%s: a cell calls %s, but has only %d pictures (want more than %d)", lesson, call, len(pictures), n)
		}
		var err error
		if file, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(pictures[n], "\n", "")); err != nil {
			t.Fatal(err)
		}
	}
	return file
}
