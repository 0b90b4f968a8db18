package serve_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// seen is what the script testdata/browser.py saw.
type seen struct {
	Errors, Requests       []string
	Heading, Table, Ground string
	Picture                int
	Overflow               bool
	Wrong                  string
}

// The page in a real browser: a photo, a text and a row are predicted by its form, without a script and without
// anything from elsewhere, in light and dark, and what is wrong is told. Pictures are left in the folder
// FASTNB_TEST_PICTURES.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	chromium, python := browser(t)
	dir := t.TempDir()
	for name, c := range map[string]struct {
		model        func() serve.Model
		file         []byte
		field, wrong string
		width        int
	}{
		"image": {func() serve.Model { return imageModel(t) }, photoFile(t, true, 1), "warm", "the image can't be read", 32},
		"text":  {func() serve.Model { return serve.Texts(verdicts(t)) }, []byte("a <b>good</b> film"), "pos", "write something first", 0},
		"row": {func() serve.Model { return serve.Rows(plants(t, tabular.Class("sun")), columns) },
			[]byte(`{"kind": "rose", "height": 50}`), "true", `column "height" is "tall"`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, c.model(), serve.Name("plants & <photos>"))
			file := filepath.Join(dir, name+".png")
			check(t, os.WriteFile(file, c.file, 0o666))
			pictures := cmp.Or(os.Getenv("FASTNB_TEST_PICTURES"), t.TempDir())
			cmd := exec.CommandContext(t.Context(), python, "testdata/browser.py", chromium, s.url, pictures, name, file)
			var log bytes.Buffer
			cmd.Stderr = &log
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v, after it saw %s\n%s", err, out, &log)
			}
			var got seen
			check(t, json.Unmarshal(out, &got))
			if len(got.Errors) > 0 || got.Overflow || got.Picture != c.width || got.Ground != "rgb(255, 255, 255)" ||
				!strings.Contains(got.Table, c.field) || !strings.Contains(got.Table, "%") || !strings.Contains(got.Wrong, c.wrong) {
				t.Errorf("it saw %s", out)
			}
			for _, url := range got.Requests {
				if !strings.HasPrefix(url, s.url) && !strings.HasPrefix(url, "data:image/png") {
					t.Errorf("the page asks for %s", url)
				}
			}
		})
	}
}

// browser finds what drives a browser, or skips the test.
func browser(t *testing.T) (chromium, python string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium in PATH (on Debian: apt install chromium)")
	}
	cache, err := os.UserCacheDir()
	check(t, err)
	dir := filepath.Join(cache, "fastnb", "browser")
	python = filepath.Join(dir, "bin", "python")
	if err := exec.Command(python, "-c", "import playwright").Run(); err != nil {
		t.Skipf("no Playwright: python3 -m venv %s && %[1]s/bin/pip install -r cmd/fastnb/internal/lab/testdata/requirements.txt", dir)
	}
	return chromium, python
}

// The page shows again what was sent, and nothing that is sent becomes part of it.
func TestPageEscapes(t *testing.T) {
	s, c := start(t, serve.Texts(verdicts(t)), serve.Name(`"><script>alert(1)</script>`)), client(t)
	const text = `</textarea><script>alert(2)</script>`
	body := "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n" + text + "\r\n--b--\r\n"
	r := send(t, c, "POST", s.url+"/", "multipart/form-data; boundary=b", strings.NewReader(body))
	if r.status != 200 || strings.Contains(r.text, "<script") || !strings.Contains(r.text, "&lt;script&gt;alert(2)") {
		t.Errorf("%d %s", r.status, r.text)
	}
	policy := r.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
}
