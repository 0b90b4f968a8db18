package vision_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
)

const bengal, bulldog = "testdata/pets/valid/Bengal/1.jpg", "testdata/pets/valid/american_bulldog/1.jpg"

// savedTiny returns the checkpoint of a learner of tinyNet.
func savedTiny(name string) string {
	learn := tiny()
	nb.Check(learn.Fit(fastnb.LR(0.01), 1))
	nb.Check(learn.Save(name))
	return filepath.Join(learn.Data().Dir(), "models", name+".safetensors")
}

// A net that was saved predicts where the photos are not that it was trained on. Arch gives a net of your own; those of
// package arch are found by their names.
func ExampleOpen() {
	net := nb.Must(vision.Open(savedTiny("pets"), vision.Arch(tinyNet), quiet))
	preds := nb.Must(net.PredictImages(bengal, bulldog))
	fmt.Println(preds.Classes, len(preds.Probs), net.Data().Size())
	// Output: [Bengal american_bulldog] 2 32
}

// Photos in files, in memory, or decoded already.
func ExampleLearner_PredictImages() {
	upload := nb.Must(os.ReadFile(bengal))
	grey := image.NewGray(image.Rect(0, 0, 40, 30))
	grey.SetGray(20, 15, color.Gray{Y: 200})
	preds := nb.Must(tiny().PredictImages(bengal, upload, grey))
	for i, name := range preds.Names {
		fmt.Println(name, len(preds.Probs[i]))
	}
	// Output:
	// testdata/pets/valid/Bengal/1.jpg 2
	// images[1] 2
	// images[2] 2
}

// All images that can't be read are told at once.
func ExampleUnreadable() {
	_, err := tiny().PredictImages(bengal, "nowhere.jpg", []byte{})
	var unreadable *vision.UnreadableError
	if errors.As(err, &unreadable) {
		for _, u := range unreadable.Images {
			fmt.Println(u.Path, "-", u.Reason)
		}
	}
	// Output:
	// images[1], nowhere.jpg - no such file or directory
	// images[2] - the file is empty
}

// The device and the learner's own options are said alike to Pretrained and to Open.
func ExampleNetOption() {
	own := vision.With(fastnb.Seed(7), fastnb.WithProgress(nil))
	device := vision.On(nb.Must(engine.Open()))
	learn := tiny(own, device)
	nb.Check(learn.Save("start"))
	file := filepath.Join(learn.Data().Dir(), "models", "start.safetensors")
	net := nb.Must(vision.Open(file, vision.Arch(tinyNet), own, device))
	fmt.Println(net.Model().Name)
	// Output: tiny-[512]-2
}

// Batches may be of other sizes than those that the net was trained with: one photo at a time, soonest.
func ExampleBatchOption() {
	dir := nb.Must(os.MkdirTemp("", "pets"))
	defer os.RemoveAll(dir)
	net := nb.Must(vision.Open(savedTiny("single"), vision.Arch(tinyNet), quiet,
		vision.BatchSize(1), vision.Workers(1), vision.WorkDir(dir)))
	fmt.Println(net.Data().BatchSize(), net.Data().Dir() == dir)
	// Output: 1 true
}

// An opened net has no photos to learn from until it is given some.
func ExampleData_NoItems() {
	net := nb.Must(vision.Open(savedTiny("bare"), vision.Arch(tinyNet), quiet))
	fmt.Println(net.Data().NoItems() != nil, errors.Is(net.Fit(fastnb.LR(0.01), 1), fastnb.ErrNoSplit))
	nb.Check(net.SetData(nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.BatchSize(4), work()))))
	fmt.Println(net.Data().NoItems(), net.Fit(fastnb.LR(0.01), 1))
	// Output:
	// true true
	// <nil> <nil>
}

// Progressive resizing: the same net goes on with larger photos.
func ExampleLearner_SetData() {
	learn := tiny()
	larger := nb.Must(learn.Data().With(vision.Size(48)))
	nb.Check(learn.SetData(larger))
	fmt.Println(learn.Data().Size(), learn.FrozenTo(), "layer groups are frozen")
	// Output: 48 2 layer groups are frozen
}

// Activations are kept under what photos depend on, and so serve any head.
func ExampleData_PreparedBy() {
	data := tiny(vision.Layers(16)).Data()
	fmt.Println(nb.Must(data.PreparedBy()))
	fmt.Println(nb.Must(data.Fitted()))
	// Output:
	// {"classes":["Bengal","american_bulldog"],"mean":[0,0,0],"std":[255,255,255]}
	// {"classes":["Bengal","american_bulldog"],"mean":[0,0,0],"std":[255,255,255],"net":{"arch":"tiny","layers":[16],"ps":[0.25,0.5],"size":32,"crop":"random","batch_size":4}}
}
