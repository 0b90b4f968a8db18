package vision_test

import (
	"fmt"
	"image"
	"image/color"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/plots"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// tinyNet is a body of two convolutions, for examples. arch.ResNet34 and its like have public weights.
var tinyNet = arch.Arch{
	Name:     "tiny",
	Size:     32,
	Features: 16,
	Std:      [3]float32{255, 255, 255},
	Body: func(s *model.Scope, x *graph.Node) *graph.Node {
		x = nn.ReLU(nn.Conv(s.In("conv1"), x, 8, 3, nn.Stride(2)))
		return nn.ReLU(nn.Conv(s.In("conv2"), x, 16, 3, nn.Stride(2)))
	},
	Groups: [2][]string{{"/conv1"}, {"/conv2"}},
}

// tiny returns a learner of tinyNet on twelve photos of cats and dogs.
func tiny(opts ...vision.LearnerOption) *vision.Learner {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.BatchSize(4), work()))
	return nb.Must(vision.Pretrained(tinyNet, data, append(opts, vision.FromScratch(), quiet)...))
}

// A net with public weights, everything but the new head frozen. The weights are fetched when they are first needed.
func ExamplePretrained() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(64), work()))
	learn := nb.Must(vision.Pretrained(arch.ResNet34, data, vision.Precompute(true)))
	fmt.Println(learn.FrozenTo(), "of", len(learn.Model().Groups), "layer groups are frozen")
	// Output: 2 of 3 layer groups are frozen
}

// The head's layers, their dropout, the device, and the learner's own options.
func ExampleLayers() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(64), work()))
	learn := nb.Must(vision.Pretrained(arch.EfficientNetLite0, data,
		vision.Layers(256, 64), vision.Ps(.25, .25, .5),
		vision.On(nb.Must(engine.Open())), vision.With(fastnb.Seed(7), fastnb.TrainBN)))
	fmt.Println(learn.Model().Name, learn.BN())
	// Output: efficientnet_lite0-[256 64]-2 train
}

// Other weights of the same net.
func ExampleWeights() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(64), work()))
	weights := pretrained.Hub("timm/resnet34.a1_in1k", "model.safetensors", "")
	learn := nb.Must(vision.Pretrained(arch.ResNet34, data, vision.Weights(weights)))
	fmt.Println(learn.FrozenTo())
	// Output: 2
}

// A net of your own has no public weights.
func ExampleFromScratch() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.BatchSize(4), work()))
	learn := nb.Must(vision.Pretrained(tinyNet, data, vision.FromScratch(), quiet))
	if err := learn.Fit(fastnb.LR(0.01), 2); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(learn.Recorder.Loss), "batches; frozen:", learn.FrozenTo())
	// Output: 4 batches; frozen: 0
}

// What the net gets right, wrong, and is not sure of, as plots.ImageGrid shows it.
func ExampleMostWrong() {
	learn := tiny()
	preds := nb.Must(learn.Predict(fastnb.Valid))
	right := nb.Must(vision.MostRight(learn, fastnb.Valid, preds, 4))
	wrong := nb.Must(vision.MostWrong(learn, fastnb.Valid, preds, 4))
	unsure := nb.Must(vision.MostUncertain(learn, fastnb.Valid, preds, 3))
	fmt.Println(len(right.Images)+len(wrong.Images), "right or wrong;", len(unsure.Titles), "unsure")
	// Output: 4 right or wrong; 3 unsure
}

// The photos of one class among those of a selection.
func ExampleOfClass() {
	preds := &fastnb.Preds{Probs: [][]float32{{.9, .1}, {.2, .8}, {.7, .3}}, Labels: []int{1, 0, 1}}
	fmt.Println(preds.Wrong(), vision.OfClass(preds, preds.Wrong(), 1))
	// Output: [0 1 2] [0 2]
}

