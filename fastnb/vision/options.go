package vision

import (
	"fmt"
	"runtime"
)

// DataOption is an option of [FromPaths] and [Data.With]. [Crop] and [BatchOption] are some, too.
type DataOption interface{ data(*config) }

type dataOption func(*config)

func (o dataOption) data(c *config) { o(c) }

// Size sets the side in pixels of the square that the net sees. Default 224.
func Size(pixels int) DataOption { return dataOption(func(c *config) { c.size = pixels }) }

// Augment sets which random transforms a View with Augment draws: one of the presets or transforms of your own.
// Default [None].
func Augment(t Transforms) DataOption { return dataOption(func(c *config) { c.augment = t }) }

// MaxZoom sets the largest random zoom: three images in four (ZoomP of [Transforms]) are drawn U(1, factor) larger
// before the crop, but for CropNo and CropPad, which show the whole image. Default 1.1 with an Augment that transforms
// anything, else 1, which is none.
func MaxZoom(factor float64) DataOption { return dataOption(func(c *config) { c.maxZoom = factor }) }

// Crop says how an image becomes a square. It is an option by itself: FromPaths(path, vision.CropNo). Of an image that
// is longer than 3:2 the ends are cut off beforehand.
type Crop int

const (
	CropRandom    Crop = iota // scaled to its shorter side, then a square anywhere when augmented, else the centre; the default
	CropCenter                // scaled to its shorter side, then always the centre
	CropNo                    // squashed to a square: the whole image, out of proportion
	CropGoogLeNet             // a random part of random shape when augmented (area U(.08, 1), aspect U(3/4, 4/3)), else the centre
	CropPad                   // scaled to its longer side: the whole image, in proportion, bars filled by PadMode
)

var crops = []string{"random", "center", "no", "googlenet", "pad"}

// String returns "random", "center", "no", "googlenet" or "pad".
func (o Crop) String() string {
	if o < 0 || int(o) >= len(crops) {
		return fmt.Sprintf("Crop(%d)", int(o))
	}
	return crops[o]
}

func (o Crop) data(c *config) { c.crop = o }

// Seed fixes which items [ValidShare] takes. Default 42.
func Seed(n uint64) DataOption { return dataOption(func(c *config) { c.seed = n }) }

// ValidShare takes this share of the labelled images, at random, for validation; it is for data that has no valid
// folder. The images are those in the train folder, or where there is none in the class folders of the path itself.
// Default 0, none.
func ValidShare(share float64) DataOption {
	return dataOption(func(c *config) { c.validShare = share })
}

// TrainFolder sets the name of the folder of training images. Default "train".
func TrainFolder(name string) DataOption { return dataOption(func(c *config) { c.train = name }) }

// ValidFolder sets the name of the folder of validation images. Default "valid".
func ValidFolder(name string) DataOption { return dataOption(func(c *config) { c.valid = name }) }

// TestFolder sets the name of the folder of unlabelled images. Default "test", or "test1" where there is only that.
func TestFolder(name string) DataOption { return dataOption(func(c *config) { c.test = name }) }

// SkipUnreadable leaves out the images that cannot be read; [Data.Skipped] lists them. Default false: they are an
// error.
func SkipUnreadable(skip bool) DataOption { return dataOption(func(c *config) { c.skip = skip }) }

// OnDecode sets what is told how many of the images have been decoded, several times a second and at the end. Default:
// a line on stderr when the decoding takes over a second.
func OnDecode(report func(done, total int)) DataOption {
	return dataOption(func(c *config) { c.onDecode = report })
}

// BatchOption is an option of [FromPaths], [Data.With] and [Open].
type BatchOption struct{ set func(*config) }

func (o BatchOption) data(c *config) {
	if o.set != nil { // that of the zero option is
		o.set(c)
	}
}

// BatchSize sets the number of images of a batch. Default 64, of Open that of the data which the net was trained on.
// Where the training split is smaller, all of it is one batch. One image at a time is predicted soonest with
// BatchSize(1); the last digits of a prediction depend on it.
func BatchSize(n int) BatchOption { return BatchOption{func(c *config) { c.batchSize = n }} }

// WorkDir sets where tmp (decoded images, activations) and models are written. Default the path of the data, of
// Open the folder whose models has the file.
func WorkDir(dir string) BatchOption { return BatchOption{func(c *config) { c.workDir = dir }} }

// Workers sets how many goroutines decode images and fill batches. Default one per CPU.
func Workers(n int) BatchOption { return BatchOption{func(c *config) { c.workers = n }} }

type config struct {
	size, batchSize int
	augment         Transforms
	augmentConfig
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
	case c.crop < CropRandom || c.crop > CropPad:
		return fmt.Errorf("%v (want CropRandom, CropCenter, CropNo, CropGoogLeNet or CropPad)", c.crop)
	}
	return c.checkAugment()
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
