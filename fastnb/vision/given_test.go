package vision

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/fastnb/fastnb/fastnb"
)

// photosOfAllKinds puts images of every format, colour model and EXIF orientation into a test folder.
func photosOfAllKinds(t *testing.T) string {
	t.Helper()
	dir := tree(t)
	ok(t, os.RemoveAll(filepath.Join(dir, "test")))
	ok(t, os.CopyFS(filepath.Join(dir, "test"), os.DirFS(filepath.Join("testdata", "images"))))
	_, files := readFormats(t)
	for name, data := range files {
		write(t, data, dir, "test", "formats", name)
	}
	return dir
}

// Whether images are given by their files, as their contents or by readers: they are prepared as in a test folder, and
// what the net says of them is the same, bit for bit; alone or in another order, but for the order of sums.
func TestPredictImagesIsPredictOfAFolder(t *testing.T) {
	dir := photosOfAllKinds(t)
	for _, crop := range []Crop{CropRandom, CropNo} {
		d := open(t, dir, crop, SkipUnreadable(true), Augment(SideOn))
		l := tiny(t, d)
		p, err := l.Predict(fastnb.Test)
		ok(t, err)
		if len(p.Probs) < 250 {
			t.Fatalf("%d images", len(p.Probs))
		}
		var files []string
		var contents, readers []any
		for _, name := range p.Names {
			files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
			data, err := os.ReadFile(files[len(files)-1])
			ok(t, err)
			contents, readers = append(contents, data), append(readers, bytes.NewReader(data))
		}
		given, err := l.PredictImages(files)
		ok(t, err)
		same(t, "names", given.Names, files)
		same(t, "files", given.Probs, p.Probs)
		same(t, "contents", predictedImages(t, l, contents...), p.Probs)
		same(t, "readers", predictedImages(t, l, readers...), p.Probs)
		near(t, "one", predictedImages(t, l, files[5]), p.Probs[5:6])
		slices.Reverse(files)
		back := predictedImages(t, l, files)
		slices.Reverse(back)
		near(t, "in other places of their batches", back, p.Probs)
		if given.Labels != nil || !slices.Equal(given.Classes, d.Classes()) {
			t.Errorf("labels %v, classes %v", given.Labels, given.Classes)
		}
	}
}

// An image.Image is what its file is.
func TestPredictImagesOfImages(t *testing.T) {
	l := tiny(t, open(t, tree(t)))
	for _, name := range []string{"rgb", "grey", "grey16", "la", "palette", "rgba"} {
		data, err := os.ReadFile(filepath.Join("testdata", "images", name+".png"))
		ok(t, err)
		img, err := png.Decode(bytes.NewReader(data))
		ok(t, err)
		probs := predictedImages(t, l, img, data, []image.Image{img})
		same(t, name, probs[0], probs[1])
		same(t, name+" in a list", probs[2], probs[1])
	}
	whole := photo(40, 60, 3).(*image.RGBA)
	part := image.Rect(7, 5, 30, 33)
	alone := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	for y := range part.Dy() {
		for x := range part.Dx() {
			alone.Set(x, y, whole.At(part.Min.X+x, part.Min.Y+y))
		}
	}
	probs := predictedImages(t, l, whole.SubImage(part), alone, whole)
	same(t, "a part", probs[0], probs[1])
	if slices.Equal(probs[0], probs[2]) {
		t.Error("a part is predicted as the whole")
	}
}

// All images that can't be read are told at once, by number and file.
func TestPredictImagesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	write(t, pngBytes(t, photo(20, 20, 1)), dir, "fine.png")
	write(t, []byte("<html>"), dir, "page.png")
	l := tiny(t, open(t, tree(t)))
	_, err := l.PredictImages(filepath.Join(dir, "fine.png"), filepath.Join(dir, "page.png"),
		filepath.Join(dir, "none.png"), dir, []byte{}, 5, nil, image.NewGray(image.Rect(0, 0, 0, 4)), (*image.Gray)(nil), image.NewUniform(image.Black),
		strings.NewReader("GIF89a"), iotest.ErrReader(errors.New("the line went dead")))
	saysAll(t, err, "vision: PredictImages: 11 unreadable images; mend them or leave them out:",
		"images[1], "+filepath.Join(dir, "page.png")+": not an image of a known format",
		"images[2], "+filepath.Join(dir, "none.png")+": no such file", "images[3], "+dir+": not a regular file",
		"images[4]: the file is empty", "images[5]: it is int (want", "images[6]: it is <nil>",
		"images[7]: it has 0 x 4 pixels", "images[8]: its pixels can't be had", "images[9]: its",
		"images[10]: GIF that is cut short", "images[11]: the line went dead")
	var unreadable *UnreadableError
	var bad *fastnb.ItemError
	if !errors.Is(err, ErrUnreadable) || !errors.As(err, &bad) || !errors.As(err, &unreadable) ||
		strings.Contains(err.Error(), "images[0]") || strings.Contains(err.Error(), "SkipUnreadable") {
		t.Errorf("the error is %v", err)
	}
	_, err = l.PredictImages()
	saysAll(t, err, "vision: PredictImages: no images (want one or more)")
}