// Any photos with their classes, and one photo as it is seen in six epochs.
func ExampleRandom() {
	learn := tiny()
	some := nb.Must(vision.Random(learn, fastnb.Valid, 2, 1))
	six := nb.Must(vision.Augmented(learn, 0, 6))
	fmt.Println(len(some.Images), len(some.Titles), len(six.Images))
	// Output: 2 2 6
}

func ExamplePictures() {
	grey := image.NewUniform(color.Gray{Y: 128})
	ours := vision.Pictures{Images: []image.Image{grey, grey}, Titles: []string{"cat", "dog"}, Right: []bool{true, false}}
	fmt.Println(len(ours.Images), ours.Titles)
	// Output: 2 [cat dog]
}

// How an image becomes a square, and which transforms are drawn: a preset or your own.
func ExampleCrop() {
	own := vision.Transforms{Rotate: 5, Flip: true, Light: .1}
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(48), vision.CropNo, vision.Augment(own),
		vision.MaxZoom(1.2), vision.Workers(2), work()))
	fmt.Println(nb.Must(data.Augmented(fastnb.Train, 0, 2))[1].Bounds())
	// Output: (0,0)-(48,48)
}

// Folders that are called otherwise.
func ExampleTrainFolder() {
	dir := nb.Must(os.MkdirTemp("", "pets"))
	defer os.RemoveAll(dir)
	for from, to := range map[string]string{"train": "seen", "valid": "held_out", "valid/Bengal": "unknown"} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join("testdata/pets", from))); err != nil {
			log.Fatal(err)
		}
	}
	data := nb.Must(vision.FromPaths(dir, vision.Size(32),
		vision.TrainFolder("seen"), vision.ValidFolder("held_out"), vision.TestFolder("unknown")))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid), data.Len(fastnb.Test))
	// Output: 8 4 2
}

// Images that can't be read are an error, unless they are left out.
func ExampleSkipUnreadable() {
	dir := nb.Must(os.MkdirTemp("", "pets"))
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS("testdata/pets")); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "train", "Bengal", "5.jpg"), nil, 0o666); err != nil {
		log.Fatal(err)
	}
	data := nb.Must(vision.FromPaths(dir, vision.Size(32), vision.SkipUnreadable(true)))
	fmt.Println(data.Len(fastnb.Train), len(data.Skipped()))
	// Output: 8 1
}

// Which photos ValidShare takes is drawn by a seed; OnDecode is told how far the decoding is.
func ExampleSeed() {
	dir := nb.Must(os.MkdirTemp("", "pets"))
	defer os.RemoveAll(dir)
	var decoded int
	data := nb.Must(vision.FromPaths("testdata/pets/train", vision.ValidShare(.25), vision.Seed(7), vision.Size(32),
		vision.WorkDir(dir), vision.OnDecode(func(done, total int) { decoded = done })))
	fmt.Println(decoded, "photos,", data.Len(fastnb.Valid), "for validation; files in", data.Dir() == dir)
	// Output: 8 photos, 2 for validation; files in true
}

// The normalisation is a learner's to choose: what its weights were trained with. It is in every checkpoint.
func ExampleData_WithNorm() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), work()))
	fmt.Println(data.Norm() == vision.ImageNet)
	plain := data.WithNorm(vision.Norm{Std: [3]float32{255, 255, 255}}) // 0 to 1
	fmt.Println(nb.Must(plain.Fitted()))
	again := nb.Must(data.Refit(nb.Must(plain.Fitted())))
	fmt.Println(again.(*vision.Data).Norm() == plain.Norm())
	// Output:
	// true
	// {"classes":["Bengal","american_bulldog"],"mean":[0,0,0],"std":[255,255,255]}
	// true
}

// A fingerprint changes with what the net sees; it keeps caches from being stale.
func ExampleData_Fingerprint() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), work()))
	larger := nb.Must(data.With(vision.Size(48)))
	same := nb.Must(larger.With(vision.Size(32)))
	fmt.Println(data.Fingerprint(fastnb.Valid) == larger.Fingerprint(fastnb.Valid))
	fmt.Println(data.Fingerprint(fastnb.Valid) == same.Fingerprint(fastnb.Valid))
	// Output:
	// false
	// true
}

