package duck_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// in16 is text in UTF-16, little endian, behind a mark if there is one.
func in16(mark, text string) string {
	b := []byte(mark)
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A file is read in each encoding that a document or a list of word vectors may have.
func TestReadEncodings(t *testing.T) {
	const list = `[{"a": 1, "ü": "M"}, {"a": 2, "ü": "“Zoë”"}]`
	for _, c := range []struct {
		file, content string
		encoding      string
	}{
		{"t.csv", "\ufeffa,ü\n1,M\n2,“Zoë”\n", "utf-8"},
		{"t.csv", "\ufeffa,ü\n1,M\n2,“Zoë”\n", "latin-1"},
		{"t.csv", "a,ü\n1,M\n2,“Zoë”\n", "windows-1252"},
		{"t.csv", "a,\xfc\n1,M\n2,\x93Zo\xeb\x94\n", "windows-1252"},
		{"t.csv", in16("\xff\xfe", "a,ü\r\n1,M\r\n2,“Zoë”\r\n"), "utf-8"},
		{"t.tsv", in16("\xff\xfe", "a\tü\r\n1\tM\r\n2\t“Zoë”\r\n"), "latin-1"},
		{"t.csv", in16("", "a,ü\n1,M\n2,“Zoë”"), "utf-16"},
		{"t.csv", "a,ü\n1,M\n2,“Zoë”\n", "latin-1"},
		{"t.csv.gz", zipped(t, in16("\xff\xfe", "a,ü\n1,M\n2,“Zoë”\n")), "utf-8"},
		{"t.csv.gz", zipped(t, "a,\xfc\n1,M\n2,\x93Zo\xeb\x94\n"), "windows-1252"},
		{"t.json", "\ufeff" + list, "utf-8"},
		{"t.json", in16("\xff\xfe", list), "utf-8"},
		{"t.json", in16("", list), "utf-16"},
		{"t.json.gz", zipped(t, in16("\xff\xfe", list)), "utf-8"},
		{"t.jsonl", "{\"a\": 1, \"\xfc\": \"M\"}\n{\"a\": 2, \"\xfc\": \"\x93Zo\xeb\x94\"}\n", "windows-1252"},
	} {
		db := open(t)
		report, err := db.Read("t", write(t, c.file, c.content), duck.Encoding(c.encoding))
		if err != nil {
			t.Errorf("%.30q as %q: %v", c.content, c.encoding, err)
			continue
		}
		table, err := db.Query("FROM t ORDER BY a")
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Column("ü"); got == nil || got.Texts[1] != "“Zoë”" || filepath.Base(report.Paths[0]) != c.file {
			t.Errorf("%.30q as %q: %s, %v", c.content, c.encoding, report, got)
		}
	}
}

// What can't be read is shown, with the encoding that would read it, and named by its own name.
func TestReadWrongEncodings(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	defer func() {
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("%v is left, %v", left, err)
		}
	}()
	for _, c := range []struct {
		file, content string
		encoding      string
		want          []string
	}{
		{"t.json", in16("", "{\"a\": 1}"), "utf-8", []string{"t.json: ", "UTF-16 without", `Encoding("utf-16")`}},
		{"t.csv", in16("", "a,b\n1,2\n"), "utf-8", []string{"t.csv: ", "UTF-16 without", `Encoding("utf-16")`}},
		{"t.jsonl", "{\"a\": 1}\n{\"a\": \"M\xfcnchen\"}\n", "utf-8",
			[]string{"t.jsonl:2: ", "München", `Encoding("latin-1")`}},
		{"t.csv", "a,b\n1,\"x\nM\xfcnchen\"\n", "utf-8", []string{"t.csv:3: "}},
		{"t.csv", "a\nMünchen\nM\xfcnster\n", "utf-8", []string{"t.csv:3: ", "it is damaged"}},
		{"t.csv", "a\nM\xfcnchen\nit\x92s\n", "utf-8", []string{"t.csv:2: ", `Encoding("latin-1")`}},
		{"t.csv", "a\nM\xfcnchen\nit\x92s\n", "latin-1",
			[]string{`t.csv:3: "it\x92s"`, `"it’s"`, `Encoding("windows-1252")`}},
		{"t.json", "[{\"a\": \"M\xfcnchen\"},,]", "latin-1", []string{"t.json"}},
		{"t.json", "<html>", "utf-8", []string{"t.json: this is a web page"}},
		{"t.parquet", "version https://git-lfs.github.com/spec/v1\n", "utf-8",
			[]string{"t.parquet: this is a Git LFS pointer"}},
		{"t.json", "", "utf-8", []string{"t.json is empty"}},
		{"t.csv", in16("", "имя\nИван\nМария\n"), "utf-8", []string{"t.csv: ", "zero bytes", `Encoding("utf-16")`}},
		{"t.csv", in16("", "a,b\n1,一\n"), "windows-1252", []string{"t.csv: ", `Encoding("utf-16")`}},
		{"t.csv", "a,b\n1,2\n", "utf-16", []string{"t.csv: it is no UTF-16"}},
		{"t.csv.gz", zipped(t, "a\n"+strings.Repeat("M\xfcnchen\n", 1<<16))[:700], "latin-1", []string{"t.csv.gz: ", "cut off?"}},
		{"t.json", "{}", "cp437", []string{`Encoding("cp437")`}},
	} {
		path := write(t, c.file, c.content)
		_, err := open(t).Read("t", path, duck.Encoding(c.encoding))
		wantError(t, err, c.want...)
		if strings.Contains(err.Error(), "-utf8") {
			t.Errorf("%v (want no path of a copy)", err)
		}
	}
}

// The copy of a file is nowhere to be seen, and gone after Read.
func TestReadCopies(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	db, path := open(t), write(t, "t.csv", "a,b\n1,M\xfcnchen\n2\n3,x\n")
	report, err := db.Read("t", path, duck.Encoding("latin-1"), duck.SkipBad(true))
	if err != nil || len(report.Skipped) != 1 || report.Skipped[0].Path != path || report.Skipped[0].Line != 3 {
		t.Errorf("%v, %v", report, err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
