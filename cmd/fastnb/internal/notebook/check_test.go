package notebook_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/notebook"
)

// plain is a notebook of one cell that prints "ok".
const plain = `{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
 "source": ["%%\n", "fmt.Println(\"o\" + \"k\")"]}],
"metadata": {"kernelspec": {"name": "gonb", "display_name": "Go", "language": "go"}}, "nbformat": 4, "nbformat_minor": 4}
`

// old is such a notebook in format 3.
const old = `{"worksheets": [{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "language": "go",
 "input": ["%%\n", "fmt.Println(\"o\" + \"k\")"]}]}], "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
`

func utf16LE(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// What is saved in other ways is still a notebook.
var saved = map[string]string{
	"crlf":       strings.ReplaceAll(strings.ReplaceAll(plain, `\n"`, `\r\n"`), "\n", "\r\n"),
	"mark":       "\ufeff" + plain,
	"utf16":      utf16LE(plain),
	"no mark":    utf16LE(plain)[2:],
	"old":        old,
	"no ids":     strings.Replace(plain, `"nbformat_minor": 4`, `"nbformat_minor": 5`, 1),
	"few fields": `{"cells": [{"cell_type": "code", "source": "%%\nfmt.Println(\"o\" + \"k\")"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`,
}

func TestCheckTakesNotebooks(t *testing.T) {
	for name, text := range saved {
		if err := notebook.Check(file(t, "a.ipynb", text), filepath.Join(t.TempDir(), "out.ipynb")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What can't be run is refused at once, in words that say what to do.
func TestCheckRefuses(t *testing.T) {
	python := strings.NewReplacer(`"go"`, `"python"`, "gonb", "python3").Replace(plain)
	for _, c := range []struct{ name, text, want string }{
		{"a.ipynb", "", "it is empty"},
		{"a.ipynb", " \n", "it is empty"},
		{"main.go", "package main\n", "run it with `go run "},
		{"a.ipynb", "package main\n", "it is no JSON, from line 1 on"},
		{"a.ipynb", plain[:len(plain)/2], "it is no JSON, from line 2 on (unexpected end of JSON input)"},
		{"a.ipynb", strings.Replace(plain, "\n", "\n<<<<<<< HEAD\n", 1), "a merge that was not completed"},
		{"a.json", `{"a": 1}`, "JSON without the nbformat and cells"},
		{"a.json", `[1, 2]`, "JSON of another kind"},
		{"a.json", `"text"`, "JSON of another kind"},
		{"a.json", `{"nbformat": 4, "cells": {"a": 1}}`, "JSON of another kind"},
		{"a.ipynb", strings.Replace(plain, `"nbformat": 4`, `"nbformat": 5`, 1), "its format is 5 (want 4 or less)"},
		{"a.ipynb", strings.Replace(plain, "o", "\xff", 1), "not in UTF-8"},
		{"a.ipynb", "\xff\xfe\x00\x00{\x00\x00\x00", "this is UTF-32; convert it to UTF-8"},
		{"a.ipynb", "version https://git-lfs.github.com/spec/v1\nsize 7\n", "a Git LFS pointer"},
		{"a.ipynb", "<!DOCTYPE html>\n<html>", "a web page"},
		{"a.ipynb", utf16LE(plain)[:101], "bytes 100 and on"},
		{"a.ipynb", python, `it is in python (kernel "python3"), and fastnb runs Go`},
		{"a.ipynb", strings.Replace(python, `, "language": "python"`, "", 1), `kernel "python3"`},
		{"a.ipynb", strings.Replace(old, `"go"`, `"python"`, 1), "it is in python"},
		{"a.ipynb", `{"cells": [], "metadata": {"language_info": {"name": "R"}}, "nbformat": 4}`, "it is in R"},
	} {
		err := notebook.Check(file(t, c.name, c.text), "")
		if !errors.Is(err, notebook.ErrNotANotebook) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q in %s: %v (want %q)", c.text, c.name, err, c.want)
		}
	}
	dir := filepath.Dir(file(t, "a.ipynb", plain))
	if err := notebook.Check(dir, ""); !errors.Is(err, notebook.ErrNotANotebook) || !strings.Contains(err.Error(), "such as "+filepath.Join(dir, "a.ipynb")) {
		t.Errorf("a folder: %v", err)
	}
	if err := notebook.Check(filepath.Join(dir, "b.ipynb"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Where the outputs can't be written nothing is run.
func TestCheckLooksAtOut(t *testing.T) {
	path := file(t, "a.ipynb", plain)
	for out, want := range map[string]string{
		filepath.Dir(path): "is there and no file",
		filepath.Join(filepath.Dir(path), "b", "c.ipynb"): "there is no folder",
	} {
		if err := notebook.Check(path, out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-o %s: %v (want %q)", out, err, want)
		}
	}
	if err := notebook.Check(path, path); err != nil {
		t.Errorf("over itself: %v", err)
	}
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