// What the device makes of a batch: images as they are, of 0 to 255, and normalised ones.
func ExampleData_Pixels() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.BatchSize(4), work()))
	g := graph.NewGraph(nb.Must(engine.Open()), "batch")
	in := []*graph.Node{graph.Parameter(g, "images", data.InputShapes()[0])}
	fmt.Println(in[0].Shape(), data.Pixels(in).Shape(), data.Prepare(in)[0].Shape())
	// Output: (Uint8)[4, 32, 32, 3] (Float32)[4, 32, 32, 3] (Float32)[4, 32, 32, 3]
}

// The head alone, on the features of a body of your own.
func ExampleHead() {
	g := graph.NewGraph(nb.Must(engine.Open()), "head")
	s := model.NewStore().RootScope()
	logits := vision.Head(s, graph.Const(g, [][]float32{{1, 2, 3, 4}}), []int{8}, []float64{.25, .5}, 3)
	fmt.Println(logits.Shape())
	// Output: (Float32)[1, 3]
}

// Where the net looks, for the class that it finds the likeliest and for one of your choice.
func ExampleGradCAM() {
	learn := tiny()
	var maps []vision.HeatMap = nb.Must(vision.GradCAM(learn, fastnb.Valid, []int{0, 1}))
	fmt.Println(len(maps), maps[0].Name, len(maps[0].Heat), len(maps[0].Heat[0]))
	nb.Must(plots.Overlay(maps[0].Image, maps[0].Heat))
	// Output: 2 valid/Bengal/1.jpg 32 32
}

// What in a new photo speaks for a bulldog.
func ExampleForClass() {
	maps := nb.Must(vision.GradCAMImages(tiny(), []any{bulldog}, vision.ForClass("american_bulldog")))
	fmt.Println(maps[0].Class, maps[0].Image.Bounds().Dx())
	// Output: american_bulldog 32
}

// What the net's first convolution looks for.
func ExampleFilters() {
	filters := nb.Must(vision.Filters(tiny()))
	fmt.Println(len(filters), filters[0].Bounds().Dx())
	nb.Must(plots.ImageGrid(filters, nil, plots.Cols(8), plots.Cell(48)))
	// Output: 8 3
}

// How the second convolution answers to a photo, and where its channel 3 does so most.
func ExampleActivations() {
	var seen []vision.Activation = nb.Must(vision.Activations(tiny(), fastnb.Valid, []int{0}, "/conv2"))
	fmt.Println(seen[0].Name, len(seen[0].Maps), "channels of", len(seen[0].Maps[3]), "x", len(seen[0].Maps[3][0]))
	nb.Must(plots.Overlay(seen[0].Image, seen[0].Heat(3)))
	fmt.Println(seen[0].Mean(3) <= seen[0].Peak(3))
	// Output:
	// valid/Bengal/1.jpg 16 channels of 7 x 7
	// true
}

// The largest value of each channel, photo by photo.
func ExamplePeaks() {
	peaks := nb.Must(vision.Peaks(tiny(), fastnb.Train, "/conv1"))
	fmt.Println(len(peaks), "photos,", len(peaks[0]), "channels")
	// Output: 8 photos, 8 channels
}

// The two photos that excite channels 0 and 5 most.
func ExampleMostExciting() {
	most := nb.Must(vision.MostExciting(tiny(), fastnb.Train, "/conv2", []int{0, 5}, 2))
	fmt.Println(len(most), len(most[1]), most[1][0].Peak(5) >= most[1][1].Peak(5))
	// Output: 2 2 true
}

// Photos that are in no data.
func ExampleGradCAMImages() {
	maps := nb.Must(vision.GradCAMImages(tiny(), []any{bengal, bulldog}))
	fmt.Println(len(maps), maps[1].Name)
	// Output: 2 testdata/pets/valid/american_bulldog/1.jpg
}
