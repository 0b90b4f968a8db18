package text_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// imdb writes a folder in the layout of IMDB: 4 documents of each class in train, 2 in test, 6 without labels.
func imdb(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for folder, n := range map[string]int{"train/pos": 4, "train/neg": 4, "test/pos": 2, "test/neg": 2, "train/unsup": 6} {
		for i := range n {
			write(t, filepath.Join(root, folder, string(rune('a'+i))+".txt"), "A film of "+folder+", I'd say.")
		}
	}
	write(t, filepath.Join(root, "train", "urls_pos.txt"), "addresses")
	write(t, filepath.Join(root, "README.txt"), "read me")
	write(t, filepath.Join(root, "train", "pos", "scores.csv"), "no document")
	write(t, filepath.Join(root, "train", "pos", ".hidden.txt"), "no document")
	return root
}

func sizes(d *text.Docs) [3]int {
	return [3]int{d.Len(fastnb.Train), d.Len(fastnb.Valid), d.Len(fastnb.Test)}
}

func TestFromFolders(t *testing.T) {
	root := imdb(t)
	labelled, three := []string{"neg", "pos"}, []string{"neg", "pos", "unsup"}
	for name, c := range map[string]struct {
		opts    []text.DocsOption
		sizes   [3]int
		classes []string
	}{
		"all":               {nil, [3]int{19, 0, 0}, []string{"neg", "pos", "train", "unsup"}}, // train holds addresses
		"language model":    {[]text.DocsOption{text.In("train", "test"), text.ValidShare(.25)}, [3]int{13, 5, 0}, three},
		"without labels":    {[]text.DocsOption{text.In("train/unsup")}, [3]int{6, 0, 0}, nil},
		"same folder twice": {[]text.DocsOption{text.In("train", "train/unsup", "./train/pos")}, [3]int{14, 0, 0}, three},
		"classifier": {[]text.DocsOption{text.TrainIn("train"), text.ValidIn("test"), text.TestIn("train/unsup"), text.ClassFolders("neg", "pos", "unsup")},
			[3]int{14, 4, 6}, three},
		"two classes": {[]text.DocsOption{text.TrainIn("train"), text.ValidIn("test"), text.ClassFolders("neg", "pos")}, [3]int{8, 4, 0}, labelled},
		"sample":      {[]text.DocsOption{text.TrainIn("train"), text.ValidIn("test"), text.Sample(12)}, [3]int{12, 4, 0}, three},
		"rows":        {[]text.DocsOption{text.In("test"), text.ValidRows([]int{0, 3})}, [3]int{2, 2, 0}, labelled},
	} {
		d, err := text.FromFolders(root, c.opts...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if sizes(d) != c.sizes || !slices.Equal(d.Classes(), c.classes) || d.Dir() != root {
			t.Errorf("%s: %v documents of classes %q, want %v of %q", name, sizes(d), d.Classes(), c.sizes, c.classes)
		}
	}
}

func TestFromFoldersInDetail(t *testing.T) {
	root := imdb(t)
	d, err := text.FromFolders(root, text.TrainIn("test"), text.WorkDir("elsewhere"))
	if err != nil {
		t.Fatal(err)
	}
	if names := d.Names(fastnb.Train); !slices.Equal(names, []string{"test/neg/a.txt", "test/neg/b.txt", "test/pos/a.txt", "test/pos/b.txt"}) {
		t.Errorf("names %q", names)
	}
	if labels := d.Labels(fastnb.Train); !slices.Equal(labels, []int{0, 0, 1, 1}) {
		t.Errorf("labels %v", labels)
	}
	if s, err := d.Text(fastnb.Train, 2); s != "A film of test/pos, I'd say." || d.Dir() != "elsewhere" {
		t.Errorf("text %q, %v, folder %s", s, err, d.Dir())
	}
	_, err = d.Text(fastnb.Train, 4)
	wrong(t, err, "no document 4", "train")
}

func TestWrongFolders(t *testing.T) {
	root := imdb(t)
	write(t, filepath.Join(root, "empty", "pos", "x.csv"), "")
	write(t, filepath.Join(root, "more", "new", "a.txt"), "")
	for _, c := range []struct {
		opts  []text.DocsOption
		words []string
	}{
		{[]text.DocsOption{text.In("unsup")}, []string{"no folder unsup in " + root, "train"}},
		{[]text.DocsOption{text.TrainIn("empty")}, []string{"no .txt files in " + filepath.Join(root, "empty"), "pos"}},
		{[]text.DocsOption{text.TrainIn("train/unsup")}, []string{"no class folders", "In takes"}},
		{[]text.DocsOption{text.TrainIn("train"), text.ClassFolders("good")}, []string{"no .txt files", "ClassFolders", "good"}},
		{[]text.DocsOption{text.TrainIn("test"), text.ValidIn("more")}, []string{"more/new/a.txt", `"new"`, "neg, pos"}},
		{[]text.DocsOption{text.ValidShare(1)}, []string{"ValidShare(1)"}},
		{[]text.DocsOption{text.ValidShare(.1), text.ValidIn("test")}, []string{"ValidShare and ValidIn at once (want one of them)"}},
		{[]text.DocsOption{text.ValidRows([]int{20})}, []string{"ValidRows: row 20", "0 to 19"}},
		{[]text.DocsOption{text.In("test"), text.ValidRows([]int{0, 1, 2, 3})}, []string{"no documents are left for training"}},
		{[]text.DocsOption{text.TrainIn("train"), text.Sample(2)}, []string{"no document of class", "larger Sample"}},
		{[]text.DocsOption{text.Sample(-1)}, []string{"Sample(-1)"}},
		{[]text.DocsOption{text.Workers(0)}, []string{"Workers(0)"}},
		{[]text.DocsOption{text.TrainIn("train"), text.LabelColumn("x")}, []string{"LabelColumn is an option for CSV files", "FromFolders reads folders"}},
		{[]text.DocsOption{text.Comma(';')}, []string{"Comma is an option for CSV files"}},
		{[]text.DocsOption{text.Encoding("ebcdic")}, []string{`Encoding("ebcdic")`, `"utf-8", "latin-1", "windows-1252" or "utf-16"`}},
	} {
		wrong(t, errorOf(text.FromFolders(root, c.opts...)), append(c.words, "text: FromFolders: ")...)
	}
	wrong(t, errorOf(text.FromFolders(filepath.Join(root, "nowhere"))), "no folder")
}

// Documents are validated in the order of ValidRows.
func TestValidRowsAreInTheirOrder(t *testing.T) {
	texts, labels := []string{"a", "b", "c", "d", "e"}, []string{"x", "y", "x", "y", "x"}
	docs, err := text.FromTexts(texts, labels, text.ValidRows([]int{3, 0}), text.WorkDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range docs.Len(fastnb.Valid) {
		s, err := docs.Text(fastnb.Valid, i)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	if !slices.Equal(got, []string{"d", "a"}) || docs.Len(fastnb.Train) != 3 {
		t.Errorf("the validation documents are %q, %d others", got, docs.Len(fastnb.Train))
	}
	_, err = text.FromTexts(texts, labels, text.ValidRows([]int{3, 3}), text.WorkDir(t.TempDir()))
	wrong(t, err, "ValidRows: row 3 comes twice")
}

// Each document is for validation in one fold; with Stratify each fold has as much of the rare class.
func TestFoldsOfTexts(t *testing.T) {
	var texts, labels []string
	for i := range 40 {
		texts, labels = append(texts, fmt.Sprint("text ", i)), append(labels, []string{"rare", "often"}[min(i%10, 1)])
	}
	from := func(opts ...text.DocsOption) (*text.Docs, error) {
		return text.FromTexts(texts, labels, append(opts, text.WorkDir(t.TempDir()))...)
	}
	for _, stratify := range []bool{false, true} {
		var all []string
		for k := range 4 {
			docs, err := from(text.Fold(k, 4), text.Stratify(stratify))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, docs.Names(fastnb.Valid)...)
			rare := 0
			for _, label := range docs.Labels(fastnb.Valid) {
				rare += label // "often" is 0
			}
			if stratify && rare != 1 || docs.Len(fastnb.Train) != 30 {
				t.Errorf("fold %d has %d of the rare class, %d are left", k, rare, docs.Len(fastnb.Train))
			}
		}
		if slices.Sort(all); len(slices.Compact(all)) != 40 {
			t.Errorf("the folds have %d documents", len(all))
		}
	}
	docs, err := from(text.ValidShare(.25), text.Stratify(true))
	if err != nil || docs.Len(fastnb.Valid) != 10 || !slices.Contains(docs.Labels(fastnb.Valid), 1) {
		t.Errorf("a share by class: %v, %v", docs, err)
	}
	for want, opts := range map[string][]text.DocsOption{
		"Fold(4, 4) (want":           {text.Fold(4, 4)},
		"Fold(0, 0) (want":           {text.Fold(0, 0)},
		"Fold: 41 folds of 40":       {text.Fold(0, 41)},
		"ValidShare and Fold at":     {text.ValidShare(.2), text.Fold(0, 4)},
		"Stratify says how":          {text.Stratify(true)},
		"Stratify says how ValidSha": {text.Stratify(true), text.ValidRows([]int{1})},
	} {
		_, err := from(opts...)
		wrong(t, err, want)
	}
}

// A quarter of the documents for validation, as much of each class.
func ExampleFold() {
	texts := []string{"good", "fine", "dull", "poor", "great", "weak", "nice", "sad"}
	labels := []string{"pos", "pos", "neg", "neg", "pos", "neg", "pos", "neg"}
	docs, err := text.FromTexts(texts, labels, text.Fold(0, 4), text.Stratify(true), text.WorkDir(os.TempDir()))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Len(fastnb.Train), docs.Len(fastnb.Valid), docs.Labels(fastnb.Valid))
	// Output: 6 2 [1 0]
}

func TestSeedAndFingerprint(t *testing.T) {
	root := imdb(t)
	open := func(opts ...text.DocsOption) *text.Docs {
		d, err := text.FromFolders(root, append(opts, text.ValidShare(.5))...)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	one, same, other := open(), open(), open(text.Seed(1))
	if one.Fingerprint(fastnb.Valid) != same.Fingerprint(fastnb.Valid) || one.Fingerprint(fastnb.Valid) == other.Fingerprint(fastnb.Valid) {
		t.Error("fingerprints do not tell the documents of two seeds apart, or differ for one")
	}
	for _, name := range one.Names(fastnb.Train) {
		if slices.Contains(one.Names(fastnb.Valid), name) {
			t.Errorf("%s is in both splits", name)
		}
	}
	write(t, filepath.Join(root, one.Names(fastnb.Valid)[0]), "another text")
	if changed := open(); changed.Fingerprint(fastnb.Valid) == one.Fingerprint(fastnb.Valid) || changed.Fingerprint(fastnb.Train) != one.Fingerprint(fastnb.Train) {
		t.Error("the fingerprints do not tell which file has changed")
	}
}

func TestFromTexts(t *testing.T) {
	d, err := text.FromTexts([]string{"a", "b\xff", ""}, []string{"x", "y", "x"}, text.Encoding("latin-1"), text.ValidRows([]int{2}))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := d.Text(fastnb.Train, 1); s != "bÿ" || err != nil {
		t.Errorf("text %q, %v", s, err)
	}
	if sizes(d) != [3]int{2, 1, 0} || !slices.Equal(d.Labels(fastnb.Valid), []int{0}) || d.Labels(fastnb.Test) != nil {
		t.Errorf("%v documents, labels %v", sizes(d), d.Labels(fastnb.Valid))
	}
	wrong(t, errorOf(text.FromTexts(nil, nil)), "no texts")
	wrong(t, errorOf(text.FromTexts([]string{"a", "b"}, []string{"x"})), "1 labels for 2 texts")
	wrong(t, errorOf(text.FromTexts([]string{"a", "b"}, []string{"x", ""})), "label of text 1 is empty")
	wrong(t, errorOf(text.FromTexts([]string{"a", "b"}, []string{"x", "\xe9"})), `class "\xe9" is not UTF-8`, "rename it")
	wrong(t, errorOf(text.FromTexts([]string{"a"}, nil, text.ValidIn("x"))), "ValidIn is an option for folders, and FromTexts reads texts")
}
