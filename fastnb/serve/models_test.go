package serve_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/fastnb/fastnb/engine/enginetest"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tiny is a net of two layers.
var tiny = arch.Arch{
	Name: "tiny", Mean: [3]float32{127, 127, 127}, Std: [3]float32{64, 64, 64}, Groups: [2][]string{{"/c1"}, {"/c2"}},
	Body: func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.ReLU(nn.Conv(s.In("c2"), nn.ReLU(nn.Conv(s.In("c1"), x, 4, 3, nn.Stride(2))), 4, 3))
	},
}

// photo draws a picture: warm ones are red, others blue, with noise.
func photo(warm bool, seed uint64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 7))
	img := image.NewNRGBA(image.Rect(0, 0, 40+r.IntN(20), 40+r.IntN(20)))
	for i := 0; i < len(img.Pix); i += 4 {
		light, dark := byte(130+r.IntN(120)), byte(r.IntN(120))
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = dark, byte(r.IntN(200)), light, 255
		if warm {
			img.Pix[i], img.Pix[i+2] = light, dark
		}
	}
	return img
}

// photoFile is a photo as the contents of a file.
func photoFile(t testing.TB, warm bool, seed uint64) []byte {
	t.Helper()
	return pngOf(t, photo(warm, seed))
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, png.Encode(&b, img))
	return b.Bytes()
}

// photos trains a net to tell warm from cold and opens it from its file.
func photos(t testing.TB, opts ...vision.OpenOption) *vision.Learner {
	t.Helper()
	dir := t.TempDir()
	for i := range uint64(24) {
		class := []string{"cold", "warm"}[i%2]
		folder := filepath.Join(dir, []string{"train", "valid"}[i/20], class)
		check(t, os.MkdirAll(folder, 0o777))
		check(t, os.WriteFile(filepath.Join(folder, fmt.Sprint(i, ".png")), photoFile(t, i%2 == 1, i), 0o666))
	}
	data, err := vision.FromPaths(dir, vision.Size(32), vision.BatchSize(8))
	check(t, err)
	quiet := vision.With(fastnb.WithProgress(nil))
	l, err := vision.Pretrained(tiny, data, vision.FromScratch(), vision.Layers(), quiet)
	check(t, err)
	check(t, l.Fit(fastnb.LR(.05), 4))
	check(t, l.Save("photos"))
	path := filepath.Join(dir, "models", "photos.safetensors")
	l, err = vision.Open(path, append(opts, vision.Arch(tiny), vision.BatchSize(8), quiet)...)
	check(t, err)
	return l
}

// trained is the learner of photos that tests share; they don't change it.
var trained = struct {
	sync.Mutex
	learner *vision.Learner
}{}

func sharedPhotos(t testing.TB) *vision.Learner {
	t.Helper()
	trained.Lock()
	defer trained.Unlock()
	if trained.learner == nil {
		trained.learner = photos(t)
	}
	return trained.learner
}

func imageModel(t testing.TB) serve.Model { return serve.Images(sharedPhotos(t), vision.ImageSize) }

// verdicts trains a net of texts.
func verdicts(t testing.TB) *text.Classifier {
	t.Helper()
	var texts, labels []string
	for i := range 24 {
		good := i%2 == 1
		texts = append(texts, fmt.Sprintf("the film number %d was %s", i, map[bool]string{true: "good", false: "bad"}[good]))
		labels = append(labels, map[bool]string{true: "pos", false: "neg"}[good])
	}
	dir := t.TempDir()
	docs, err := text.FromTexts(texts, labels, text.ValidShare(.2), text.WorkDir(dir))
	check(t, err)
	data, err := text.ForClassifier(docs, text.BatchSize(8), text.MinFreq(1))
	check(t, err)
	l, err := text.NewClassifier(data, text.LSTM(1, 8, 8), text.DropMult(0), text.With(fastnb.WithProgress(nil)))
	check(t, err)
	check(t, l.FitOneCycle(fastnb.LR(2e-2), 5))
	check(t, l.Save("verdicts"))
	path := filepath.Join(dir, "models", "verdicts.safetensors")
	l, err = text.OpenClassifier(path, text.BatchSize(4), text.With(fastnb.WithProgress(nil)))
	check(t, err)
	return l
}

// columns are those of plants.
var columns = []serve.Column{
	{Name: "kind", Kind: "text", Values: []string{"fern", "ivy", "moss", "rose"}}, {Name: "height", Kind: "number"},
}

// plants trains a net of a table, which predicts whether a plant wants sun, or of a number its width.
func plants(t testing.TB, target tabular.DataOption) *tabular.Learner {
	t.Helper()
	kinds := []string{"rose", "rose", "fern", "fern", "moss", "rose", "fern", "ivy"}
	heights := []float64{40, 60, 30, 20, 5, 50, 25, 80}
	sun := []bool{true, true, false, false, false, true, false, false}
	width := []float64{20, 30, 15, 10, 3, 25, 12, 40}
	table, err := tabular.NewTable(tabular.Texts("kind", kinds), tabular.Numbers("height", heights),
		tabular.Bools("sun", sun), tabular.Numbers("width", width))
	check(t, err)
	dir := t.TempDir()
	d, err := tabular.FromTable(table, target, tabular.Cats("kind"), tabular.Conts("height"), tabular.ValidRows(nil),
		tabular.WorkDir(dir))
	check(t, err)
	quiet := tabular.With(fastnb.WithProgress(nil))
	l, err := tabular.NewLearner(d, tabular.Layers(4), quiet)
	check(t, err)
	check(t, l.Fit(fastnb.LR(.01), 2))
	check(t, l.Save("plants"))
	l, err = tabular.Open(filepath.Join(dir, "models", "plants.safetensors"), quiet)
	check(t, err)
	return l
}

// kitchen trains a net of ratings.
func kitchen(t testing.TB) *collab.Learner {
	t.Helper()
	var who, what []string
	var stars []float64
	for p := range 8 {
		for d, dish := range []string{"soup", "curry", "cake", "ice"} {
			who, what = append(who, fmt.Sprint("guest ", p)), append(what, dish)
			stars = append(stars, float64(1+(p+d)%5))
		}
	}
	table, err := tabular.NewTable(tabular.Texts("who", who), tabular.Texts("dish", what), tabular.Numbers("stars", stars))
	check(t, err)
	dir := t.TempDir()
	data, err := collab.FromTable(table, "who", "dish", "stars", tabular.ValidRows(nil), tabular.BatchSize(8), tabular.WorkDir(dir))
	check(t, err)
	quiet := collab.With(fastnb.WithProgress(nil))
	l, err := collab.NewLearner(data, collab.Factors(3), collab.YRange(0, 5.5), quiet)
	check(t, err)
	check(t, l.Fit(fastnb.LR(.01), 2))
	check(t, l.Save("kitchen"))
	l, err = collab.Open(filepath.Join(dir, "models", "kitchen.safetensors"), quiet)
	check(t, err)
	return l
}
