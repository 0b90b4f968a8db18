package vision

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// peer reads what Pillow made of an image.
func peer(t *testing.T, name string) picture {
	t.Helper()
	p, err := decodeFile(filepath.Join("testdata", "pillow", name))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// difference returns the mean and the largest difference of two pictures, in levels of 255.
func difference(t *testing.T, a, b picture) (mean, largest float64) {
	t.Helper()
	if a.h != b.h || a.w != b.w {
		t.Fatalf("%d x %d pixels, want %d x %d", a.h, a.w, b.h, b.w)
	}
	for i := range a.pix {
		d := math.Abs(float64(a.pix[i]) - float64(b.pix[i]))
		mean += d / float64(len(a.pix))
		largest = max(largest, d)
	}
	return mean, largest
}

// tolerance is what an image may differ from Pillow's by: nothing where the format is lossless, rounding of the
// inverse cosine transform where it is not.
func tolerance(name string) (mean, largest float64) {
	switch {
	case name == "wrong-extension.jpg": // a PNG
		return 0, 0
	case strings.HasSuffix(name, ".jpg"):
		return .1, 4
	case name == "lossy.webp":
		return .3, 4
	}
	return 0, 0
}

func TestDecodeAgreesWithPillow(t *testing.T) {
	var info struct {
		Images map[string]struct{ W, H int }
	}
	data, err := os.ReadFile("testdata/pillow.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &info); err != nil {
		t.Fatal(err)
	}
	if len(info.Images) < 25 {
		t.Fatalf("%d images", len(info.Images))
	}
	for name := range info.Images {
		t.Run(name, func(t *testing.T) {
			p, err := decodeFile(filepath.Join("testdata", "images", name))
			if err != nil {
				t.Fatal(err)
			}
			mean, largest := difference(t, p, peer(t, name+".png"))
			t.Logf("mean difference %.3f levels, largest %.0f", mean, largest)
			if m, l := tolerance(name); mean > m || largest > l {
				t.Errorf("mean difference %.3f levels, largest %.0f; want at most %g, %g", mean, largest, m, l)
			}
		})
	}
}

func TestScaleAgreesWithPillow(t *testing.T) {
	for _, name := range []string{"rgb.png", "wrong-extension.jpg", "cat420.jpg", "dog420.jpg"} {
		p, err := decodeFile(filepath.Join("testdata", "images", name))
		if err != nil {
			t.Fatal(err)
		}
		m, l := tolerance(name)
		for _, size := range []int{24, 50, 71, 100} {
			scaled := shape{size: size, longest: size + size/2}.scale(p)
			square := newPicture(size, size)
			scaled.cutCentre(square.pix, size)
			if mean, largest := difference(t, square, peer(t, fmt.Sprintf("%s.%d.png", name, size))); mean > m || largest > l {
				t.Errorf("%s at %d: mean difference %.3f levels, largest %.0f; want at most %g, %g", name, size, mean, largest, m, l)
			}
		}
		squashed := shape{size: 40, squash: true}.scale(p)
		if mean, largest := difference(t, squashed, peer(t, name+".squash.png")); mean > m || largest > l {
			t.Errorf("%s squashed: mean difference %.3f levels, largest %.0f; want at most %g, %g", name, mean, largest, m, l)
		}
	}
}

func TestSixteenBitColour(t *testing.T) {
	img := image.NewNRGBA64(image.Rect(0, 0, 2, 1))
	img.SetNRGBA64(0, 0, color.NRGBA64{R: 0x12ff, G: 0x3400, B: 0xffff, A: 0x8000})
	img.SetNRGBA64(1, 0, color.NRGBA64{R: 0x00ff, G: 0x8080, B: 0x7f00, A: 0})
	p, err := decode(pngBytes(t, img))
	if err != nil {
		t.Fatal(err)
	}
	if want := []byte{0x12, 0x34, 0xff, 0, 0x80, 0x7f}; !slices.Equal(p.pix, want) {
		t.Errorf("%x, want %x: the upper 8 bits, transparency dropped", p.pix, want)
	}
}

func TestGIFWhoseFirstFrameIsAPart(t *testing.T) {
	frame := image.NewPaletted(image.Rect(1, 2, 3, 4), color.Palette{color.RGBA{9, 8, 7, 255}})
	var b bytes.Buffer
	all := &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 4, Height: 5}}
	if err := gif.EncodeAll(&b, all); err != nil {
		t.Fatal(err)
	}
	p, err := decode(b.Bytes())
	if err != nil || p.h != 5 || p.w != 4 {
		t.Fatal(p.h, p.w, err)
	}
	for i, v := range p.pix { // what is free has the first colour, as in Pillow
		if want := byte(9 - i%3); v != want {
			t.Errorf("byte %d is %d, want %d", i, v, want)
		}
	}
}
