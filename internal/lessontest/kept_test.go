package lessontest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What is kept in the repository is what a run gives: pictures, tables, no errors. And every lesson is run by a test.
func TestLessonsKeepTheirOutputs(t *testing.T) {
	for _, path := range lessons(t) {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			CheckOutputs(t, path)
			if _, err := os.Stat(filepath.Join("lesson"+name[:2], "lesson_test.go")); err != nil {
				t.Errorf("no test runs this lesson: %v", err)
			}
		})
	}
}

// The folder of the lessons has no program beside them: only what git ignores, what lessons leave when they run.
func TestNotebooksOnly(t *testing.T) {
	out, err := exec.Command("git", "ls-files", notebooks).Output()
	if err != nil {
		t.Skipf("no git checkout: %v", err)
	}
	for file := range strings.Lines(string(out)) {
		if file = strings.TrimSpace(file); filepath.Ext(file) != ".ipynb" {
			t.Errorf("%s is no notebook: tests and helpers of the lessons are in internal/lessontest", file)
		}
	}
}
