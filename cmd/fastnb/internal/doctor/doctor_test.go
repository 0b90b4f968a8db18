package doctor_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/doctor"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

func TestExamineNamesWhatIsThere(t *testing.T) {
	if testing.Short() {
		t.Skip("sets up")
	}
	env, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	if err := doctor.Examine(t.Context(), &report); err != nil {
		t.Errorf("%v:\n%s", err, &report)
	}
	for _, want := range []string{"go version", "Python", "GPU", env.Engine.Plugin, "engine", "resident", env.Kernels} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &report)
		}
	}
}

func TestExamineSaysWhatToDo(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_PLUGIN", filepath.Join(t.TempDir(), "none.so"))
	t.Setenv("FASTNB_PYTHON", filepath.Join(t.TempDir(), "python3"))
	t.Setenv("CXX", filepath.Join(t.TempDir(), "g++"))
	var report bytes.Buffer
	err := doctor.Examine(t.Context(), &report)
	if err == nil || err.Error() != "doctor: 4 missing" {
		t.Errorf("error is %v", err)
	}
	for _, want := range []string{"MISSING  C++", "apt install g++", "MISSING  Python", "apt install python3-venv", "MISSING  plugin", "no plugin file", "MISSING  kernel"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &report)
		}
	}
}
