package text_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// table writes a CSV file.
func table(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "texts.csv")
	write(t, path, content)
	return path
}

// packed is a text as gzip compresses it.
func packed(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(content))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const reviews = "label,text,is_valid,title\n" +
	"pos,\"Good, \"\"very\"\" good\nindeed\",False,One\n" +
	"neg,Bad,False,\"Two, too\"\n" +
	"neg,,True,\n" +
	"pos,café \x00 😀,1,Four\n"

func TestFromCSV(t *testing.T) {
	for name, content := range map[string]string{
		"plain": reviews, "byte order mark": "\ufeff" + reviews, "CRLF": strings.ReplaceAll(reviews, "\n", "\r\n"), "no last newline": strings.TrimSuffix(reviews, "\n"),
		"gzip": packed(t, reviews), "gzip and a mark": packed(t, "\ufeff"+reviews),
	} {
		path := table(t, content)
		d, err := text.FromCSV(path, text.ValidColumn("is_valid"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if sizes(d) != [3]int{2, 2, 0} || !slices.Equal(d.Classes(), []string{"neg", "pos"}) || !slices.Equal(d.Labels(fastnb.Valid), []int{0, 1}) {
			t.Errorf("%s: %v documents of classes %q, labels %v", name, sizes(d), d.Classes(), d.Labels(fastnb.Valid))
		}
		wantTexts(t, d, fastnb.Train, "Good, \"very\" good\nindeed", "Bad")
		wantTexts(t, d, fastnb.Valid, "", "café \x00 😀")
		if names := d.Names(fastnb.Valid); !slices.Equal(names, []string{"texts.csv:5", "texts.csv:6"}) || d.Dir() != filepath.Dir(path) {
			t.Errorf("%s: names %q, folder %s", name, names, d.Dir())
		}
	}
}

func wantTexts(t *testing.T, d *text.Docs, s fastnb.Split, want ...string) {
	t.Helper()
	for i, w := range want {
		if got, err := d.Text(s, i); got != w || err != nil {
			t.Errorf("%s text %d is %q, %v, want %q", s, i, got, err, w)
		}
	}
}

func TestFromCSVWithOtherColumns(t *testing.T) {
	d, err := text.FromCSV(table(t, reviews), text.TextColumns("title", "text"), text.LabelColumn("is_valid"))
	if err != nil {
		t.Fatal(err)
	}
	wantTexts(t, d, fastnb.Train, "xxfld 1 One xxfld 2 Good, \"very\" good\nindeed")
	if !slices.Equal(d.Classes(), []string{"1", "False", "True"}) {
		t.Errorf("classes %q", d.Classes())
	}
	head, valid, test := table(t, "0;good\n1;bad\n"), table(t, "1;so, so\n"), table(t, "what;else\n")
	d, err = text.FromCSV(head, text.Header("label", "text"), text.Comma(';'), text.ValidCSV(valid), text.TestCSV(test))
	if err != nil {
		t.Fatal(err)
	}
	wantTexts(t, d, fastnb.Train, "good", "bad")
	wantTexts(t, d, fastnb.Valid, "so, so")
	wantTexts(t, d, fastnb.Test, "else")
}

func TestWrongCSV(t *testing.T) {
	ragged := "text,label\n" + strings.Repeat("a,b\n", 3) + strings.Repeat("a\n", 2) + "a,b,c\n"
	for _, c := range []struct {
		content string
		opts    []text.DocsOption
		words   []string
	}{
		{"", nil, []string{"the file is empty"}},
		{"text,label\n", nil, []string{"no rows"}},
		{reviews, []text.DocsOption{text.TextColumns("review")}, []string{`no column "review"`, `"label", "text", "is_valid", "title"`, "TextColumns", "Header"}},
		{reviews, []text.DocsOption{text.LabelColumn("class")}, []string{`no column "class"`, "LabelColumn"}},
		{reviews, []text.DocsOption{text.ValidColumn("title")}, []string{`line 2: "One" in column "title" (want true or false)`, "line 4"}},
		{"text,label,text\na,b,c\n", nil, []string{`column "text" is there twice`}},
		{ragged, nil, []string{"wrong rows, 3", "line 5: 1 fields for 2 columns", "line 6: 1", "line 7: 3"}},
		{"text,label\n" + strings.Repeat("a\n", 50), nil, []string{"wrong rows, 50", "line 21", "and 30 more"}},
		{"text,label\na,\n", nil, []string{"line 2: no label"}},
		{"text,label\n\"a,b\n", nil, []string{"line", "quote"}},
		{"text,label\na \"b\" c,d\n", nil, []string{"line 2", "doubled"}},
		{"\xff\xfet\x00", nil, []string{`no column "text" (there are "t"`}}, // UTF-16 is read
		{"PK\x03\x04\x14", nil, []string{"ZIP", "save the sheet as CSV"}},
		{"version https://git-lfs.github.com/spec/v1\nsize 7\n", nil, []string{"a Git LFS pointer", "git lfs pull"}},
		{"<!doctype html>\n<title>Log in</title>", nil, []string{"a web page"}},
		{"\x1f\x8b\x08", nil, []string{"gzip", "unpack"}},
		{"text,caf\xe9\na,b\n", nil, []string{"line 1", `"caf\xe9" is not UTF-8`}},
		{"text,label\na,b\na,caf\xe9\n", nil, []string{"wrong rows, 1", `line 3: "caf\xe9" is not UTF-8; if it should read "café"`}},
		{reviews, []text.DocsOption{text.Comma('"')}, []string{"delimiter"}},
		{reviews, []text.DocsOption{text.ValidCSV("nowhere.csv")}, []string{"nowhere.csv", "no such file"}},
	} {
		path := table(t, c.content)
		err := errorOf(text.FromCSV(path, c.opts...))
		if c.words[0] != "nowhere.csv" {
			c.words = append(c.words, path)
		}
		wrong(t, err, append(c.words, "text: FromCSV: ")...)
	}
	wrong(t, errorOf(text.FromCSV(table(t, reviews), text.ValidIn("valid"))), "text: FromCSV: ValidIn is an option for folders, and FromCSV reads a CSV file")
}

func TestChangedCSV(t *testing.T) {
	path := table(t, reviews)
	d, err := text.FromCSV(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 50); err != nil {
		t.Fatal(err)
	}
	_, err = d.Text(fastnb.Train, 3)
	wrong(t, err, "texts.csv:6", "the file has changed", "open it anew")
}

// A file of many rows is not kept in memory.
func TestLargeCSV(t *testing.T) {
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "\"review %d, it says\",%d\n", i, i%2)
	}
	d, err := text.FromCSV(table(t, b.String()), text.ValidShare(.2))
	if err != nil || sizes(d) != [3]int{4000, 1000, 0} {
		t.Fatalf("%v, %v", sizes(d), err)
	}
	for i, name := range d.Names(fastnb.Valid) {
		var line int
		fmt.Sscanf(name, "texts.csv:%d", &line)
		if s, err := d.Text(fastnb.Valid, i); s != fmt.Sprintf("review %d, it says", line-2) || err != nil {
			t.Fatalf("%s is %q, %v", name, s, err)
		}
	}
}

func TestIMDBSample(t *testing.T) {
	if os.Getenv("FASTNB_MIRROR") == "" {
		t.Skip("needs FASTNB_MIRROR, a folder with imdb_sample.tgz")
	}
	path, err := datasets.Fetch("imdb_sample")
	if err != nil {
		t.Fatal(err)
	}
	d, err := text.FromCSV(filepath.Join(path, "train.csv"), text.Header("label", "text"), text.ValidCSV(filepath.Join(path, "valid.csv")))
	if err != nil {
		t.Fatal(err)
	}
	if d.Len(fastnb.Train) != 800 || d.Len(fastnb.Valid) != 200 || len(d.Classes()) != 2 {
		t.Errorf("%v documents of classes %q", sizes(d), d.Classes())
	}
}
