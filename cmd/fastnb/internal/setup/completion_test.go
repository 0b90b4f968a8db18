package setup_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

// Tab and shift-Tab know fastnb in the real kernel, in cells that are whole and in cells that are half written; and no
// gopls outlives its kernel, however that ends.
func TestCompletion(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the kernel")
	}
	env, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"shutdown", "kill"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			asked(t, env, how)
		})
	}
}

func asked(t *testing.T, env *setup.Env, how string) {
	cmd := exec.CommandContext(t.Context(), env.Python, "testdata/ask.py", setup.KernelName, how)
	cmd.Env, cmd.Stderr = env.Environ(), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Whole, Half, Started, Left []string
		WholeDoc, HalfDoc          string
	}
	if err := json.Unmarshal(out, &told); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"FromPaths", "FromScratch"} {
		if !slices.Contains(told.Whole, want) {
			t.Errorf("vision.From is completed to %q (want %s among them)", told.Whole, want)
		}
	}
	if !slices.Contains(told.Half, "Size") {
		t.Errorf("in a half-written cell vision.Si is completed to %q (want Size)", told.Half)
	}
	for _, doc := range []string{told.WholeDoc, told.HalfDoc} {
		if !strings.Contains(doc, "func vision.FromPaths(path string") || !strings.Contains(doc, "FromPaths makes image data") {
			t.Errorf("FromPaths is documented as %q", doc)
		}
	}
	if !slices.Contains(told.Started, "gopls") || len(told.Left) > 0 {
		t.Errorf("of %q that the kernel started are left: %q", told.Started, told.Left)
	}
}
