package vision

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/python"
	"github.com/fastnb/fastnb/fastnb/safetensors"
)

func open(t testing.TB, path string, opts ...DataOption) *Data {
	t.Helper()
	d, err := FromPaths(path, append([]DataOption{Size(16), BatchSize(4)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wantError tells when FromPaths does not fail with all of these words.
func wantError(t *testing.T, path string, words []string, opts ...DataOption) error {
	t.Helper()
	_, err := FromPaths(path, append([]DataOption{Size(16)}, opts...)...)
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
	return err
}

func TestFolders(t *testing.T) {
	dir := tree(t)
	write(t, []byte("x"), dir, "train", "notes.txt")        // beside the class folders
	write(t, []byte("x"), dir, "train", "cat", ".DS_Store") // hidden
	write(t, []byte("x"), dir, "train", ".git", "config")
	d := open(t, dir)
	if got := []int{d.Len(fastnb.Train), d.Len(fastnb.Valid), d.Len(fastnb.Test)}; !slices.Equal(got, []int{11, 5, 12}) {
		t.Errorf("%d images", got)
	}
	if !slices.Equal(d.Classes(), []string{"cat", "dog"}) {
		t.Errorf("classes %q", d.Classes())
	}
	if got := d.Labels(fastnb.Valid); !slices.Equal(got, []int{0, 0, 1, 1, 1}) {
		t.Errorf("labels %d", got)
	}
	if d.Labels(fastnb.Test) != nil {
		t.Error("the test images have labels")
	}
	names := d.Names(fastnb.Test)
	if names[1] != "test/2.png" || names[9] != "test/10.png" || names[11] != "test/12.png" {
		t.Errorf("names %q are not in natural order", names)
	}
	if d.Dir() != dir {
		t.Errorf("Dir is %s", d.Dir())
	}
}

func TestFolderNames(t *testing.T) {
	dir := tree(t)
	for from, to := range map[string]string{"train": "learn", "valid": "check", "test": "test1"} {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, dir, TrainFolder("learn"), ValidFolder("check")) // test1 is found without an option
	if d.Len(fastnb.Train) != 11 || d.Len(fastnb.Valid) != 5 || d.Len(fastnb.Test) != 12 {
		t.Errorf("%d, %d, %d images", d.Len(fastnb.Train), d.Len(fastnb.Valid), d.Len(fastnb.Test))
	}
	d = open(t, dir, TrainFolder("learn"), ValidFolder("check"), TestFolder("none"))
	if d.Len(fastnb.Test) != 0 {
		t.Error("a test folder that is not there has images")
	}
}

func TestValidShare(t *testing.T) {
	dir := tree(t)
	d := open(t, filepath.Join(dir, "train"), ValidShare(.3))
	if d.Len(fastnb.Train) != 8 || d.Len(fastnb.Valid) != 3 {
		t.Fatalf("%d and %d images, want 8 and 3", d.Len(fastnb.Train), d.Len(fastnb.Valid))
	}
	all := append(d.Names(fastnb.Train), d.Names(fastnb.Valid)...)
	slices.Sort(all)
	if len(slices.Compact(all)) != 11 {
		t.Errorf("the splits overlap: %q", all)
	}
	again := open(t, filepath.Join(dir, "train"), ValidShare(.3)) // tmp is there now and is no class
	if !slices.Equal(again.Names(fastnb.Valid), d.Names(fastnb.Valid)) || len(again.Classes()) != 2 {
		t.Errorf("the second time: %q of classes %q", again.Names(fastnb.Valid), again.Classes())
	}
	other := open(t, filepath.Join(dir, "train"), ValidShare(.3), Seed(1))
	if slices.Equal(other.Names(fastnb.Valid), d.Names(fastnb.Valid)) {
		t.Error("another seed takes the same images")
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "train", "tmp", "images-*")); len(found) != 1 {
		t.Errorf("a new share was decoded again: %q", found)
	}
	if err := os.RemoveAll(filepath.Join(dir, "train", "tmp")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "valid")); err != nil {
		t.Fatal(err)
	}
	if whole := open(t, dir, ValidShare(.3)); whole.Len(fastnb.Train)+whole.Len(fastnb.Valid) != 11 {
		t.Error("ValidShare does not take the train folder where there is one")
	}
}

func TestFolderErrors(t *testing.T) {
	dir := tree(t)
	nowhere := filepath.Join(dir, "nowhere")
	wantError(t, nowhere, []string{"vision: FromPaths", nowhere})
	wantError(t, dir, []string{"both ValidShare(0.2) and a folder valid"}, ValidShare(.2))
	wantError(t, dir, []string{"no folder learn", "ValidShare(0.2)"}, TrainFolder("learn"))
	wantError(t, dir, []string{"no folder check", "ValidFolder", "ValidShare(0.2)"}, ValidFolder("check"))
	wantError(t, dir, []string{"no class folders in " + filepath.Join(dir, "test")}, TrainFolder("test"))
	if err := os.Mkdir(filepath.Join(dir, "train", "ant"), 0o777); err != nil {
		t.Fatal(err)
	}
	wantError(t, dir, []string{"class folder " + filepath.Join(dir, "train", "ant") + " is empty"})
	write(t, pngBytes(t, photo(20, 20, 1)), dir, "train", "ant", "1.png")
	write(t, pngBytes(t, photo(20, 20, 2)), dir, "valid", "bee", "1.png")
	wantError(t, dir, []string{filepath.Join(dir, "valid", "bee"), "has no counterpart", "ant, cat, dog"})
}

func TestOptionErrors(t *testing.T) {
	dir := tree(t)
	for want, o := range map[string]DataOption{
		"Size(0)": Size(0), "BatchSize(-1)": BatchSize(-1), "ValidShare(1.5)": ValidShare(1.5), "MaxZoom(0.5)": MaxZoom(.5),
		"Workers(0)": Workers(0), "Crop(9)": Crop(9),
	} {
		wantError(t, dir, []string{want, "want"}, o)
	}
}

func TestWorkDirThatIsAFile(t *testing.T) {
	dir := tree(t)
	write(t, []byte("x"), dir, "file")
	wantError(t, dir, []string{"cannot be written to", "WorkDir"}, WorkDir(filepath.Join(dir, "file")))
}

func TestUnreadableImages(t *testing.T) {
	dir := tree(t)
	whole := jpegBytes(t, photo(60, 60, 3))
	write(t, whole[:len(whole)/2], dir, "train", "cat", "cut.jpg")
	write(t, nil, dir, "train", "dog", "empty.jpg")
	write(t, []byte("not an image at all"), dir, "valid", "dog", "text.jpg")
	if err := os.Symlink(filepath.Join(dir, "gone.jpg"), filepath.Join(dir, "test", "link.jpg")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as decoded, and as found in the cache
		err := wantError(t, dir, []string{"4 unreadable images", "SkipUnreadable(true)", "cut.jpg: JPEG that is cut short", "empty.jpg: the file is empty",
			"text.jpg: not an image of a known format", "link.jpg: no such file"})
		var list *UnreadableError
		if !errors.Is(err, ErrUnreadable) || !errors.As(err, &list) || len(list.Images) != 4 {
			t.Fatalf("the error does not list 4 images: %v", err)
		}
	}
	d := open(t, dir, SkipUnreadable(true))
	if d.Len(fastnb.Train) != 11 || d.Len(fastnb.Valid) != 5 || d.Len(fastnb.Test) != 12 || len(d.Skipped()) != 4 {
		t.Errorf("%d, %d, %d images and %d skipped", d.Len(fastnb.Train), d.Len(fastnb.Valid), d.Len(fastnb.Test), len(d.Skipped()))
	}
	if names := d.Names(fastnb.Train); slices.Contains(names, "train/cat/cut.jpg") || len(names) != len(d.Labels(fastnb.Train)) {
		t.Errorf("names %q", names)
	}
	for b, err := range d.Batches(fastnb.View{Split: fastnb.Train}) {
		if err != nil || len(b.Items) == 0 {
			t.Fatal(b, err)
		}
	}
}

func TestAllImagesOfAClassUnreadable(t *testing.T) {
	dir := tree(t)
	write(t, []byte("x"), dir, "train", "eel", "1.jpg")
	wantError(t, dir, []string{"no image of class eel is left"}, SkipUnreadable(true))
}

func TestEveryTruncationIsAnError(t *testing.T) {
	for _, name := range []string{"cat420.jpg", "progressive.jpg", "rgb.png", "still.gif", "rgb.bmp", "rgb.tif", "lossy.webp"} {
		data, err := os.ReadFile(filepath.Join("testdata", "images", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, share := range []float64{.01, .1, .5, .9} {
			if _, err := decode(data[:int(share*float64(len(data)))]); err == nil {
				t.Errorf("%s cut to %g of its length is decoded", name, share)
			}
		}
	}
}

func TestJPEGWithoutEndMarker(t *testing.T) {
	data := jpegBytes(t, photo(40, 40, 1))
	if _, err := decode(data[:len(data)-2]); err != nil {
		t.Error(err)
	}
}

func TestHugeImageIsRefused(t *testing.T) {
	data := pngBytes(t, photo(2, 2, 1))
	copy(data[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536 x 65536; the checksum of the header is wrong then too
	if _, err := decode(data); err == nil {
		t.Error("no error")
	}
	bmp, err := os.ReadFile("testdata/images/rgb.bmp")
	if err != nil {
		t.Fatal(err)
	}
	copy(bmp[18:], []byte{0, 0, 1, 0, 0, 0, 1, 0})
	if _, err := decode(bmp); err == nil || !strings.Contains(err.Error(), "65536 x 65536 pixels is too large") {
		t.Error(err)
	}
}

func TestCacheIsKeptWhileFilesAreTheSame(t *testing.T) {
	dir := tree(t)
	decodes := func() (n int) {
		open(t, dir, OnDecode(func(done, total int) { n = total }))
		return n
	}
	count := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "tmp", "images-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if decodes() != 28 || count() != 3 {
		t.Fatalf("%d files of decoded images, want 3", count())
	}
	if found, err := filepath.Glob(filepath.Join(dir, "tmp", "images-train*")); err != nil || len(found) != 1 {
		t.Fatal(found, err)
	} else { // one of an earlier version of fastnb, which is to go with those of the files of before
		python.CheckSafetensors(t, found[0])
		name := filepath.Base(found[0])
		write(t, []byte("pixels"), dir, "tmp", name[:len(name)-len(safetensors.Ext)-12]+"0123456789ab.bin")
	}
	before := open(t, dir)
	stat := func() (all []string) {
		found, _ := filepath.Glob(filepath.Join(dir, "tmp", "images-*"))
		for _, f := range found {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprint(f, info.ModTime()))
		}
		return all
	}
	was := stat()
	open(t, dir)
	if !slices.Equal(stat(), was) {
		t.Error("decoded again though nothing changed")
	}
	write(t, pngBytes(t, photo(30, 30, 99)), dir, "train", "cat", "1.png")
	after := open(t, dir)
	if before.Fingerprint(fastnb.Train) == after.Fingerprint(fastnb.Train) {
		t.Error("the fingerprint of train is the same though a file has changed")
	}
	if before.Fingerprint(fastnb.Valid) != after.Fingerprint(fastnb.Valid) {
		t.Error("the fingerprint of valid has changed")
	}
	if count() != 3 {
		t.Errorf("%d files of decoded images: those of files that are gone stay", count())
	}
}

func TestDamagedCacheIsMadeAgain(t *testing.T) {
	dir := tree(t)
	want := pixelsOf(t, open(t, dir), fastnb.View{Split: fastnb.Train})
	found, err := filepath.Glob(filepath.Join(dir, "tmp", "images-train*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	whole, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	index := slices.Clone(whole)
	index[len(whole)-100] ^= 1
	for name, damaged := range map[string][]byte{"empty": nil, "cut": whole[:len(whole)/2], "without its front": whole[100:], "index": index} {
		if err := os.WriteFile(found[0], damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := pixelsOf(t, open(t, dir), fastnb.View{Split: fastnb.Train}); !slices.Equal(got, want) {
			t.Errorf("%s: other pixels", name)
		}
	}
}

func TestFingerprint(t *testing.T) {
	dir := tree(t)
	d := open(t, dir)
	base := d.Fingerprint(fastnb.Valid)
	if open(t, dir, BatchSize(2), Augment(SideOn)).Fingerprint(fastnb.Valid) != base {
		t.Error("batch size or augmentation change the clean pixels' fingerprint")
	}
	other := ImageNet
	other.Mean[0]++
	for what, changed := range map[string]*Data{
		"size": open(t, dir, Size(17)), "crop": open(t, dir, CropNo), "normalisation": d.WithNorm(other),
	} {
		if changed.Fingerprint(fastnb.Valid) == base {
			t.Errorf("another %s has the same fingerprint", what)
		}
	}
}

func TestWith(t *testing.T) {
	dir := tree(t)
	norm := Norm{Mean: [3]float32{127, 127, 127}, Std: [3]float32{128, 128, 128}}
	d := open(t, dir, Augment(TopDown)).WithNorm(norm)
	big, err := d.With(Size(20))
	if err != nil {
		t.Fatal(err)
	}
	if big.Size() != 20 || big.Norm() != norm || big.config.augment != TopDown || d.Size() != 16 {
		t.Errorf("size %d, norm %v", big.Size(), big.Norm())
	}
	if _, err := d.With(Size(0)); err == nil {
		t.Error("no error")
	}
}
