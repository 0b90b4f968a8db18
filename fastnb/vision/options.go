package vision

import (
	"fmt"
	"runtime"
)

// DataOption is an option of [FromPaths].
type DataOption interface{ data(*config) }

// Size is the side in pixels of the square the net sees. Default 224.
type Size int

// BatchSize is the number of images of a batch. Default 64. Where the training split is smaller, all of it is one batch.
type BatchSize int

// Augment says which random transforms a View with Augment draws, one of the presets or transforms of your own.
// Default [None].
type Augment Transforms

// MaxZoom is the largest random zoom: three images in four are drawn U(1, MaxZoom) larger before the crop.
// Default 1.1 with an Augment that transforms anything, else 1, which is none.
type MaxZoom float64

// Crop says how an image becomes a square. It is an option by itself: FromPaths(path, vision.CropNo). Of an image that
// is longer than 3:2 the ends are cut off beforehand.
type Crop int

const (
	CropRandom    Crop = iota // scaled to its shorter side, then a square anywhere when augmented, else the centre; the default
	CropCenter                // scaled to its shorter side, then always the centre
	CropNo                    // squashed to a square: the whole image, out of proportion
	CropGoogLeNet             // a random part of random shape when augmented (area U(.08, 1), aspect U(3/4, 4/3)), else the centre
)

// Seed fixes which items [ValidShare] takes. Default 42.
type Seed uint64

// ValidShare takes this share of the labelled images, at random, for validation; it is for data that has no valid
// folder. The images are those in the train folder, or where there is none in the class folders of the path itself.
type ValidShare float64

// TrainFolder is the name of the folder of training images. Default "train".
type TrainFolder string

// ValidFolder is the name of the folder of validation images. Default "valid".
type ValidFolder string

// TestFolder is the name of the folder of unlabelled images. Default "test", or "test1" where there is only that.
type TestFolder string

// WorkDir is where tmp (decoded images, activations) and models are written. Default the path of the data.
type WorkDir string

// SkipUnreadable leaves out the images that cannot be read; [Data.Skipped] lists them. Default false: they are an error.
type SkipUnreadable bool

// Workers is how many goroutines decode images and fill batches. Default one per CPU.
type Workers int

// OnDecode is told how many of the images have been decoded, several times a second and at the end. Default: a line
// on stderr when the decoding takes over a second.
type OnDecode func(done, total int)

type config struct {
	size, batchSize    int
	augment            Transforms
	maxZoom            float64
	crop               Crop
	seed               uint64
	validShare         float64
	train, valid, test string
	workDir            string
	skip               bool
	workers            int
	onDecode           func(done, total int)
}

func defaults() config {
	return config{size: 224, batchSize: 64, seed: 42, train: "train", valid: "valid", workers: runtime.GOMAXPROCS(0)}
}

func (o Size) data(c *config)           { c.size = int(o) }
func (o BatchSize) data(c *config)      { c.batchSize = int(o) }
func (o Augment) data(c *config)        { c.augment = Transforms(o) }
func (o MaxZoom) data(c *config)        { c.maxZoom = float64(o) }
func (o Crop) data(c *config)           { c.crop = o }
func (o Seed) data(c *config)           { c.seed = uint64(o) }
func (o ValidShare) data(c *config)     { c.validShare = float64(o) }
func (o TrainFolder) data(c *config)    { c.train = string(o) }
func (o ValidFolder) data(c *config)    { c.valid = string(o) }
func (o TestFolder) data(c *config)     { c.test = string(o) }
func (o WorkDir) data(c *config)        { c.workDir = string(o) }
func (o SkipUnreadable) data(c *config) { c.skip = bool(o) }
func (o Workers) data(c *config)        { c.workers = int(o) }
func (o OnDecode) data(c *config)       { c.onDecode = o }

// with returns the configuration with the options applied and checked.
func (c config) with(opts []DataOption) (config, error) {
	for _, o := range opts {
		o.data(&c)
	}
	return c, c.check()
}

func (c config) check() error {
	switch {
	case c.size < 1:
		return fmt.Errorf("Size(%d) (want at least 1)", c.size)
	case c.batchSize < 1:
		return fmt.Errorf("BatchSize(%d) (want at least 1)", c.batchSize)
	case c.workers < 1:
		return fmt.Errorf("Workers(%d) (want at least 1)", c.workers)
	case c.validShare < 0 || c.validShare >= 1:
		return fmt.Errorf("ValidShare(%g) (want a share above 0 and below 1)", c.validShare)
	case c.maxZoom != 0 && c.maxZoom < 1:
		return fmt.Errorf("MaxZoom(%g) (want 1, no zoom, or more)", c.maxZoom)
	case c.crop < CropRandom || c.crop > CropGoogLeNet:
		return fmt.Errorf("Crop(%d) (want CropRandom, CropCenter, CropNo or CropGoogLeNet)", c.crop)
	}
	return nil
}

// zoom returns the largest zoom that an augmented view draws.
func (c config) zoom() float64 {
	switch {
	case c.maxZoom != 0:
		return c.maxZoom
	case c.augment == None:
		return 1
	}
	return 1.1
}
