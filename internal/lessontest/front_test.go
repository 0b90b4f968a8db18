package lessontest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var lesson = regexp.MustCompile(`\((?:notebooks/)?(\d\d-[\w-]+\.ipynb)\)`)

// The front page that JupyterLab opens, and the README, list the lessons that there are, in their order.
func TestFrontPages(t *testing.T) {
	var want []string
	paths, err := filepath.Glob(filepath.Join(notebooks, "[0-9][0-9]-*.ipynb"))
	check(t, err)
	for _, path := range paths {
		want = append(want, filepath.Base(path))
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	check(t, err)
	_, table, _ := strings.Cut(string(readme), "## The lessons\n")
	table, _, _ = strings.Cut(table, "\n\nTheir numbers")
	for page, text := range map[string]string{"README.md": table, "README.ipynb": markdown(t, "README.ipynb")} {
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
func markdown(t *testing.T, name string) string {
	content, err := os.ReadFile(filepath.Join(notebooks, name))
	check(t, err)
	var nb struct {
		Cells []struct {
			Type   string `json:"cell_type"`
			Source []string
		}
	}
	check(t, json.Unmarshal(content, &nb))
	var all strings.Builder
	for _, c := range nb.Cells {
		if c.Type == "markdown" {
			all.WriteString(strings.Join(c.Source, "") + "\n")
		}
	}
	return all.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each lesson ends with links to the one before and the one after.
func TestFooters(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(notebooks, "[0-9][0-9]-*.ipynb"))
	check(t, err)
	for k, path := range paths {
		text := markdown(t, filepath.Base(path))
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
