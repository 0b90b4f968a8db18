package vision

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/internal/charset"
)

// DataOption is an option of [FromPaths], [FromItems], [FromCSV], [FromTable], [FromNames] and [Data.With]; some are
// for some of them. [Crop] and [BatchOption] are some, too.
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

// Seed fixes which images [ValidShare] and [Fold] take. Default 42.
func Seed(n uint64) DataOption { return dataOption(func(c *config) { c.seed = n }) }

// TrainFolder sets the name of the folder of training images. Default "train".
func TrainFolder(name string) DataOption {
	return dataOption(func(c *config) { c.train = name; c.restrict("TrainFolder", forFolders) })
}

// ValidFolder sets the name of the folder of validation images. Default "valid".
func ValidFolder(name string) DataOption {
	return dataOption(func(c *config) { c.valid = name; c.restrict("ValidFolder", forFolders) })
}

// TestFolder sets the name of the folder of unlabelled images. Default of FromPaths "test", or "test1" where there is
// only that; of the other constructors none.
func TestFolder(name string) DataOption { return dataOption(func(c *config) { c.test = name }) }

// SkipUnreadable leaves out the images that cannot be read, of a list those whose files are not there, too;
// [Data.Skipped] lists them. Default false: they are an error.
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

// listConfig is how a list of images is read.
type listConfig struct {
	fileColumn, groupColumn string
	truthColumns
	truths         domain.Choice // of those, but for labelColumn
	folder, suffix string
	header         []string
	comma          rune
	encoding       string
	testCSV        string
	restricted     []restriction
}

// truthColumns say what is to be predicted of the images of a list.
type truthColumns struct {
	labelColumn           string
	delim                 string // between labels, "" where there is one
	labelColumns, targets []string
}

type config struct {
	size, batchSize int
	augment         Transforms
	augmentConfig
	maxZoom            float64
	crop               Crop
	seed               uint64
	held               heldOut       // what is for validation
	choice             domain.Choice // of that
	stratify           bool
	oversample         bool
	train, valid, test string
	listConfig
	workDir  string
	skip     bool
	workers  int
	onDecode func(done, total int)
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
	case c.maxZoom != 0 && c.maxZoom < 1:
		return fmt.Errorf("MaxZoom(%g) (want 1, no zoom, or more)", c.maxZoom)
	case c.crop < CropRandom || c.crop > CropPad:
		return fmt.Errorf("%v (want CropRandom, CropCenter, CropNo, CropGoogLeNet or CropPad)", c.crop)
	}
	return errors.Join(c.checkAugment(), c.checkHeld(), c.checkTruths(), charset.Check(c.encoding))
}

// again is with of data that were made already: options that say what is for validation, or what is to be predicted,
// take the place of those of before.
func (c config) again(opts []DataOption) (config, error) {
	before := c
	c.choice, c.truths, c.truthColumns = domain.Choice{}, domain.Choice{}, truthColumns{}
	for _, o := range opts {
		o.data(&c)
	}
	if !c.choice.Given() {
		c.choice = before.choice
	}
	if !c.truths.Given() && c.labelColumn == "" {
		c.truths = before.truths
	}
	c.truthColumns = c.truthColumns.after(before.truthColumns)
	return c, c.check()
}

// after returns what is to be predicted where other columns were named before: a column of labels and what separates
// them go together, all else stands by itself.
func (c truthColumns) after(before truthColumns) truthColumns {
	switch {
	case c.targets != nil || c.labelColumns != nil:
		return c
	case c.labelColumn == "" && c.delim == "":
		return before
	}
	return truthColumns{labelColumn: cmp.Or(c.labelColumn, before.labelColumn), delim: cmp.Or(c.delim, before.delim)}
}

func (c truthColumns) equal(o truthColumns) bool {
	return c.labelColumn == o.labelColumn && c.delim == o.delim && slices.Equal(c.labelColumns, o.labelColumns) &&
		slices.Equal(c.targets, o.targets)
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
