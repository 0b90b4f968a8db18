package submit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/internal/kaggle"
)

// serve is a server that takes submissions to one competition as Kaggle does; what came is kept.
func serve(t *testing.T) *[]string {
	var came []string
	var s *httptest.Server
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/competitions/plants/submissions/url/{size}/{time}", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"createUrl": s.URL + "/put", "token": "blob"})
	})
	mux.HandleFunc("PUT /put", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		came = append(came, string(body))
	})
	mux.HandleFunc("POST /api/v1/competitions/submissions/submit/plants", func(w http.ResponseWriter, r *http.Request) {
		came = append(came, r.FormValue("submissionDescription"))
		json.NewEncoder(w).Encode(map[string]any{"message": "Successfully submitted to Plants", "ref": 7})
	})
	s = httptest.NewServer(mux)
	was := kaggle.Site
	kaggle.Site = s.URL
	t.Cleanup(func() { kaggle.Site = was; s.Close() })
	for name, value := range map[string]string{"HOME": t.TempDir(), "FASTNB_CACHE": t.TempDir(), "FASTNB_MIRROR": "",
		"KAGGLE_USERNAME": "me", "KAGGLE_KEY": "secret", "KAGGLE_API_TOKEN": "", "KAGGLE_CONFIG_DIR": ""} {
		t.Setenv(name, value)
	}
	return &came
}

const (
	good   = "file,species\n1.png,Maize\n2.png,Sugar beet\n"
	sample = "file,species\n1.png,Sugar beet\n2.png,Sugar beet\n"
)

// files puts a submission and what was fetched of the competition in place.
func files(t *testing.T, submission, sample string) (path string) {
	t.Helper()
	dir, _, err := kaggle.Folder("plants")
	path = filepath.Join(t.TempDir(), "s.csv")
	err = errors.Join(err, os.MkdirAll(filepath.Join(dir, "train", "Maize"), 0o755),
		os.MkdirAll(filepath.Join(dir, "train", "Sugar beet"), 0o755), os.WriteFile(path, []byte(submission), 0o644))
	if sample != "" {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, "sample_submission.csv"), []byte(sample), 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// What is sent is what was shown, and nothing is sent without a yes.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		said string
		yes  bool
		sent bool
		err  string
	}{
		{"y\n", false, true, ""}, {"YES\n", false, true, ""}, {"y", false, true, ""}, {"", true, true, ""},
		{"n\n", false, false, ""}, {"\n", false, false, ""}, {"sure\n", false, false, ""},
		{"", false, false, "nobody answered, so nothing was sent; -yes sends without asking"},
	} {
		came := serve(t)
		path := files(t, good, sample)
		var out bytes.Buffer
		o := Options{Competition: "https://www.kaggle.com/c/plants", File: path, Message: "five folds", Yes: c.yes}
		err := Run(t.Context(), o, strings.NewReader(c.said), &out)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: %v (want %q)", c.said, err, c.err)
		}
		if got := strings.Join(*came, "|"); c.sent != (got == good+"|five folds") || !c.sent && got != "" {
			t.Errorf("%q: sent was %q", c.said, got)
		}
		for _, want := range []string{"competition  plants, ", path + ", 2 rows, 42 bytes", "columns      file, species",
			"first rows   1.png, Maize", "sample_submission.csv: its columns, its 2 ids", "message      five folds",
			"sent with    the credentials of KAGGLE_USERNAME"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q: what it says lacks %q:\n%s", c.said, want, &out)
			}
		}
		if strings.Contains(out.String(), "secret") || c.sent != strings.Contains(out.String(), "Successfully submitted to Plants") {
			t.Errorf("%q: it says\n%s", c.said, &out)
		}
	}
}

// What would be uploaded in vain is not sent, and told why.
func TestRunErrors(t *testing.T) {
	for name, c := range map[string]struct {
		submission, sample string
		change             func(o *Options)
		want               string
	}{
		"header":       {strings.Replace(good, "species", "label", 1), sample, nil, "columns are file,label (sample_submission.csv wants file,species)"},
		"missing":      {"file,species\n1.png,Maize\n", sample, nil, `id "2.png" of sample_submission.csv is missing`},
		"twice":        {good + "2.png,Maize\n", sample, nil, `id "2.png" is not in sample_submission.csv, or not so often`},
		"empty":        {strings.Replace(good, "Maize", "", 1), sample, nil, `column "species" is empty or no number in 1 of 2 rows`},
		"index":        {"file,species\n1.png,0\n2.png,1\n", sample, nil, `column "species" holds numbers ("0", "1"), the sample's holds words ("Sugar beet"): the names of classes`},
		"words":        {"file,species\n1.png,a\n2.png,b\n", "file,species\n1.png,0\n2.png,0\n", nil, `column "species" holds words ("a", "b"), the sample's holds numbers ("0")`},
		"another name": {strings.Replace(good, "Maize", "maize", 1), sample, nil, `column "species" holds "maize", which are no classes of the training data ("Maize", "Sugar beet"`},
		"no file":      {good, sample, func(o *Options) { o.File += "x" }, "no such file"},
		"no sample":    {good, "", nil, "there is no sample_submission.csv to check s.csv against: `fastnb kaggle fetch plants` gets it"},
		"other sample": {good, sample, func(o *Options) { o.Sample = "sampel.csv" }, "the sample: open sampel.csv: no such file"},
		"swapped":      {good, sample, func(o *Options) { o.Competition, o.File = o.File, o.Competition }, "s.csv is a file: first comes the competition, then the file"},
		"a zip":        {"PK\x03\x04\x00\x00", sample, nil, "this is a ZIP file"},
		"semicolons":   {"file;species\n1.png;Maize\n", sample, nil, `lie between ";"`},
		"unknown":      {good, sample, func(o *Options) { o.Competition, o.Sample = "animals", Unchecked }, `no competition "animals"`},
		"nobody":       {good, sample, func(o *Options) { os.Setenv("KAGGLE_KEY", ""); os.Setenv("KAGGLE_USERNAME", "") }, "no Kaggle credentials. To get some:"},
	} {
		came := serve(t)
		o := Options{Competition: "plants", File: files(t, c.submission, c.sample), Yes: true}
		if c.change != nil {
			c.change(&o)
		}
		err := Run(t.Context(), o, strings.NewReader(""), io.Discard)
		if err == nil || !strings.HasPrefix(err.Error(), "kaggle submit: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (want %s)", name, err, c.want)
		}
		if len(*came) > 0 {
			t.Errorf("%s: sent was %q", name, *came)
		}
	}
}

