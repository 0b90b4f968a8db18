package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of docs/your-data.md are run on data as that page describes them.
func TestYourDataPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/your-data.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"photos/rose/1.jpg": "", "photos/oak/1.jpg": "", "mail/good/1.txt": "a", "mail/bad/2.txt": "b",
		"people.csv":  "age,pay,rich\n" + strings.Repeat("30,1000,no\n40,3000,yes\n", 20),
		"reviews.csv": "text,label\n" + strings.Repeat("it is a film that one can see again and again,good\n", 20),
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	made := 0
	for line := range strings.Lines(string(page)) {
		command, is := strings.CutPrefix(line, "    fastnb ")
		if !is {
			continue
		}
		if err := dispatch(t.Context(), append(strings.Fields(command), "-dir", "."), io.Discard); err != nil {
			t.Errorf("%s: %v", strings.TrimSpace(line), err)
		}
		made++
	}
	if files, _ := filepath.Glob("*.ipynb"); len(files) != made || made < 4 {
		t.Errorf("%d commands, and these notebooks: %q", made, files)
	}
	if err := dispatch(t.Context(), []string{"new", "people", "people.csv", "-dir", "."}, io.Discard); err == nil ||
		!strings.Contains(err.Error(), "new: people.ipynb is there already") {
		t.Errorf("a notebook is written over: %v", err)
	}
}
