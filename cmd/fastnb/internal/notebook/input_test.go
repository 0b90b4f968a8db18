package notebook_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/notebook"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

// source is a notebook of the cells.
func source(cells ...string) string {
	type cell struct {
		Type     string         `json:"cell_type"`
		Source   string         `json:"source"`
		Metadata map[string]any `json:"metadata"`
		Outputs  []any          `json:"outputs"`
		Count    *int           `json:"execution_count"`
	}
	nb := map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}}
	var all []cell
	for _, c := range cells {
		all = append(all, cell{Type: "code", Source: strings.Trim(c, "\n"), Metadata: map[string]any{}, Outputs: []any{}})
	}
	nb["cells"] = all
	text, err := json.Marshal(nb)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// runs runs a notebook and returns each cell's outputs.
func runs(t *testing.T, e *setup.Env, text string) [][]string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.ipynb")
	var log strings.Builder
	if err := notebook.Run(t.Context(), e, file(t, "in.ipynb", text), out, &log); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	return cellOutputs(t, out)
}

// cellOutputs returns what each cell of a notebook shows: its streams behind their names, and displays as Markdown.
func cellOutputs(t *testing.T, path string) (all [][]string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Outputs []struct {
				Name string
				Text []string
				Data map[string]any
			}
		}
	}
	if err := json.Unmarshal(content, &nb); err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		var shown []string
		for _, o := range c.Outputs {
			if o.Name != "" {
				shown = append(shown, o.Name+": "+strings.Join(o.Text, ""))
			} else if lines, ok := o.Data["text/markdown"].([]any); ok {
				shown = append(shown, lines[0].(string))
			}
		}
		all = append(all, shown)
	}
	return all
}

// A cell that reads its standard input reads the end of it, in all ways to read: nobody is there to type.
func TestCellsThatReadInput(t *testing.T) {
	e := env(t)
	out := runs(t, e, source(`
import (
	"bufio"
	"fmt"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
)
`, `%%
var n int
_, err := fmt.Scan(&n)
fmt.Println(n, err)
`, `%%
line, err := bufio.NewReader(os.Stdin).ReadString('\n')
fmt.Printf("%q %v\n", line, err)
`, `%%
gonbui.RequestInput("name? ", false)
var name string
_, err := fmt.Scanln(&name)
fmt.Printf("%q %v\n", name, err)
`, "!cat; echo ended", "%with_inputs\n!read line; echo \"<$line>\""))
	want := [][]string{nil, {"stdout: 0 EOF\n"}, {"stdout: \"\" EOF\n"}, {"stdout: \"\" EOF\n"}, {"stdout: ended\n"}, {"stdout: <>\n"}}
	if !slices.EqualFunc(out, want, slices.Equal) {
		t.Errorf("outputs are %q (want %q)", out, want)
	}
}

// However a notebook was saved, it runs.
func TestRunHoweverSaved(t *testing.T) {
	e := env(t)
	for name, text := range saved {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out := runs(t, e, text); len(out) != 1 || !slices.Equal(out[0], []string{"stdout: ok\n"}) {
				t.Errorf("outputs are %q", out)
			}
		})
	}
}

// A cell that fails leaves a whole notebook, its outputs so far in it; a long message is told by its end.
func TestRunKeepsOutputsOfAFailure(t *testing.T) {
	e := env(t)
	out := filepath.Join(t.TempDir(), "out.ipynb")
	err := notebook.Run(t.Context(), e, file(t, "in.ipynb", source("%%\nprintln(\"one\")",
		"%%\nfor range 100_000 { println(\"much is said\") }\npanic(\"at last\")")), out, io.Discard)
	if err == nil || len(err.Error()) > 20_000 || !strings.Contains(err.Error(), "panic: at last") {
		t.Errorf("error is %.200s ... of %d bytes", err, len(err.Error()))
	}
	if all := cellOutputs(t, out); len(all) != 2 || !slices.Equal(all[0], []string{"stderr: one\n"}) || !strings.Contains(all[1][0], "panic: at last") {
		t.Errorf("outputs are %.200q", all)
	}
}
