package text_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/text"
)

func TestMakeVocab(t *testing.T) {
	counts := map[string]int{"the": 9, "a": 9, "film": 5, "rare": 2, "xxmaj": 7, "xxbos": 4, "xxfake": 8}
	for _, c := range []struct {
		opts []text.VocabOption
		want string // behind the special tokens
	}{
		{nil, "a the film xxfake xxfake xxfake xxfake"},
		{[]text.VocabOption{text.MinFreq(2)}, "a the film rare xxfake xxfake xxfake"},
		{[]text.VocabOption{text.MaxVocab(11)}, "a the xxfake xxfake xxfake xxfake xxfake"}, // of the 11 most frequent
		{[]text.VocabOption{text.MaxVocab(9), text.MinFreq(100)}, "xxfake xxfake xxfake xxfake xxfake xxfake xxfake"},
	} {
		v, err := text.MakeVocab(counts, c.opts...)
		if err != nil {
			t.Fatal(err)
		}
		if want := append(text.Specials(), strings.Fields(c.want)...); !slices.Equal(v.Words(), want) {
			t.Errorf("%v: %q, want %q", c.opts, v.Words(), want)
		}
		if code := v.Code(text.Fake); code != 0 {
			t.Errorf("the code of %s is %d, want that of %s", text.Fake, code, text.Unk)
		}
	}
}

func TestVocabErrors(t *testing.T) {
	wrong(t, errorOf(text.MakeVocab(nil, text.MaxVocab(8))), "MaxVocab(8)", "at least 9")
	wrong(t, errorOf(text.MakeVocab(nil, text.MinFreq(-1))), "MinFreq(-1)")
	wrong(t, errorOf(text.NewVocab(nil)), "text: NewVocab", "xxunk, xxpad")
	wrong(t, errorOf(text.NewVocab([]string{"xxpad", "xxunk"})), `["xxpad" "xxunk"]`, "MakeVocab")
	wrong(t, errorOf(text.NewVocab([]string{"xxunk", "xxpad", "a", "b", "a"})), `"a" is both 2 and 4`)
	wrong(t, errorOf(text.NewVocab([]string{"xxunk", "xxpad", "\xe9t\xe9"})), `word 2, "\xe9t\xe9", is not UTF-8`, "Tokenizer")
	wrong(t, errorOf(text.MakeVocab(map[string]int{"\xff": 9})), "text: MakeVocab: ", "is not UTF-8")
	wrong(t, errorOf(text.EncoderVocab([]string{"[UNK]", "\xff"})), "text: EncoderVocab: ", "is not UTF-8")
	wrong(t, errorOf(text.EncoderVocab(nil)), "no words")
}

func TestVocabOnDisk(t *testing.T) {
	v, err := text.NewVocab([]string{"xxunk", "xxpad", "\n", "a\x00b", `"`, "é😀", "xxfake", "xxfake"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "vocab.json")
	if err := v.Save(path); err != nil {
		t.Fatal(err)
	}
	back, err := text.ReadVocab(path)
	if err != nil || !slices.Equal(back.Words(), v.Words()) {
		t.Errorf("%q came back as %q, %v", v.Words(), back.Words(), err)
	}
	if got := back.Encode([]string{"é😀", "nowhere", "\n"}); !slices.Equal(got, []int32{5, 0, 2}) {
		t.Errorf("codes %v", got)
	}
	if got := back.Decode([]int32{5, -1, 99, 2}); !slices.Equal(got, []string{"é😀", "xxunk", "xxunk", "\n"}) {
		t.Errorf("words %q", got)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, whole[:len(whole)-3], []byte("xxunk\nxxpad\n"), []byte(`{"a": 1}`)} {
		write(t, path, string(damaged))
		wrong(t, errorOf(text.ReadVocab(path)), path, "damaged", "save it anew")
	}
	write(t, path, "\ufeff"+`["xxunk", "xxpad", "été"]`)
	if marked, err := text.ReadVocab(path); err != nil || marked.Code("été") != 2 {
		t.Errorf("with a byte order mark: %v", err)
	}
	write(t, path, "[\"xxunk\", \"xxpad\", \"\xe9t\xe9\"]")
	wrong(t, errorOf(text.ReadVocab(path)), path, "is not UTF-8", "convert it to UTF-8")
	write(t, path, "version https://git-lfs.github.com/spec/v1\nsize 7\n")
	wrong(t, errorOf(text.ReadVocab(path)), path, "a Git LFS pointer", "git lfs pull")
	write(t, path, `["a", "b"]`)
	wrong(t, errorOf(text.ReadVocab(path)), path, "xxunk, xxpad")
	wrong(t, errorOf(text.ReadVocab(path+"x")), path+"x", "no such file")
	wrong(t, v.Save(filepath.Join(path, "under a file")), "text: Save", path)
}

// An encoder's vocabulary has its own word for what it doesn't know, and comes back from the disk.
func TestEncoderVocabOnDisk(t *testing.T) {
	v, err := text.EncoderVocab([]string{"[PAD]", "a", "[UNK]", "##b"})
	ok(t, err)
	path := filepath.Join(t.TempDir(), "vocab.json")
	ok(t, v.Save(path))
	back, err := text.ReadVocab(path)
	ok(t, err)
	for _, v := range []*text.Vocab{v, back} {
		if v.Code("nowhere") != 2 || v.Word(-1) != "[UNK]" || !slices.Equal(v.Encode([]string{"##b", "x"}), []int32{3, 2}) || v.Len() != 4 {
			t.Errorf("%q: code %d, word %q", v.Words(), v.Code("nowhere"), v.Word(-1))
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }

// wrong wants an error with all of these words.
func wrong(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q, want %q in it", err, w)
		}
	}
}

// write writes a file, with its folders.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}
