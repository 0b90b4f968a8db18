package arch

import (
	"context"
	"encoding/json"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/internal/fetch"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

const foolbox = "11049d515d38e765e206a73ace9cc648b81a0d6d1da9ad9057e149ee117989cb"

type photo struct {
	File        string
	Label       int
	Classes     []int     // PyTorch's best five
	Probs, Timm []float64 // and what two packages give them
}

// TestPhotos: EfficientNet-Lite0 with its real weights on images that foolbox's wheel has, against two packages of
// PyTorch (testdata/photos.py). The photos are JPEG, whose decoders differ at edges of colour: fed with our pixels
// PyTorch's own probabilities differ from those of its pixels by 0.041. The small images are PNG.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: needs the package index, or its files in a mirror or the cache")
	}
	photos := readPhotos(t)
	got := EfficientNetLite0.classify(t, photos)
	right, want, jpg, png := 0, 0, 0., 0.
	for i, p := range photos {
		diff := p.difference(got[i])
		if strings.HasSuffix(p.File, ".png") {
			png = max(png, diff)
			continue
		}
		jpg = max(jpg, diff)
		if p.Classes[0] == p.Label {
			want++
		}
		if best(got[i]) == p.Label {
			right++
		}
	}
	t.Logf("%d of 20 photos right (PyTorch %d); probabilities differ by %.4f, on the same pixels by %.1e", right, want, jpg, png)
	if right < 18 || right < want {
		t.Errorf("%d of 20 photos right (PyTorch %d)", right, want)
	}
	if !(jpg < .06) || !(png < 1e-3) {
		t.Errorf("probabilities differ by %.4f (want < 0.06), on the same pixels by %.1e (want < 0.001)", jpg, png)
	}
}

// classify returns the probabilities of all classes for each image.
func (a Arch) classify(t *testing.T, photos []photo) (rows [][]float32) {
	t.Helper()
	store := model.NewStore()
	if err := a.LoadWithTop(backend(t), store, nil); err != nil {
		t.Fatal(err)
	}
	var batch []float32
	for _, p := range photos {
		batch = append(batch, a.view(t, p.File)...)
	}
	probs := model.MustNewExec(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node {
		return graph.Softmax(a.logits(s, x))
	}).MustCall(tensors.FromFlatDataAndDimensions(batch, len(photos), a.Size, a.Size, 3))[0]
	flat := tensors.MustCopyFlatData[float32](probs)
	for i := range photos {
		rows = append(rows, flat[i*classes:(i+1)*classes])
	}
	return rows
}

// difference is the largest to either package's probabilities.
func (p photo) difference(probs []float32) (worst float64) {
	for i, class := range p.Classes {
		got := float64(probs[class])
		worst = max(worst, math.Abs(got-p.Probs[i]), math.Abs(got-p.Timm[i]))
	}
	return worst
}

func readPhotos(t *testing.T) (photos []photo) {
	data, err := os.ReadFile("testdata/photos.json")
	if err == nil {
		err = json.Unmarshal(data, &photos)
	}
	if err != nil {
		t.Fatal(err)
	}
	return photos
}

func best(row []float32) (class int) {
	for i, p := range row {
		if p > row[class] {
			class = i
		}
	}
	return class
}

// view is photos.py's, normalised.
func (a Arch) view(t *testing.T, name string) []float32 {
	t.Helper()
	path, err := fetch.Wheel{Package: "foolbox", Version: "3.3.4", SHA256: foolbox, Member: "foolbox/data/" + name}.Fetch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return a.boxes(img)
}

func (a Arch) boxes(img image.Image) []float32 {
	img = enlarged(img, a.Size)
	size := img.Bounds().Size()
	k := min(size.X, size.Y) / a.Size
	left, top := (size.X-k*a.Size)/2, (size.Y-k*a.Size)/2
	out := make([]float32, a.Size*a.Size*3)
	for y := range k * a.Size {
		for x := range k * a.Size {
			r, g, b, _ := img.At(left+x, top+y).RGBA()
			at := (y/k*a.Size + x/k) * 3
			for c, v := range [3]uint32{r, g, b} {
				out[at+c] += float32(v>>8) / float32(k*k)
			}
		}
	}
	for i := range out {
		out[i] = (out[i] - a.Mean[i%3]) / a.Std[i%3]
	}
	return out
}

// enlarged makes every pixel of a small image a square.
func enlarged(img image.Image, size int) image.Image {
	k := size / img.Bounds().Dx()
	if k < 2 {
		return img
	}
	big := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			big.Set(x, y, img.At(x/k, y/k))
		}
	}
	return big
}
