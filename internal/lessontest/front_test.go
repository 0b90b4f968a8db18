package lessontest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notebooks is the folder of the lessons.
var notebooks = filepath.Join("..", "..", "notebooks")

var lesson = regexp.MustCompile(`\((?:notebooks/)?(\d\d-[\w-]+\.ipynb)\)`)

// The front page that JupyterLab opens, and the README, list the lessons that there are, in their order.
func TestFrontPages(t *testing.T) {
	var want []string
	for _, path := range lessons(t) {
		want = append(want, filepath.Base(path))
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "## The lessons\n")
	table, _, _ = strings.Cut(table, "\n\nTheir numbers")
	for page, text := range map[string]string{"README.md": table, "README.ipynb": markdown(t, filepath.Join(notebooks, "README.ipynb"))} {
		var got []string
		for _, m := range lesson.FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s lists %q (want %q)", page, got, want)
		}
	}
}

// markdown returns the texts of a notebook.
func markdown(t *testing.T, path string) string {
	var all strings.Builder
	for _, c := range read(t, path).Cells {
		if c.Type == "markdown" {
			all.WriteString(string(c.Source) + "\n")
		}
	}
	return all.String()
}

// lessons returns the paths of the lessons, in their order.
func lessons(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(notebooks, "[0-9][0-9]-*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no lessons in %s: %v", notebooks, err)
	}
	return paths
}

// Each lesson ends with links to the one before and the one after.
func TestFooters(t *testing.T) {
	paths := lessons(t)
	for k, path := range paths {
		text := markdown(t, path)
		_, footer, found := strings.Cut(text[max(len(text)-400, 0):], "\n---\n")
		for _, i := range []int{k - 1, k + 1} {
			if i < 0 || i >= len(paths) {
				continue
			}
			if name := filepath.Base(paths[i]); !found || !strings.Contains(footer, "("+name+")") {
				t.Errorf("%s ends without a link to %s", filepath.Base(path), name)
			}
		}
	}
}