// Rows in another order, several names in a cell, and samples by other names are fine.
func TestCheck(t *testing.T) {
	serve(t)
	path := files(t, "file,species\n2.png,Maize\n1.png,Sugar beet\n", sample)
	o := Options{Competition: "plants", File: path, Sample: ""}
	for submission, want := range map[string]string{
		good: "no empty cell", "file,species\n2.png,Maize\n1.png,Sugar beet\n": "another order",
		"file,species\n1.png,Maize beet\n2.png,Maize\n": "its 2 ids", sample: "every cell is the sample's own",
	} {
		if err := os.WriteFile(path, []byte(submission), 0o644); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Run(t.Context(), o, strings.NewReader("n\n"), &out); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%q: %v\n%s", submission, err, &out)
		}
	}
	t.Run("tags", testTags)
	beside := filepath.Join(t.TempDir(), "gender_submission.csv")
	if err := os.WriteFile(beside, []byte("PassengerId,Survived\n1,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := (Options{File: filepath.Join(filepath.Dir(beside), "mine.csv")}).sample("titanic"); got != beside || err != nil {
		t.Errorf("the sample beside the file is %q, %v (want %q)", got, err, beside)
	}
}

// An image may have no tag at all, and tags may be numbers. A column of one class each has no empty cell.
func testTags(t *testing.T) {
	dir, _, err := kaggle.Folder("plants")
	err = errors.Join(err, os.RemoveAll(dir))
	for _, c := range []struct{ sample, submission, want string }{
		{"image,tags\na,haze primary\nb,haze primary\n", "image,tags\na,\nb,haze\n", "1 cell without a tag"},
		{"image,tags\na,haze\nb,haze\n", "image,tags\na,\nb,haze primary\n", "1 cell without a tag"},
		{"image,tags\na,0\nb,0\n", "image,tags\na,0 16\nb,16\n", "no empty cell"},
		{"image,tags\na,0\nb,0\n", "image,tags\na,0 16\nb,\n", "1 cell without a tag"},
		{"image,tags\na,haze\nb,haze\n", "image,tags\na,\nb,haze\n", `column "tags" is empty or no number in 1 of 2 rows`},
	} {
		path, sample := filepath.Join(t.TempDir(), "s.csv"), filepath.Join(t.TempDir(), "sample.csv")
		err = errors.Join(err, os.WriteFile(path, []byte(c.submission), 0o644), os.WriteFile(sample, []byte(c.sample), 0o644))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		o := Options{Competition: "plants", File: path, Sample: sample}
		err := Run(t.Context(), o, strings.NewReader("n\n"), &out)
		if !strings.Contains(fmt.Sprint(err, out.String()), c.want) {
			t.Errorf("%q: %v\n%s(want %q)", c.submission, err, &out, c.want)
		}
	}
}

// The sample may be called as the submission is, in another folder; a file is no sample of itself.
func TestSampleOfTheSameName(t *testing.T) {
	serve(t)
	files(t, good, sample)
	dir, _, err := kaggle.Folder("plants")
	path := filepath.Join(t.TempDir(), "sample_submission.csv")
	if err := errors.Join(err, os.WriteFile(path, []byte(good), 0o644)); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(dir, "sample_submission.csv")
	if got, err := (Options{File: path}).sample("plants"); got != want {
		t.Errorf("the sample is %q, %v (want %q)", got, err, want)
	}
	if got, err := (Options{File: want}).sample("plants"); got != "" {
		t.Errorf("the sample of the sample is %q, %v", got, err)
	}
}

// Ctrl-C while it asks ends it.
func TestAskIsEnded(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	never, w := io.Pipe()
	defer w.Close()
	if sure, err := ask(ctx, never, io.Discard); sure || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%t, %v", sure, err)
	}
}
