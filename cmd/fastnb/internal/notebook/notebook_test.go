package notebook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/notebook"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

const testdata = "../../testdata/"

// environment sets up what is missing, once for all tests here.
var environment = sync.OnceValues(func() (*setup.Env, error) { return setup.Run(context.Background(), os.Stderr) })

func env(t *testing.T) *setup.Env {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the kernel")
	}
	e, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRunComputesAndKeepsOutputs(t *testing.T) {
	e := env(t)
	out := filepath.Join(t.TempDir(), "out.ipynb")
	var log bytes.Buffer
	if err := notebook.Run(t.Context(), e, testdata+"good.ipynb", out, &log); err != nil {
		t.Fatal(err)
	}
	text := outputs(t, out)
	if !strings.Contains(text, "float32(42)") || !strings.Contains(text, "the end") {
		t.Errorf("outputs are %q", text)
	}
	if got := strings.Count(log.String(), " s\n"); got != 4 {
		t.Errorf("%d lines with a time (want 3 cells and the sum):\n%s", got, &log)
	}
}

// outputs joins the text that a notebook's cells wrote.
func outputs(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Outputs  []struct{ Text []string }
			Metadata map[string]any
		}
	}
	if err := json.Unmarshal(content, &nb); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, c := range nb.Cells {
		if len(c.Metadata) > 0 {
			t.Errorf("metadata is not clean: %v", c.Metadata)
		}
		for _, o := range c.Outputs {
			text.WriteString(strings.Join(o.Text, ""))
		}
	}
	return text.String()
}

func TestRunNamesTheFailingLine(t *testing.T) {
	e := env(t)
	for _, c := range []struct {
		notebook   string
		cell, line int
		source     string
		message    string
	}{
		{"compile-error.ipynb", 2, 3, "unused := 3", "declared and not used: unused"},
		{"check.ipynb", 2, 3, `file := nb.Must(os.Open("/absent/file"))`, "open /absent/file: no such file or directory"},
		{"panics.ipynb", 3, 3, "fmt.Println(third(nil))", "index out of range [2] with length 0"},
	} {
		var failed *notebook.Error
		err := notebook.Run(t.Context(), e, testdata+c.notebook, "", io.Discard)
		if !errors.As(err, &failed) {
			t.Errorf("%s: error is %v", c.notebook, err)
			continue
		}
		if failed.Cell != c.cell || failed.Line != c.line || failed.Source != c.source || !strings.Contains(failed.Message, c.message) {
			t.Errorf("%s: failed with %+v (want %+v)", c.notebook, failed, c)
		}
	}
}

func TestRunStopsTheCellOnInterrupt(t *testing.T) {
	e := env(t)
	file := filepath.Join(t.TempDir(), "state")
	t.Setenv("FASTNB_TEST_FILE", file)
	ctx, interrupt := context.WithTimeout(t.Context(), 2*time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- notebook.Run(ctx, e, testdata+"interrupted.ipynb", "", io.Discard) }()
	for ctx.Err() == nil && content(file) != "waiting" {
		time.Sleep(50 * time.Millisecond)
	}
	interrupt()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("error is %v", err)
	}
	if got := content(file); got != "stopped by an interrupt" {
		t.Errorf("the cell left %q", got)
	}
}

func TestRunWithoutNotebook(t *testing.T) {
	if err := notebook.Run(t.Context(), &setup.Env{}, "absent.ipynb", "", io.Discard); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

func content(path string) string {
	b, _ := os.ReadFile(path)
	return string(b)
}
