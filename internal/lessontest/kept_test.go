package lessontest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/internal/lessontest"
)

// notebooks is the folder of the lessons.
var notebooks = filepath.Join("..", "..", "notebooks")

// What is kept in the repository is what a run gives: pictures, tables, no errors. And every lesson is run by a test.
func TestLessonsKeepTheirOutputs(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(notebooks, "[0-9][0-9]-*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no lessons in %s: %v", notebooks, err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			lessontest.CheckOutputs(t, path)
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
