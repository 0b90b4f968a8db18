package lab_test

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/lab"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/internal/fetch"
)

// seen is what the script testdata/browser.py saw.
type seen struct {
	Completed     []string `json:"completed"`
	Documentation string   `json:"documentation"`
	Bars          []string `json:"bars"` // the different ones of a fit
	Fitted        string   `json:"fitted"`
	Stopped       string   `json:"stopped"`
	AfterStop     string   `json:"after_stop"`
	Reloaded      string   `json:"reloaded"`
	ReloadPrompt  string   `json:"reload_prompt"`
	ReloadBars    []string `json:"reload_bars"`
	ReloadFitted  string   `json:"reload_fitted"`
}

// A notebook in a real browser: names are completed and documented, a fit's bar moves and leaves its table, the stop
// button keeps the epochs that are done, the next fit offers to go on with them, and a reload of the page in the middle
// of it loses nothing. Pictures are left in the folder FASTNB_TEST_PICTURES.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs JupyterLab")
	}
	chromium, python := browser(t)
	env, err := setup.Run(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/notebooks")); err != nil {
		t.Fatal(err)
	}
	at := serve(t, env, lab.Options{Port: 18090, Folder: folder})
	pictures := cmp.Or(os.Getenv("FASTNB_TEST_PICTURES"), t.TempDir())
	cmd := exec.CommandContext(t.Context(), python, "testdata/browser.py", chromium, at.base+"/lab?token="+at.token, pictures, "check")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v, after it saw %s", err, out)
	}
	var s seen
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatal(err)
	}
	s.check(t)
	saved(t, filepath.Join(folder, "slow.ipynb"))
}

// browser finds what drives a browser, or skips the test.
func browser(t *testing.T) (chromium, python string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium in PATH (on Debian: apt install chromium)")
	}
	cache, err := fetch.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "browser")
	python = filepath.Join(dir, "bin", "python")
	if err := exec.Command(python, "-c", "import playwright").Run(); err != nil {
		t.Skipf("no Playwright: python3 -m venv %s && %[1]s/bin/pip install -r cmd/fastnb/internal/lab/testdata/requirements.txt", dir)
	}
	return chromium, python
}

// bar is what the line of a running fit has between the epoch and the batch.
const bar = "· batch"

func (s *seen) check(t *testing.T) {
	for _, want := range []string{"Fit", "FitOneCycle", "FitSchedule"} {
		if !slices.Contains(s.Completed, want) {
			t.Errorf("learn.Fit is completed to %q (want %s among them)", s.Completed, want)
		}
	}
	contain(t, "the documentation of Fit", s.Documentation, "Fit trains")
	if len(s.Bars) < 10 {
		t.Errorf("the bar was seen %d times: %q", len(s.Bars), s.Bars)
	}
	contain(t, "a fit", s.Fitted, "\n0\t", "\n7\t", "kept 8 epochs")
	contain(t, "a stopped fit", s.Stopped, "\n1\t", "stopped after 2 of 8 epochs", "interrupted")
	contain(t, "what it left", s.AfterStop, "kept 2 epochs")
	contain(t, "a fit after a reload", s.Reloaded, "\n1\t", "epoch ")
	if s.ReloadPrompt != "[*]:" || len(s.ReloadBars) < 3 {
		t.Errorf("after a reload the prompt is %q and the bar was seen %d times: %q", s.ReloadPrompt, len(s.ReloadBars), s.ReloadBars)
	}
	contain(t, "a fit at its end after a stop and a reload", s.ReloadFitted, "begun and not finished", "Resume(true)",
		"\n0\t", "\n7\t", "kept 8 epochs")
	if strings.Contains(s.Fitted+s.ReloadFitted, bar) {
		t.Errorf("the bar stays: %q, %q", s.Fitted, s.ReloadFitted)
	}
}

// saved checks the notebook that was saved after the reload.
func saved(t *testing.T, path string) {
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Count   int `json:"execution_count"`
			Outputs []any
		}
	}
	if err := json.Unmarshal(content, &notebook); err != nil {
		t.Fatal(err)
	}
	fit := notebook.Cells[2]
	outputs, err := json.Marshal(fit.Outputs)
	if err != nil {
		t.Fatal(err)
	}
	contain(t, "the notebook", string(outputs), "begun and not finished", "td\\u003e7\\u003c/td", "kept 8 epochs")
	if len(fit.Outputs) != 3 || fit.Count == 0 {
		t.Errorf("the notebook's fit has the number %d and %d outputs: %s", fit.Count, len(fit.Outputs), outputs)
	}
}

func contain(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s shows %q (want %q in it)", what, text, want)
		}
	}
}
