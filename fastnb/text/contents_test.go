package text_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// keeping writes a file of the same size with the times of the one before, as cp -p, rsync -t and tar do.
func keeping(t *testing.T, path, content string) {
	t.Helper()
	info, err := os.Stat(path)
	ok(t, err)
	if int64(len(content)) != info.Size() {
		t.Fatalf("%q is of another size", content)
	}
	fresh := path + ".new"
	ok(t, os.WriteFile(fresh, []byte(content), 0o644))
	ok(t, os.Chtimes(fresh, time.Now(), info.ModTime()))
	ok(t, os.Rename(fresh, path))
}

// Names, sizes and times say nothing of what is in a file: vocabulary, corpus and fingerprint go by the contents.
func TestContentsOfFolders(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a", "b"} {
		write(t, filepath.Join(root, name+".txt"), "good film "+name)
	}
	open := func() *text.Docs {
		d, err := text.FromFolders(root)
		ok(t, err)
		return d
	}
	first := open()
	v, c := opened(t, first, fastnb.Train)
	keeping(t, filepath.Join(root, "a.txt"), "poor film a")
	again, d := opened(t, open(), fastnb.Train)
	if v.Code("poor") != 0 || again.Code("poor") == 0 || again.Code("good") == 0 {
		t.Errorf("vocabularies %q, then %q", v.Words(), again.Words())
	}
	if got := again.Text(d.Doc(0)); got != "poor film a" || v.Text(c.Doc(0)) != "good film a" {
		t.Errorf("the corpus says %q", got)
	}
	if open().Fingerprint(fastnb.Train) == first.Fingerprint(fastnb.Train) {
		t.Error("the fingerprint is that of the texts before")
	}
	ok(t, os.Chtimes(filepath.Join(root, "a.txt"), time.Now(), time.Now().Add(-time.Hour)))
	before := len(caches(t, root, "*"))
	opened(t, open(), fastnb.Train)
	if n := len(caches(t, root, "*")); n != before {
		t.Errorf("%d caches after another time of change, want the %d as before", n, before)
	}
	_, err := first.Vocab(text.Characters)
	wrong(t, err, "1 unreadable document", "a.txt: it has changed since the documents were opened; open them anew")
}

func TestContentsOfCSV(t *testing.T) {
	path := table(t, "text,label\ngood film,a\npoor film,b\n")
	open := func() *text.Docs {
		d, err := text.FromCSV(path)
		ok(t, err)
		return d
	}
	first := open()
	opened(t, first, fastnb.Train)
	keeping(t, path, "text,label\nnice film,a\npoor film,b\n")
	v, c := opened(t, open(), fastnb.Train)
	if got := v.Text(c.Doc(0)); got != "nice film" {
		t.Errorf("the corpus says %q", got)
	}
	if s, err := first.Text(fastnb.Train, 0); s != "good film" || err != nil { // the file before is still open
		t.Errorf("text %q, %v", s, err)
	}
	info, err := os.Stat(path)
	ok(t, err)
	second := open()
	ok(t, os.WriteFile(path, []byte("text,label\nevil film,a\npoor film,b\n"), 0o644)) // into the same file
	ok(t, os.Chtimes(path, time.Now(), info.ModTime()))
	_, err = second.Text(fastnb.Train, 0)
	wrong(t, err, "texts.csv:2", "the file has changed since it was opened")
}
