package vision

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// images writes a small image at each path below a new folder.
func images(t *testing.T, paths ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, p := range paths {
		write(t, pngBytes(t, photo(20, 20, uint64(i))), dir, filepath.FromSlash(p))
	}
	return dir
}

var bothClasses = []string{"train/a/1.png", "train/b/1.png", "valid/a/1.png", "valid/b/1.png"}

func TestImagesDeeperDown(t *testing.T) {
	dir := images(t, append(bothClasses, "train/a/day2/1.png", "train/a/day10/1.png", "train/a/models/1.png", "train/a/tmp/1.png", "train/b/valid/test/1.PNG",
		"test/unknown/2.png", "test/unknown/10.JPG", "test/x.png")...)
	d := open(t, dir)
	want := []string{"train/a/1.png", "train/a/day2/1.png", "train/a/day10/1.png", "train/a/models/1.png", "train/a/tmp/1.png", "train/b/1.png", "train/b/valid/test/1.PNG"}
	if got := d.Names(fastnb.Train); !slices.Equal(got, want) {
		t.Errorf("train %q, want %q", got, want)
	}
	if got := d.Labels(fastnb.Train); !slices.Equal(got, []int{0, 0, 0, 0, 0, 1, 1}) {
		t.Errorf("labels %d", got)
	}
	if got := d.Names(fastnb.Test); !slices.Equal(got, []string{"test/unknown/2.png", "test/unknown/10.JPG", "test/x.png"}) {
		t.Errorf("test %q", got)
	}
	if len(d.Skipped()) > 0 {
		t.Errorf("skipped %v", d.Skipped())
	}
	pix := pixelsOf(t, d, fastnb.View{Split: fastnb.Train})
	if one := 16 * 16 * 3; slices.Equal(pix[:one], pix[one:2*one]) {
		t.Error("1.png and day2/1.png have the same pixels")
	}
}

func TestAllImagesDeeper(t *testing.T) {
	d := open(t, images(t, "train/a/day1/1.png", "train/b/day1/1.png", "valid/a/1.png", "valid/b/1.png", "test1/unknown/1.png"))
	if d.Len(fastnb.Train) != 2 || d.Len(fastnb.Test) != 1 {
		t.Errorf("%d and %d images", d.Len(fastnb.Train), d.Len(fastnb.Test))
	}
}

func TestWhatIsPassedOverIsTold(t *testing.T) {
	dir := images(t, append(bothClasses, "train/loose.png", "train/a/.ipynb_checkpoints/1.png", "train/__MACOSX/a/._1.png", "train/a/.2.jpg", "test/1.png",
		"train/b/image-without-extension", "train/b/image.dat")...)
	for _, name := range []string{"notes.txt", "Thumbs.db", "labels"} {
		write(t, []byte("what this is"), dir, "train", "a", name)
	}
	write(t, []byte("a,b"), dir, "test", "deep", "labels.csv")
	write(t, []byte("a,b"), dir, "test", "deep", "names.csv")
	write(t, []byte("a,b"), dir, "test", "zip.csv")
	write(t, []byte("x"), dir, "train", ".git", "config") // holds no image
	write(t, []byte("x"), dir, "train", "a", ".DS_Store")
	d := open(t, dir)
	if d.Len(fastnb.Train) != 4 || d.Len(fastnb.Test) != 1 {
		t.Errorf("train %q, test %q", d.Names(fastnb.Train), d.Names(fastnb.Test))
	}
	at := func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	want := []fastnb.Skipped{
		{Path: at("train/__MACOSX"), Count: 1, Reason: "in a folder that a system or program made"},
		{Path: at("train/loose.png"), Count: 1, Reason: "beside the class folders, so of no class"},
		{Path: at("train/a/.2.jpg"), Count: 1, Reason: "a hidden file"},
		{Path: at("train/a/.ipynb_checkpoints"), Count: 1, Reason: "in a hidden folder"},
		{Path: at("train/a"), Names: []string{"Thumbs.db", "labels", "notes.txt"}, Count: 3, Reason: notImage},
		{Path: at("test/deep"), Names: []string{"labels.csv", "names.csv"}, Count: 2, Reason: notImage},
		{Path: at("test/zip.csv"), Count: 1, Reason: notImage},
	}
	if got := d.Skipped(); !reflect.DeepEqual(got, want) {
		t.Errorf("skipped\n%v\nwant\n%v", got, want)
	}
	if got := want[4].String(); got !=
		at("train/a")+": 3 files (Thumbs.db, labels, notes.txt): no image, by name and by content" {
		t.Error(got)
	}
}

// Whatever images the path has that no split takes are told of.
func TestImagesBesideTheSplits(t *testing.T) {
	dir := images(t, append([]string{"Test/1.png", "Test/deep/2.png", "val/a/1.png", "loose.png", "more.jpg", "holdout/x/1.png"}, bothClasses...)...)
	said := "in none of the folders train, valid, %s; TrainFolder, ValidFolder and TestFolder name others"
	loose := fastnb.Skipped{Path: dir, Names: []string{"loose.png", "more.jpg"}, Count: 2,
		Reason: "beside the folder train, so in no split"}
	at := func(name string, n int, test string) fastnb.Skipped {
		return fastnb.Skipped{Path: filepath.Join(dir, name), Count: n, Reason: fmt.Sprintf(said, test)}
	}
	for test, want := range map[string][]fastnb.Skipped{
		"test":      {at("Test", 2, "test"), at("holdout", 1, "test"), loose, at("val", 1, "test")},
		"Test":      {at("holdout", 1, "Test"), loose, at("val", 1, "Test")},
		"holdout/x": {at("Test", 2, "holdout/x"), loose, at("val", 1, "holdout/x")},
	} {
		if got := open(t, dir, TestFolder(test)).Skipped(); !reflect.DeepEqual(got, want) {
			t.Errorf("TestFolder(%s): skipped\n%v\nwant\n%v", test, got, want)
		}
	}
}

