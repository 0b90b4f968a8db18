package text_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// odd is a folder as people have them: deeper ones, ones named as ours, capitals, other extensions, hidden ones.
func odd(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{
		"train/models/a.txt", "train/models/2019/b.TXT", "train/tmp/c.txt", "train/unsup/d.Txt", // documents
		"train/tmp/e.md", "train/tmp/f.md", "train/tmp/10001", "train/tmp/.g.txt", "train/.git/h.txt", "train/urls.txt",
		"test/deep/er/i.txt", "test/j.txt",
	} {
		write(t, filepath.Join(root, name), "A text.")
	}
	return root
}

// Source: fastai's get_text_files walks down into every folder that is not hidden, and compares extensions in small letters.
func TestFoldersAreWalked(t *testing.T) {
	root := odd(t)
	d, err := text.FromFolders(root, text.TrainIn("train"), text.TestIn("test"))
	ok(t, err)
	if got := strings.Join(d.Names(fastnb.Train), " "); got != "train/models/a.txt train/models/2019/b.TXT train/tmp/c.txt train/unsup/d.Txt" {
		t.Errorf("documents %s", got)
	}
	if got := strings.Join(d.Names(fastnb.Test), " "); got != "test/j.txt test/deep/er/i.txt" {
		t.Errorf("to be predicted: %s", got)
	}
	if got := d.Classes(); !slices.Equal(got, []string{"models", "tmp", "unsup"}) {
		t.Errorf("classes %q, want the folders in train", got)
	}
	var over []string
	for _, s := range d.Skipped() {
		over = append(over, strings.TrimPrefix(s.String(), root+string(filepath.Separator)))
	}
	if want := []string{
		"train/.git: hidden",
		"train/tmp/.g.txt: hidden",
		`train/tmp/10001: without extension; Extensions("") reads such files`,
		`train/tmp: 2 files (e.md, f.md): of extension .md; Extensions(".md") reads such files`,
		"train/urls.txt: beside folders of documents",
	}; !slices.Equal(over, want) {
		t.Errorf("passed over:\n%s\nwant\n%s", strings.Join(over, "\n"), strings.Join(want, "\n"))
	}
}

// With TrainIn the class is the folder below the one that was named, however deep the documents lie: so vision has it.
func TestClassesOfDeepFolders(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"train/pos/2019/a.txt", "train/pos/2020/05/b.txt", "train/neg/2020/c.txt",
		"train/neg/d.txt", "valid/pos/2020/e.txt", "valid/neg/x/neg/f.txt", "train/unsup/2020/g.txt"} {
		write(t, filepath.Join(root, name), "A text.")
	}
	two, both := text.ClassFolders("pos", "neg"), []string{"neg", "pos"}
	for _, c := range []struct {
		opts         []text.DocsOption
		train, valid string // each document's class
		classes      []string
	}{
		{[]text.DocsOption{text.TrainIn("train"), text.ValidIn("valid")}, "neg neg pos pos unsup", "neg pos",
			[]string{"neg", "pos", "unsup"}},
		{[]text.DocsOption{text.TrainIn("train"), text.ValidIn("valid"), two}, "neg neg pos pos", "neg pos", both},
		{[]text.DocsOption{text.In("train"), two}, "neg neg pos pos", "", both},
		{[]text.DocsOption{text.In("train")}, "neg 2020 2019 05 2020", "", []string{"05", "2019", "2020", "neg"}},
		{[]text.DocsOption{text.In("train"), text.ClassFolders("train", "pos", "neg")}, "neg neg pos pos train", "",
			[]string{"neg", "pos", "train"}},
		{[]text.DocsOption{text.In("train/pos"), text.ClassFolders("pos")}, "pos pos", "", []string{"pos"}},
	} {
		d, err := text.FromFolders(root, c.opts...)
		ok(t, err)
		for s, want := range map[fastnb.Split]string{fastnb.Train: c.train, fastnb.Valid: c.valid} {
			var got []string
			for _, label := range d.Labels(s) {
				got = append(got, d.Classes()[label])
			}
			if strings.Join(got, " ") != want || !slices.Equal(d.Classes(), c.classes) {
				t.Errorf("%s: %q of classes %q, want %q of %q", s, got, d.Classes(), want, c.classes)
			}
		}
	}
}

