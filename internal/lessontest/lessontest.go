// Package lessontest runs a lesson in the real kernel and looks at what it leaves, for the tests of the lessons. Each
// lesson has a package of its own with one test, since `go test` gives ten minutes to a package.
package lessontest

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
)

// Run runs a lesson, named by its file in the folder notebooks, from its first cell to its last, set-up included, as a
// reader's `fastnb run` does, and checks its outputs. It is called by a test in a folder beside this file. The test is
// skipped with -short, and where one of its data sets is neither in the repository nor to be had.
func Run(t *testing.T, file string, sets ...string) {
	t.Helper()
	RunClaims(t, file, nil, sets...)
}

// RunClaims is Run, and holds the lesson to what its text says of its outputs: those that are kept, also where the
// lesson is not run, and those of the run.
func RunClaims(t *testing.T, file string, claims Claims, sets ...string) {
	t.Helper()
	notebook := filepath.Join("..", "..", "..", "notebooks", file)
	claims.Check(t, notebook)
	if testing.Short() {
		t.Skip("-short: lessons take minutes")
	}
	for _, set := range sets {
		if _, err := datasets.Fetch(set); err != nil {
			t.Skipf("no %s; FASTNB_MIRROR names a folder that has it: %v", set, err)
		}
	}
	out := filepath.Join(t.TempDir(), file)
	cmd := exec.Command("go", "run", "github.com/fastnb/fastnb/cmd/fastnb", "run", "-o", out, notebook)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	t.Logf("%s", text)
	CheckOutputs(t, out)
	checkTexts(t, out)
	claims.Check(t, out)
}

// checkTexts tells which pictures and tables have no text for where none are seen, and which outputs are empty. What
// the kernel's own commands show, such as %ls, is HTML alone.
func checkTexts(t *testing.T, path string) {
	t.Helper()
	for i, c := range read(t, path).Cells {
		source := string(c.Source)
		own := strings.HasPrefix(source, "%") && !strings.HasPrefix(source, "%%")
		for _, o := range c.Outputs {
			if !own && o.Type == "display_data" && strings.TrimSpace(string(o.Data["text/plain"])) == "" {
				t.Errorf("cell %d has an output without text: %v", i, slices.Sorted(maps.Keys(o.Data)))
			}
		}
	}
}

type notebook struct {
	Metadata map[string]any `json:"metadata"`
	Cells    []struct {
		Type     string         `json:"cell_type"`
		Source   lines          `json:"source"`
		Metadata map[string]any `json:"metadata"`
		Outputs  []struct {
			Type string           `json:"output_type"`
			Name string           `json:"name"`
			Text lines            `json:"text"`
			Data map[string]lines `json:"data"`
		} `json:"outputs"`
	} `json:"cells"`
}

// lines is text that notebooks write as one string or as a list of lines.
type lines string

func (l *lines) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(l))
}

func read(t *testing.T, path string) (nb notebook) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb
}

// CheckOutputs tells which cells show nothing that they should: a cell that plots has a picture, one that fits has a
// table of epochs. Long cells and metadata of a run are against the house's rules.
func CheckOutputs(t *testing.T, path string) {
	t.Helper()
	for i, c := range read(t, path).Cells {
		var kinds []string
		for _, o := range c.Outputs {
			if o.Type == "error" || o.Name == "stderr" && strings.Contains(string(o.Text), "error: ") {
				t.Errorf("cell %d has an error: %s", i, o.Text)
			}
			for kind, data := range o.Data {
				kinds = append(kinds, kind)
				if strings.Contains(string(data), "<table") {
					kinds = append(kinds, "table")
				}
			}
		}
		picture := slices.Contains(kinds, "image/png") || slices.Contains(kinds, "image/jpeg")
		if strings.Contains(string(c.Source), "nb.Show(") && !picture {
			t.Errorf("cell %d plots, but has no picture", i)
		}
		if strings.Contains(string(c.Source), ".Fit(") && c.Type == "code" && !slices.Contains(kinds, "table") {
			t.Errorf("cell %d fits, but has no table of epochs", i)
		}
		if n := strings.Count(string(c.Source), "\n"); c.Type == "code" && n > 12 &&
			!strings.HasPrefix(string(c.Source), "import (") {
			t.Errorf("cell %d has %d lines (want 12 at most)", i, n+1)
		}
		if len(c.Metadata) > 0 {
			t.Errorf("cell %d has metadata %v", i, c.Metadata)
		}
	}
}
