package vision

import (
	"errors"
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// What Square returns is predicted as PredictImages does, whatever the size of the batch: bit for bit where it is the
// same, else but for the order of sums. Images of all formats are among them.
func TestPredictSquares(t *testing.T) {
	dir := photosOfAllKinds(t)
	files, err := filepath.Glob(filepath.Join(dir, "test", "formats", "*"))
	ok(t, err)
	for _, crop := range []Crop{CropRandom, CropNo} {
		l := tiny(t, open(t, dir, crop, SkipUnreadable(true), BatchSize(8)))
		var squares []*image.NRGBA
		var given []any
		for _, f := range files {
			square, err := l.Square(f)
			if err != nil {
				if !errors.Is(err, ErrUnreadable) {
					t.Errorf("%s: %v does not wrap ErrUnreadable", f, err)
				}
				continue
			}
			squares, given = append(squares, square), append(given, f)
		}
		if len(given) < 20 {
			t.Fatalf("%d images", len(given))
		}
		want := predictedImages(t, l, given...)
		p, err := l.PredictSquares(squares...)
		ok(t, err)
		same(t, "all at once", p.Probs, want)
		for i, square := range squares[:5] {
			p, err := l.PredictSquares(square)
			ok(t, err)
			for k, x := range p.Probs[0] {
				if math.Abs(float64(x-want[i][k])) > 1e-6 {
					t.Errorf("%s alone: %v, want %v", given[i], p.Probs[0], want[i])
				}
			}
		}
	}
}

func TestBadSquares(t *testing.T) {
	l := tiny(t, open(t, tree(t)))
	_, none := l.PredictSquares()
	_, null := l.PredictSquares(nil)
	_, small := l.PredictSquares(image.NewNRGBA(image.Rect(0, 0, 3, 3)))
	saysAll(t, none, "vision: PredictSquares: no images")
	saysAll(t, null, "images[0] is none of")
	saysAll(t, small, "want what Square returned")
	_, err := l.Square([]byte("hello"))
	saysAll(t, err, "vision: Square", "not an image of a known format")
}

// The size of every image is that of what is decoded, of those on their side the other way round; of what is no image
// there is an error, and no panic.
func TestImageSize(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(photosOfAllKinds(t), "test", "formats", "*"))
	read := 0
	for _, f := range files {
		contents, err := os.ReadFile(f)
		ok(t, err)
		p, err := decode(contents)
		if err != nil {
			_, _, _ = ImageSize(contents)
			continue
		}
		w, h, err := ImageSize(contents)
		if ok(t, err); min(w, h) != min(p.w, p.h) || max(w, h) != max(p.w, p.h) {
			t.Errorf("%s has %d x %d pixels, ImageSize says %d x %d", f, p.w, p.h, w, h)
		}
		for cut := range min(len(contents), 200) {
			_, _, _ = ImageSize(contents[:cut])
		}
		read++
	}
	if read < 20 {
		t.Errorf("%d images", read)
	}
	_, _, err := ImageSize([]byte("hello"))
	saysAll(t, err, "vision: ImageSize", "not an image of a known format")
}
