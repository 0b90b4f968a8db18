// Package starter writes a notebook to begin with on data of one's own.
package starter

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Kind is what a notebook learns from.
type Kind string

const (
	Image Kind = "image" // a folder of images, a folder per class
	Table Kind = "table" // a CSV file with a column to predict
	Text  Kind = "text"  // a CSV file with a column of texts and one of classes, or a folder of .txt files per class
)

// Options are what the user may choose.
type Options struct {
	Kind   Kind   // "" is seen from the data
	Target string // of a CSV file: the column to predict; "" is label or the like, else the last one
}

//go:embed templates/*.txt
var templates embed.FS

// Write writes the notebook name.ipynb into a folder, which is to learn from the data at path, and returns the file.
// The notebook runs as it is. It is an error if the data are of no kind that is known, which says what there is
// instead, or if there is such a notebook.
func Write(folder, name, path string, o Options) (file string, err error) {
	name = strings.TrimSuffix(name, ".ipynb")
	if name == "" || strings.ContainsAny(name, `/\:`) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%q is no name for a notebook (want one without separators, such as flowers)", name)
	}
	file = filepath.Join(folder, name+".ipynb")
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is there already; choose another name, or remove it", file)
	}
	a, err := look(path, o)
	if err != nil {
		return "", err
	}
	a.Name = name
	content, err := a.notebook()
	if err != nil {
		return "", err
	}
	return file, atomicfile.Write(file, content, 0o644)
}

// answers fill in a template.
type answers struct {
	Kind    Kind
	Name    string
	Path    string // absolute
	Options string // of images or documents, after the path: those that say where validation is
	Target  string // the column to predict
	Number  bool   // whether it is a number
	Column  string // of the texts
	Table   bool   // whether texts are rows of a CSV file
}

// notebook returns the notebook as JSON.
func (a answers) notebook() ([]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap{"q": strconv.Quote}).ParseFS(templates, "templates/*.txt")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, string(a.Kind)+".txt", a); err != nil {
		return nil, err
	}
	return encoded(cellsOf(b.String()))
}

// cellsOf takes a filled template apart: a line "=== text" or "=== code" begins a cell. Cells are as format 4.5 of
// notebooks has them.
func cellsOf(text string) (cells []map[string]any) {
	for part := range strings.SplitSeq("\n"+text, "\n=== ") {
		kind, source, ok := strings.Cut(part, "\n")
		if !ok {
			continue
		}
		c := map[string]any{
			"cell_type": "markdown", "id": fmt.Sprintf("c%02d", len(cells)), "metadata": struct{}{},
			"source": slices.Collect(strings.Lines(strings.TrimSpace(source))),
		}
		if kind == "code" {
			c["cell_type"], c["execution_count"], c["outputs"] = "code", nil, []any{}
		}
		cells = append(cells, c)
	}
	return cells
}

// encoded writes a notebook of the Go kernel.
func encoded(cells []map[string]any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(map[string]any{
		"cells": cells, "nbformat": 4, "nbformat_minor": 5,
		"metadata": map[string]any{
			"kernelspec":    map[string]string{"display_name": "Go (gonb)", "language": "go", "name": "gonb"},
			"language_info": map[string]string{"file_extension": ".go", "mimetype": "text/x-go", "name": "go"},
		},
	})
	return b.Bytes(), err
}