// FromNames has the rule of FromPaths for folders of our own names: they are passed over with a note where our work
// lies there, and are folders as any other where it lies elsewhere. Our own files are no news.
func TestNamesInFoldersOfOurOwnNames(t *testing.T) {
	dir := images(t, "a/x_1.png", "a/y_1.png", "b/x_2.png", "b/y_2.png", "models/x_3.png", "models/y_3.png",
		"test/x_4.png")
	names := func(opts ...DataOption) *Data {
		d, err := FromNames(dir, `^(.)_\d\.png$`, append(opts, Size(16), BatchSize(2), TestFolder("test"))...)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tmp := filepath.Join(dir, "tmp")
	if err := errors.Join(os.MkdirAll(tmp, 0o777), os.WriteFile(filepath.Join(tmp, "a"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	d := names()
	if n := d.Len(fastnb.Train) + d.Len(fastnb.Valid); n != 4 || d.Len(fastnb.Test) != 1 || len(d.Skipped()) != 1 ||
		d.Skipped()[0].Path != filepath.Join(dir, "models") || d.Skipped()[0].Count != 2 ||
		!strings.Contains(d.Skipped()[0].Reason, "rename it, or set WorkDir") {
		t.Errorf("%d images, skipped %v", n, d.Skipped())
	}
	d = names(WorkDir(t.TempDir()))
	if n := d.Len(fastnb.Train) + d.Len(fastnb.Valid); n != 6 || len(d.Skipped()) > 0 {
		t.Errorf("with our work elsewhere: %d images, skipped %v", n, d.Skipped())
	}
}

func TestFoldersOfOurOwnNames(t *testing.T) {
	dir := images(t, "a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png", "models/1.png", "models/2.png")
	d := open(t, dir, ValidShare(.2))
	if !slices.Equal(d.Classes(), []string{"a", "b"}) || len(d.Skipped()) != 1 || d.Skipped()[0].Count != 2 || !strings.Contains(d.Skipped()[0].Reason, "rename it, or set WorkDir") {
		t.Errorf("classes %q, skipped %v", d.Classes(), d.Skipped())
	}
	d = open(t, dir, ValidShare(.2), WorkDir(t.TempDir())) // tmp is still there, without images
	if !slices.Equal(d.Classes(), []string{"a", "b", "models"}) || len(d.Skipped()) > 0 {
		t.Errorf("classes %q, skipped %v", d.Classes(), d.Skipped())
	}
	above := t.TempDir()
	if err := os.Rename(dir, filepath.Join(above, "train")); err != nil {
		t.Fatal(err)
	}
	if d = open(t, above, ValidShare(.2)); !slices.Equal(d.Classes(), []string{"a", "b", "models"}) {
		t.Errorf("classes %q", d.Classes())
	}
}

func TestLinksAreFollowedAndLoopsTold(t *testing.T) {
	dir, elsewhere := images(t, bothClasses...), images(t, "x/7.png", "8.png")
	link := func(to string, at ...string) {
		if err := os.Symlink(to, filepath.Join(append([]string{dir}, at...)...)); err != nil {
			t.Skip(err)
		}
	}
	link(filepath.Join(elsewhere, "x"), "train", "a", "linked")
	link(filepath.Join(elsewhere, "8.png"), "train", "b", "8.png")
	link(filepath.Join(dir, "train", "a"), "train", "a", "again")
	link("..", "train", "b", "up")
	link(dir, "train", "b", "root")
	d := open(t, dir)
	for _, name := range []string{"train/a/linked/7.png", "train/b/8.png"} {
		if !slices.Contains(d.Names(fastnb.Train), name) {
			t.Errorf("%s is not among %q", name, d.Names(fastnb.Train))
		}
	}
	n := 0
	for _, s := range d.Skipped() {
		if strings.Contains(s.Reason, "a link to a folder that it lies in") {
			n++
		}
	}
	for _, name := range d.Names(fastnb.Train) { // the link up from class b leads to images of class a
		if strings.HasPrefix(name, "train/b/up") {
			t.Errorf("%s is of class b", name)
		}
	}
	if n != 3 || d.Len(fastnb.Train) > 12 {
		t.Errorf("%d loops told: %v; names %q", n, d.Skipped(), d.Names(fastnb.Train))
	}
}

func TestErrorsOfEmptyClassesAreTrue(t *testing.T) {
	dir := images(t, bothClasses...)
	write(t, []byte("x"), dir, "train", "c", "deep", "notes.txt")
	wantError(t, dir, []string{"class folder " + filepath.Join(dir, "train", "c") + " has no images, its folders neither", "passed over: ", "notes.txt: no image"})
	if err := os.RemoveAll(filepath.Join(dir, "train", "c", "deep")); err != nil {
		t.Fatal(err)
	}
	wantError(t, dir, []string{"class folder " + filepath.Join(dir, "train", "c") + " is empty"})
}
