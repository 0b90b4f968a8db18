package text_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// Texts as Python's open(path, encoding=...) reads them: lines end in \n, marks are not there.
func TestEncodings(t *testing.T) {
	for name, c := range map[string]struct {
		opts        []text.DocsOption
		bytes, want string
	}{
		"a mark":         {nil, "\ufeffcafé", "café"},
		"Latin-1":        {[]text.DocsOption{text.Encoding("latin-1")}, "caf\xe9", "café"},
		"Windows-1252":   {[]text.DocsOption{text.Encoding("windows-1252")}, "\x93caf\xe9\x94", "“café”"},
		"UTF-16":         {nil, "\xff\xfeh\x00\xe9\x00", "hé"},
		"big endian":     {nil, "\xfe\xff\x00h\x00\xe9", "hé"},
		"without a mark": {[]text.DocsOption{text.Encoding("utf-16")}, "h\x00\xe9\x00", "hé"},
		"replaced":       {[]text.DocsOption{text.ReplaceBad(true)}, "caf\xe9 für", "caf\ufffd für"},
		"empty":          {nil, "", ""},
		"ends of lines":  {nil, "a\r\nb\rc\n\fd\n\r", "a\nb\nc\n\fd\n\n"},
		"a zero byte":    {nil, "nul\x00 here", "nul\x00 here"},
		"a long line":    {nil, strings.Repeat("é", 1<<20), strings.Repeat("é", 1<<20)},
	} {
		root := t.TempDir()
		write(t, filepath.Join(root, "a.txt"), c.bytes)
		d, err := text.FromFolders(root, c.opts...)
		ok(t, err)
		if s, err := d.Text(fastnb.Train, 0); s != c.want || err != nil {
			t.Errorf("%s: text %.40q, %v, want %.40q", name, s, err, c.want)
		}
		if strings.Contains(c.bytes, "\r") {
			continue // a table keeps the ends of lines within its fields
		}
		d, err = text.FromTexts([]string{c.bytes}, nil, c.opts...)
		ok(t, err)
		if s, err := d.Text(fastnb.Train, 0); s != c.want || err != nil {
			t.Errorf("%s: text in memory %.40q, %v, want %.40q", name, s, err, c.want)
		}
	}
}

// A pointer is no document; a page may be one.
func TestPointers(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a.txt"), "<html><body>a page</body></html>")
	write(t, filepath.Join(root, "b.txt"), "version https://git-lfs.github.com/spec/v1\nsize 7\n")
	d, err := text.FromFolders(root)
	ok(t, err)
	if s, err := d.Text(fastnb.Train, 0); s != "<html><body>a page</body></html>" || err != nil {
		t.Errorf("text %q, %v", s, err)
	}
	wrong(t, errorOf(d.Text(fastnb.Train, 1)), "b.txt", "a Git LFS pointer", "git lfs pull")
}

// utf16 is text in UTF-16 with its mark, little endian.
func utf16(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteString(string([]byte{byte(r), byte(r >> 8)}))
	}
	return b.String()
}

// latin1 is text in Latin-1.
func latin1(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
	}
	return b.String()
}

// A table is the same in every encoding, and with every end of lines: names of columns, classes and texts.
func TestEncodingsOfCSV(t *testing.T) {
	const plain = "étiquette,texte\nété,\"café, très\"\nété,agréable\nhiver,\n"
	latin := []text.DocsOption{text.Encoding("latin-1")}
	for name, c := range map[string]struct {
		opts  []text.DocsOption
		bytes string
	}{
		"UTF-8": {nil, plain}, "a mark": {nil, "\ufeff" + plain}, "a mark in Latin-1": {latin, "\ufeff" + plain}, "Latin-1": {latin, latin1(plain)},
		"UTF-16": {nil, utf16(plain)}, "without a mark": {[]text.DocsOption{text.Encoding("utf-16")}, utf16(plain)[2:]},
		"CRLF": {nil, strings.ReplaceAll(plain, "\n", "\r\n")}, "CR": {nil, strings.ReplaceAll(plain, "\n", "\r")},
		"CR in Latin-1": {latin, latin1(strings.ReplaceAll(plain, "\n", "\r"))},
	} {
		opts := append([]text.DocsOption{text.TextColumns("texte"), text.LabelColumn("étiquette"), text.WorkDir(t.TempDir())}, c.opts...)
		d, err := text.FromCSV(table(t, c.bytes), opts...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		wantTexts(t, d, fastnb.Train, "café, très", "agréable", "")
		if got := strings.Join(d.Classes(), " "); got != "hiver été" {
			t.Errorf("%s: classes %q", name, got)
		}
		if _, err := d.Vocab(text.English); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// All texts that cannot be read are listed, with what would read them; none is taken with letters missing.
func TestWrongEncodings(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{"a": "fine", "b": "caf\xe9", "c": "h\x00i\x00", "d": "gone", "e": "\xff\xfeh", "f": "\x93no\x94"} {
		write(t, filepath.Join(root, name+".txt"), content)
	}
	d, err := text.FromFolders(root)
	ok(t, err)
	ok(t, os.Remove(filepath.Join(root, "d.txt")))
	_, err = d.Text(fastnb.Train, 1)
	wrong(t, err, "text: Text: b.txt", `"caf\xe9" is not UTF-8`)
	_, err = d.Vocab(text.English)
	wrong(t, err, "5 unreadable documents", `b.txt: "caf\xe9" is not UTF-8; if it should read "café"`, `Encoding("latin-1")`, "c.txt", `Encoding("utf-16")`,
		"d.txt: no such file", "e.txt: bytes 2 and on", `Encoding("windows-1252")`)
	if strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("error %q, want a line for each document", err)
	}
	d, err = text.FromCSV(table(t, "text\ncaf\xe9\nfine\nfür tr\xe8s\n"))
	ok(t, err)
	_, err = d.Text(fastnb.Train, 0)
	wrong(t, err, `text: Text: texts.csv:2: "caf\xe9" is not UTF-8; if it should read "café"`)
	_, err = d.Vocab(text.English)
	wrong(t, err, "2 unreadable documents", "texts.csv:2", "texts.csv:4", "it is damaged; ReplaceBad(true) reads it all the same")
	d, err = text.FromTexts([]string{"a", "caf\xe9"}, nil, text.WorkDir(t.TempDir()))
	ok(t, err)
	_, err = d.Vocab(text.English)
	wrong(t, err, "1 unreadable document", `text 1: "caf\xe9" is not UTF-8`, `Encoding("latin-1")`)
	for i := range 100 {
		write(t, filepath.Join(root, "more", strings.Repeat("x", i+1)+".txt"), "\xe9")
	}
	d, err = text.FromFolders(root, text.In("more"))
	ok(t, err)
	_, err = d.Vocab(text.English)
	wrong(t, err, "100 unreadable documents", "and 80 more")
	if strings.Count(err.Error(), "\n") != 21 {
		t.Errorf("error %q, want 20 documents and how many more", err)
	}
}
