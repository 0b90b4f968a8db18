package vision_test

import (
	"fmt"
	"image"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/gomlx/gomlx/core/graph"
)

// Images are kept at 64 pixels, and every size up to that is made of them: nothing is decoded again for the larger ones.
func ExamplePresize() {
	small := nb.Must(vision.FromPaths("testdata/pets", vision.Presize(64), vision.Size(24), vision.BatchSize(4),
		vision.Augment(vision.AugTransforms), work()))
	large := nb.Must(small.With(vision.Size(64)))
	for _, data := range []*vision.Data{small, large} {
		for batch := range data.Batches(fastnb.View{Augment: true}) {
			fmt.Println(data.Size(), "from", batch.Inputs[0].Shape().Dimensions[1]) // at most twice the size
			break
		}
	}
	// Output:
	// 24 from 48
	// 64 from 64
}

// CIFAR's crop: padded by 4 pixels, here of black, and cut anywhere.
func ExamplePad() {
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.Pad(4), vision.PadZeros, vision.CropNo,
		vision.Augment(vision.Transforms{Flip: true}), work()))
	lower, higher := 0, 0
	for _, picture := range nb.Must(data.Augmented(fastnb.Train, 0, 90)) {
		switch { // the whole first row or the whole last one is black
		case isBlack(picture, 16, 0):
			lower++
		case isBlack(picture, 16, 31):
			higher++
		}
	}
	fmt.Println(lower > 20, higher > 20, lower+higher < 90)
	// Output: true true true
}

func isBlack(picture image.Image, x, y int) bool {
	r, g, b, _ := picture.At(x, y).RGBA()
	return r+g+b == 0
}

// The whole image in proportion; what is above and below it is black.
func ExamplePadMode() {
	for _, mode := range []vision.PadMode{vision.PadReflection, vision.PadBorder, vision.PadZeros} {
		data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.CropPad, mode, work()))
		picture := nb.Must(data.Images(fastnb.View{Split: fastnb.Valid}, 0))[0]
		fmt.Println(mode, isBlack(picture, 16, 0))
	}
	// Output:
	// reflection false
	// border false
	// zeros true
}

// fastai v2's transforms, stronger, with a patch that is erased in three images of four.
func ExampleTransforms() {
	strong := vision.AugTransforms
	strong.Warp, strong.Hue, strong.Erase, strong.EraseP = .3, .1, .2, .75
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.Augment(strong), vision.MaxZoom(1.5), work()))
	fmt.Println(len(nb.Must(data.Augmented(fastnb.Train, 0, 4))))
	_, err := data.With(vision.Augment(vision.Transforms{Lighting: 20}))
	fmt.Println(err)
	// Output:
	// 4
	// vision: With: Augment: Lighting is 20 (want 0 or more, below 1)
}

// A transform of one's own: every image is made grey with a chance of a half.
func ExampleTransform() {
	grey := func(images *graph.Node, random *vision.Rand) *graph.Node {
		mean := graph.BroadcastToDims(graph.ReduceAndKeep(images, graph.ReduceMean, -1), images.Shape().Dimensions...)
		chance := graph.BroadcastToDims(random.Uniform(1, 1, 1), images.Shape().Dimensions...)
		return graph.Where(graph.LessThan(chance, graph.Scalar(images.Graph(), images.DType(), .5)), mean, images)
	}
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.Transform(grey), work()))
	n := 0
	for _, picture := range nb.Must(data.Augmented(fastnb.Train, 0, 100)) {
		if r, g, b, _ := picture.At(16, 16).RGBA(); r == g && g == b {
			n++
		}
	}
	fmt.Println(n > 30 && n < 70)
	// Output: true
}

// Noise for every pixel, another for each image and view.
func ExampleRand() {
	noisy := func(images *graph.Node, random *vision.Rand) *graph.Node {
		noise := random.Normal(images.Shape().Dimensions[1:]...)
		return graph.ClipScalar(graph.Add(images, graph.MulScalar(noise, .1)), 0, 1)
	}
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.Transform(noisy), work()))
	two := nb.Must(data.Augmented(fastnb.Train, 0, 2))
	again := nb.Must(data.Augmented(fastnb.Train, 0, 1))
	fmt.Println(two[0].At(3, 4) == two[1].At(3, 4), two[0].At(3, 4) == again[0].At(3, 4))
	// Output: false true
}
