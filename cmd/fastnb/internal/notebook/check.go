package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
)

// ErrNotANotebook is returned for a file that is none, or none that runs here.
var ErrNotANotebook = errors.New("not a Go notebook")

// Check says at once what keeps a notebook from being run, or its outputs from being written to out, if that is not
// empty: a file that is no notebook, a notebook in another language, a folder that is not there.
func Check(path, out string) error {
	content, err := readable(path)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	if err := runs(path, content); err != nil {
		return fmt.Errorf("run: %s is %w: %w", path, ErrNotANotebook, err)
	}
	return writable(out)
}

// readable reads a regular file.
func readable(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder (%w): name one notebook%s", path, ErrNotANotebook, notebooksIn(path))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file (%w): save the notebook to one first", path, ErrNotANotebook)
	}
	return os.ReadFile(path)
}

func notebooksIn(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "*.ipynb"))
	if len(found) == 0 {
		return ""
	}
	return ", such as " + found[0]
}

func writable(out string) error {
	if out == "" {
		return nil
	}
	if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("run: -o %s is there and no file: name another", out)
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return fmt.Errorf("run: -o %s: there is no folder %s: make it first", out, filepath.Dir(out))
	}
	return nil
}

// document is what tells a notebook from other JSON. Cells are in worksheets before format 4.
type document struct {
	Format   *float64 `json:"nbformat"`
	Cells    []cell   `json:"cells"`
	Sheets   []sheet  `json:"worksheets"`
	Metadata struct {
		Kernel struct {
			Name     string `json:"name"`
			Language string `json:"language"`
		} `json:"kernelspec"`
		Info struct {
			Name string `json:"name"`
		} `json:"language_info"`
	} `json:"metadata"`
}

type sheet struct {
	Cells []cell `json:"cells"`
}

type cell struct {
	Type     string `json:"cell_type"`
	Language string `json:"language"`
}

// runs says why a file's content can't be run.
func runs(path string, content []byte) error {
	if err := instead.Check(content); err != nil {
		return err
	}
	text, err := decode(content)
	switch {
	case err != nil:
		return err
	case len(bytes.TrimSpace(text)) == 0:
		return errors.New("it is empty")
	case filepath.Ext(path) == ".go":
		return fmt.Errorf("it is a Go program: run it with `go run %s`", path)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return broken(text, err)
	}
	switch {
	case d.Format == nil || d.Cells == nil && d.Sheets == nil:
		return errors.New("it is JSON without the nbformat and cells that make a notebook")
	case *d.Format > 4:
		return fmt.Errorf("its format is %v (want 4 or less): save it in format 4", *d.Format)
	}
	return d.inGo()
}

// broken says where JSON ends to be such.
func broken(text []byte, err error) error {
	if bytes.Contains(text, []byte("\n<<<<<<< ")) {
		return errors.New("it holds a merge that was not completed, <<<<<<<: take one side of each")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		return fmt.Errorf("it is no JSON, from line %d on (%v)", line, err)
	}
	return fmt.Errorf("it is JSON of another kind (%v)", err)
}

// inGo says in what other language a notebook is. One that names none is taken to be in Go.
func (d *document) inGo() error {
	language, kernel := d.Metadata.Kernel.Language, d.Metadata.Kernel.Name
	if language == "" {
		language = d.Metadata.Info.Name
	}
	for _, s := range d.Sheets {
		for _, c := range s.Cells {
			if language == "" && c.Type == "code" {
				language = c.Language
			}
		}
	}
	if language == "" && kernel != "" && !strings.Contains(strings.ToLower(kernel), "go") {
		language = "another language"
	}
	if language == "" || strings.EqualFold(language, "go") {
		return nil
	}
	return fmt.Errorf("it is in %s (kernel %q), and fastnb runs Go: run it with its own kernel, as `jupyter nbconvert --execute` does, "+
		"or give it the kernel \"Go (fastnb)\" in JupyterLab", language, kernel)
}

// decode makes UTF-8 of what is in UTF-16, and takes a byte order mark away.
func decode(content []byte) ([]byte, error) {
	text, err := charset.Unmark(content)
	if err == nil && !utf8.Valid(text) {
		err = errors.New("it is not in UTF-8: save it in that")
	}
	return text, err
}
