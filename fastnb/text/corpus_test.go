package text_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/python"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/text"
)

// opened is documents with their vocabulary and the corpus of a split.
func opened(t *testing.T, d *text.Docs, s fastnb.Split) (*text.Vocab, *text.Corpus) {
	t.Helper()
	v, err := d.Vocab(text.English, text.MinFreq(1))
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Corpus(s, text.English, v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return v, c
}

// caches returns the files below tmp.
func caches(t *testing.T, dir, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "tmp", pattern))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestCorpus(t *testing.T) {
	texts := []string{"A film.", "", "nul\x00 \r\f 😀 film", strings.Repeat("long film ", 50_000), "the end"}
	d, err := text.FromTexts(texts, nil, text.ValidRows([]int{4}), text.WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	v, c := opened(t, d, fastnb.Train)
	if c.Len() != 4 || c.Start(0) != 0 || c.Start(4) != len(c.Codes()) {
		t.Errorf("%d documents, from %d to %d of %d", c.Len(), c.Start(0), c.Start(4), len(c.Codes()))
	}
	for i := range c.Len() {
		s, err := d.Text(fastnb.Train, i)
		if err != nil {
			t.Fatal(err)
		}
		want := v.Encode(text.English.Tokens(s))
		if !slices.Equal(c.Doc(i), want) || !slices.Equal(c.Codes()[c.Start(i):c.Start(i+1)], want) {
			t.Errorf("document %d is %d codes, want %d", i, len(c.Doc(i)), len(want))
		}
	}
	for _, path := range caches(t, d.Dir(), "corpus-*") {
		python.CheckSafetensors(t, path)
	}
	_, valid := opened(t, d, fastnb.Valid)
	if got := v.Decode(valid.Doc(0)); !slices.Equal(got, []string{"xxbos", "xxunk", "xxunk"}) {
		t.Errorf("tokens %q: those of words of the validation documents alone are not unknown", got)
	}
	if err := errors.Join(c.Close(), c.Close()); err != nil || c.Len() != 0 {
		t.Errorf("closed: %d documents, %v", c.Len(), err)
	}
}

func TestCorpusErrors(t *testing.T) {
	d, err := text.FromTexts([]string{"a"}, nil, text.WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := opened(t, d, fastnb.Train)
	if err := errorOf(d.Corpus(fastnb.Valid, text.English, v)); !errors.Is(err, fastnb.ErrNoSplit) {
		t.Errorf("error %v, want ErrNoSplit", err)
	}
	wrong(t, errorOf(d.Corpus(fastnb.Train, text.English, nil)), "no vocabulary")
	wrong(t, errorOf(d.Vocab(text.English, text.MaxVocab(1))), "text: Vocab", "MaxVocab(1)")
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	d, err = text.FromTexts([]string{"a"}, nil, text.WorkDir(file))
	if err != nil {
		t.Fatal(err)
	}
	wrong(t, errorOf(d.Vocab(text.English)), file, "WorkDir names another")
	wrong(t, errorOf(d.Corpus(fastnb.Train, text.English, v)), file, "WorkDir names another")
}

// counting is a tokenizer that counts its documents.
type counting struct {
	text.Tokenizer
	name string
	docs chan struct{}
}

func newCounting(name string) counting {
	return counting{text.English, name, make(chan struct{}, 1000)}
}
func (c counting) Name() string { return c.name }
func (c counting) Tokens(doc string) []string {
	c.docs <- struct{}{}
	return c.Tokenizer.Tokens(doc)
}

func TestCaches(t *testing.T) {
	root := imdb(t)
	d, err := text.FromFolders(root, text.In("train"))
	if err != nil {
		t.Fatal(err)
	}
	tok := newCounting("one")
	open := func(what string, d *text.Docs, tok counting, work int, opts ...text.VocabOption) *text.Vocab {
		t.Helper()
		before := len(tok.docs)
		v, err := d.Vocab(tok, opts...)
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.Corpus(fastnb.Train, tok, v)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(tok.docs) - before; got != work || c.Len() != 14 {
			t.Errorf("%s: %d documents were tokenised for %d, want %d", what, got, c.Len(), work)
		}
		c.Close()
		return v
	}
	open("first", d, tok, 28)
	open("again", d, tok, 0)
	open("other vocabulary", d, tok, 28, text.MinFreq(100))
	open("the first again", d, tok, 0)
	open("other tokenizer", d, newCounting("two"), 28)
	write(t, filepath.Join(root, "train", "neg", "a.txt"), "changed")
	d, err = text.FromFolders(root, text.In("train"))
	if err != nil {
		t.Fatal(err)
	}
	open("a changed file", d, tok, 28)
}

// Of the caches of changing documents only a few are kept.
func TestOldCaches(t *testing.T) {
	root := imdb(t)
	for i := range 6 {
		write(t, filepath.Join(root, "train", "neg", "a.txt"), strings.Repeat("changed ", i+3))
		d, err := text.FromFolders(root, text.In("train"))
		if err != nil {
			t.Fatal(err)
		}
		opened(t, d, fastnb.Train)
	}
	write(t, filepath.Join(root, "train", "neg", "a.txt"), "changed again")
	d, err := text.FromFolders(root, text.In("train"))
	if err != nil {
		t.Fatal(err)
	}
	opened(t, d, fastnb.Train)
	if n := len(caches(t, root, "*-*")); n != 6 {
		t.Errorf("%d caches, want 3 vocabularies and 3 corpora", n)
	}
}

func TestDamagedCaches(t *testing.T) {
	d, err := text.FromFolders(imdb(t), text.In("train"))
	if err != nil {
		t.Fatal(err)
	}
	tok := text.English
	v, c := opened(t, d, fastnb.Train)
	want := slices.Clone(c.Codes())
	c.Close()
	for _, path := range caches(t, d.Dir(), "corpus-train-*"+safetensors.Ext) {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]byte{nil, whole[:10], whole[:len(whole)/2], whole[:len(whole)-1], whole[8:], append([]byte("12345678"), whole...),
			append(bytes.Clone(whole), 0), bytes.Repeat([]byte{0xff}, len(whole)), make([]byte, len(whole))} {
			write(t, path, string(part))
			c, err := d.Corpus(fastnb.Train, tok, v)
			if err != nil || !slices.Equal(c.Codes(), want) {
				t.Fatalf("%d of %d bytes: %v", len(part), len(whole), err)
			}
			c.Close()
			if now, err := os.ReadFile(path); err != nil || len(now) < len(whole)/2 {
				t.Errorf("the damaged file was left: %d bytes, %v", len(now), err)
			}
		}
	}
	for _, path := range caches(t, d.Dir(), "vocab-*.json") {
		write(t, path, `["xxunk", "xx`)
	}
	if again, err := d.Vocab(tok, text.MinFreq(1)); err != nil || !slices.Equal(again.Words(), v.Words()) {
		t.Errorf("after damage: %v", err)
	}
	if left := caches(t, d.Dir(), ".*"); left != nil {
		t.Errorf("left behind: %q", left)
	}
}

// Where a document cannot be read nothing is left behind.
func TestUnreadableDocuments(t *testing.T) {
	root := imdb(t)
	d, err := text.FromFolders(root, text.In("train"))
	if err != nil {
		t.Fatal(err)
	}
	v, c := opened(t, d, fastnb.Train)
	c.Close()
	for _, name := range []string{"train/neg/b.txt", "train/unsup/c.txt"} {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range caches(t, root, "*") {
		os.Remove(path)
	}
	err = errorOf(d.Corpus(fastnb.Train, text.English, v))
	wrong(t, err, "2 unreadable documents", "train/neg/b.txt: no such file", "train/unsup/c.txt", "mend or remove")
	var all *text.UnreadableError
	if !errors.Is(err, text.ErrUnreadable) || !errors.As(err, &all) || len(all.Docs) != 2 {
		t.Errorf("error %v is no UnreadableError of 2", err)
	}
	if left := caches(t, root, "*"); left != nil {
		t.Errorf("left behind: %q", left)
	}
}

// Tokenising many documents takes no more memory than a few of them do.
func TestMemory(t *testing.T) {
	const docs, size = 400, 200_000 // 80 MB in all
	root := t.TempDir()
	doc := strings.Repeat("itgoesonandonandonwithoutanyspacesnearit ", size/40)
	for i := range docs {
		write(t, filepath.Join(root, "docs", string(rune('a'+i/26))+string(rune('a'+i%26))+".txt"), doc)
	}
	most := uint64(0)
	d, err := text.FromFolders(root, text.In("docs"), text.Workers(2), text.OnTokenize(func(done, total int) {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}))
	if err != nil {
		t.Fatal(err)
	}
	opened(t, d, fastnb.Train)
	if most == 0 || most > docs*size/2 {
		t.Errorf("%d MB in use for documents of %d MB", most>>20, docs*size>>20)
	}
}
