package vision

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// photo returns a generated picture with soft shapes, different for every seed.
func photo(h, w int, seed uint64) image.Image {
	r := rand.New(rand.NewPCG(seed, 5))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	a, b, c := r.Float64()*9, r.Float64()*5, r.IntN(200)
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(a*float64(x)) / 2, uint8(b*float64(y)) / 2, uint8(c + (x*y)%50), 255})
		}
	}
	return img
}

func pngBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, data []byte, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// tree writes train with 5 cats and 6 dogs, valid with 2 and 3, and a test folder of 12, and returns its path.
func tree(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	seed := uint64(0)
	add := func(n int, path ...string) {
		for i := range n {
			seed++
			h, w := 20+int(seed)%7, 18+int(seed*5)%17
			write(t, pngBytes(t, photo(h, w, seed)), dir, filepath.Join(path...), name(i+1))
		}
	}
	add(5, "train", "cat")
	add(6, "train", "dog")
	add(2, "valid", "cat")
	add(3, "valid", "dog")
	add(12, "test")
	return dir
}

func name(i int) string { return fmt.Sprintf("%d.png", i) }
