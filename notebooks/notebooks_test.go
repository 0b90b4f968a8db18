// Package notebooks_test looks at what is kept of the lessons' outputs. The lessons themselves are run by the tests in the
// folders beside them.
package notebooks_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/notebooks/internal/lesson"
)

// What is kept in the repository is what a run gives: pictures, tables, no errors. And every lesson is run by a test.
func TestLessonsKeepTheirOutputs(t *testing.T) {
	paths, err := filepath.Glob("*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no lessons here: %v", err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			lesson.CheckOutputs(t, path)
			if _, err := os.Stat(filepath.Join("lesson"+path[:2], "lesson_test.go")); err != nil {
				t.Errorf("no test runs this lesson: %v", err)
			}
		})
	}
}