func TestExtensions(t *testing.T) {
	root := odd(t)
	d, err := text.FromFolders(root, text.In("train/tmp"), text.Extensions("MD", ""))
	ok(t, err)
	if got := strings.Join(d.Names(fastnb.Train), " "); got != "train/tmp/10001 train/tmp/e.md train/tmp/f.md" {
		t.Errorf("documents %s", got)
	}
	_, err = text.FromFolders(root, text.In("train/tmp"), text.Extensions(".html"))
	wrong(t, err, "no .html files in "+filepath.Join(root, "train", "tmp"),
		`tmp: 2 files (e.md, f.md): of extension .md; Extensions(".md")`)
	d, err = text.FromFolders(root, text.In("train"), text.ClassFolders("unsup", "2019"))
	ok(t, err)
	if got := d.Classes(); !slices.Equal(got, []string{"2019", "unsup"}) {
		t.Errorf("classes %q, want those that ClassFolders names", got)
	}
}

// A folder for validation that lies in one to learn from would be measured on what was learned.
func TestValidWithinTrain(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"train/pos/a.txt", "train/neg/b.txt", "train/valid/pos/c.txt"} {
		write(t, filepath.Join(root, name), "A text.")
	}
	const rest, held = "train/neg/b.txt train/pos/a.txt", "train/valid/pos/c.txt"
	for _, c := range []struct {
		opts         []text.DocsOption
		train, valid string
	}{
		{[]text.DocsOption{text.ValidIn("train/valid")}, rest, held},
		{[]text.DocsOption{text.TrainIn("train"), text.ValidIn("./train/valid/")}, rest, held},
		{[]text.DocsOption{text.TrainIn("train/valid"), text.ValidIn("train/valid")}, held, held}, // as it was asked for
		{[]text.DocsOption{text.TrainIn("train", "train/valid"), text.ValidIn("train/valid")}, rest + " " + held, held},
	} {
		d, err := text.FromFolders(root, c.opts...)
		ok(t, err)
		if got := strings.Join(d.Names(fastnb.Train), " "); got != c.train {
			t.Errorf("to learn from: %s, want %s", got, c.train)
		}
		if got := strings.Join(d.Names(fastnb.Valid), " "); got != c.valid {
			t.Errorf("for validation: %s, want %s", got, c.valid)
		}
	}
}

// What ClassFolders leaves out is counted; of many files three are named.
func TestSkippedByClassFolders(t *testing.T) {
	root := odd(t)
	for i := range 5 {
		write(t, filepath.Join(root, "train", "other", fmt.Sprint(i, ".txt")), "")
	}
	d, err := text.FromFolders(root, text.In("train"), text.ClassFolders("unsup"))
	ok(t, err)
	last := d.Skipped()[len(d.Skipped())-2]
	if got := last.String(); last.Count != 5 || got !=
		filepath.Join(root, "train", "other")+": 5 files (0.txt, 1.txt, 2.txt, ...): ClassFolders leaves them out" {
		t.Errorf("passed over %s of %v", got, d.Skipped())
	}
}

// A link to a folder around it, or a thing that is no file, is named and not followed.
func TestLinksAndDevices(t *testing.T) {
	root := odd(t)
	if err := os.Symlink(filepath.Join(root, "train"), filepath.Join(root, "train", "tmp", "again")); err != nil {
		t.Skip("no links here: ", err)
	}
	ok(t, os.Symlink(root, filepath.Join(root, "train", "tmp", "up")))
	ok(t, os.Symlink(os.DevNull, filepath.Join(root, "train", "tmp", "null.txt")))
	d, err := text.FromFolders(root, text.In("train"))
	ok(t, err)
	if d.Len(fastnb.Train) != 4 {
		t.Errorf("documents %q, want 4", d.Names(fastnb.Train))
	}
	all := fmt.Sprint(d.Skipped())
	for _, want := range []string{"tmp: 2 files (again, up): a link to a folder that it is in",
		"null.txt: no file of text"} {
		if !strings.Contains(all, want) {
			t.Errorf("passed over %s, want %s", all, want)
		}
	}
}
