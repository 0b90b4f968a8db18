package pack

import (
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/engine"
)

// The files of a data set that are ours.
const (
	program  = "program"
	packFile = "pack.json"
	runFile  = "run.py"
	metaFile = "dataset-metadata.json"
)

var ours = []string{program, packFile, runFile, metaFile}

// run is what runs the program there.
//
//go:embed run.py
var run []byte

// manifest tells run.py what was packed.
type manifest struct {
	Program   string            `json:"program"`
	Loader    string            `json:"loader"` // "" of a program that is linked statically
	Libraries []string          `json:"libraries"`
	Plugin    string            `json:"plugin"`
	Files     map[string]string `json:"files"` // by name in the data set, the path at which the program looks for it
	Args      []string          `json:"args"`
	Env       map[string]string `json:"env"`
}

// has tells whether a name is taken.
func (m *manifest) has(name string) bool {
	return name == m.Loader || slices.Contains(m.Libraries, name) || slices.Contains(ours, name)
}

// write adds the files that are ours.
func (m *manifest) write(dir string, o Options) error {
	m.Libraries = append([]string{}, m.Libraries...)
	m.Env = map[string]string{"FASTNB_DEVICE": string(engine.CPU), "FASTNB_ENGINE": engine.Own}
	if engine.Tunables != "" && m.Loader != "" {
		m.Env["GLIBC_TUNABLES"] = engine.Tunables
	}
	title := o.Name
	if len(title) < 6 {
		title += " program"
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, runFile), run, 0o644),
		writeJSON(filepath.Join(dir, packFile), m),
		writeJSON(filepath.Join(dir, metaFile), map[string]any{
			"title": title, "id": o.User + "/" + o.Name, "licenses": []map[string]string{{"name": "other"}}}),
	)
}

func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// cell is the notebook's: it finds the data set, in each of the places where Kaggle puts some.
const cell = `# This runs the Go program of the data set USER/NAME. Its arguments stand in pack.json there, or here: args=[...]
import glob, runpy
found = glob.glob("/kaggle/input/NAME/run.py") + glob.glob("/kaggle/input/datasets/*/NAME/run.py")
assert found, "Add Input: the data set USER/NAME"
runpy.run_path(found[0], init_globals={"args": None}, run_name="__main__")
`

// writeNotebook makes the notebook, and what Kaggle's own program wants to know of it.
func writeNotebook(dir string, o Options) error {
	source := strings.NewReplacer("NAME", o.Name, "USER", o.User).Replace(cell)
	competitions := []string{}
	if o.Competition != "" {
		competitions = append(competitions, o.Competition)
	}
	return errors.Join(
		writeJSON(filepath.Join(dir, "run.ipynb"), map[string]any{
			"nbformat": 4, "nbformat_minor": 4,
			"metadata": map[string]any{
				"kernelspec": map[string]string{"name": "python3", "display_name": "Python 3", "language": "python"}},
			"cells": []any{map[string]any{"cell_type": "code", "metadata": map[string]any{}, "outputs": []any{},
				"execution_count": nil, "source": source}},
		}),
		writeJSON(filepath.Join(dir, "kernel-metadata.json"), map[string]any{
			"id": o.User + "/" + o.Name + "-run", "title": o.Name + " run", "code_file": "run.ipynb",
			"language": "python", "kernel_type": "notebook", "is_private": true, "enable_gpu": false,
			"enable_internet": false, "dataset_sources": []string{o.User + "/" + o.Name},
			"competition_sources": competitions, "kernel_sources": []string{},
		}),
	)
}
