package fastnb_test

import (
	"bytes"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const contributing = "CONTRIBUTING.md"

// The files of two walk-throughs, as CONTRIBUTING.md shows them, build and pass beside those of the repository. With
// -short those of the metric are left out: its test links the engine.
func TestWalkThroughs(t *testing.T) {
	files := walkThroughs(t)
	for _, walk := range []struct{ pkg, run string }{{"fastnb/schedule", "Trapezoid"}, {"fastnb/metric", "Informedness"}} {
		t.Run(walk.run, func(t *testing.T) {
			if testing.Short() && walk.pkg == "fastnb/metric" {
				t.Skip("-short: compiles and links for long")
			}
			cmd := exec.Command("go", "test", "-overlay", overlay(t, files), "-v", "-run", walk.run, "./"+walk.pkg)
			out, err := cmd.CombinedOutput()
			for _, name := range []string{"Test" + walk.run, "Example" + walk.run} {
				if err != nil || !bytes.Contains(out, []byte("--- PASS: "+name)) {
					t.Fatalf("%s did not pass: %v\n%s", name, err, out)
				}
			}
		})
	}
}

var step = regexp.MustCompile("^\\d+\\. `([\\w/]+\\.go)`")

// walkThroughs returns the whole Go files that CONTRIBUTING.md shows, by the path that the step above each names.
func walkThroughs(t *testing.T) map[string]string {
	t.Helper()
	const indent = "   "
	files, path, inside := map[string]string{}, "", false
	for line := range strings.Lines(read(t, contributing)) {
		if m := step.FindStringSubmatch(line); m != nil {
			path = m[1]
		}
		switch fence := strings.TrimSpace(line); {
		case fence == "```go":
			inside = true
		case fence == "```":
			inside = false
		case inside && (files[path] != "" || strings.HasPrefix(fence, "package ")):
			files[path] += strings.TrimPrefix(line, indent)
		}
	}
	if len(files) != 6 {
		t.Fatalf("%s shows %d whole files (want 6, three each of two walk-throughs)", contributing, len(files))
	}
	return files
}

// overlay writes the files elsewhere, and what tells go to take them for files of the repository.
func overlay(t *testing.T, files map[string]string) (path string) {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for name, text := range files {
		if _, err := os.Stat(name); err == nil {
			t.Fatalf("%s is in the repository by now: let %s show another example", name, contributing)
		}
		if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
			t.Errorf("%s of %s is not as gofmt writes it (%v)", name, contributing, err)
		}
		replace[name] = filepath.Join(dir, filepath.Base(name))
		write(t, replace[name], []byte(text))
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "overlay.json")
	write(t, path, text)
	return path
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	target = regexp.MustCompile(`(?m)^([a-z]+):`)
	made   = regexp.MustCompile("(?m)(?:`|^ {4}|run: )make ([a-z]+)")
	part   = regexp.MustCompile(`(?m)^([a-z]+)\)`)
	asked  = regexp.MustCompile(`(?m)\.ci/run ([a-z]+)`)
)

// What the pages and the workflows tell to make is a target of the Makefile, and what that asks of .ci/run is a part of
// it.
func TestTargets(t *testing.T) {
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(workflows) == 0 {
		t.Errorf("no workflows: %v", err)
	}
	for _, page := range append(workflows, contributing, "README.md") {
		has(t, page, made, "Makefile", target)
	}
	has(t, "Makefile", asked, ".ci/run", part)
}

// has checks that each word that a pattern finds in one file is found by another in the other.
func has(t *testing.T, from string, use *regexp.Regexp, in string, define *regexp.Regexp) {
	t.Helper()
	var defined []string
	for _, m := range define.FindAllStringSubmatch(read(t, in), -1) {
		defined = append(defined, m[1])
	}
	for _, m := range use.FindAllStringSubmatch(read(t, from), -1) {
		if !slices.Contains(defined, m[1]) {
			t.Errorf("%s asks for %q of %s, which has %v", from, m[1], in, defined)
		}
	}
}
