package vision

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// Norm is what the net wants pixels to be normalised by, on a scale of 0 to 255: (x - Mean) / Std for red, green and
// blue.
type Norm struct{ Mean, Std [3]float32 }

// ImageNet is the mean and standard deviation of ImageNet's pixels, which torchvision's nets were trained with.
var ImageNet = Norm{
	Mean: [3]float32{.485 * 255, .456 * 255, .406 * 255},
	Std:  [3]float32{.229 * 255, .224 * 255, .225 * 255},
}

// Data is the images of up to three splits, decoded and scaled; it is a [fastnb.Data]. Make it with [FromPaths] of
// folders of classes, [FromCSV] or [FromTable] of a list with labels or numbers, [FromNames] of names of files, or
// [FromItems] of anything. Images have one class each, several labels each, or numbers.
//
// The pixels of an unaugmented view are those of Pillow's resize with BILINEAR, its centre cut out, bit for bit for
// images stored without loss. An augmented view samples the same scaled image once, bilinearly, on the device. With
// [Presize] both are made of a larger image.
type Data struct {
	root    string
	from    source // nil of a model that was opened
	config  config
	kind    kind
	classes []string
	columns []string // the names of numbers
	splits  [3]split
	longest int // side of the augmented view's window, the longest of all images
	norm    Norm
	net     *net   // that the data are prepared for, nil where it is not one of Pretrained's
	opened  string // the checkpoint of a model that was opened without images, else empty
	skipped []Unreadable
	passed  []fastnb.Skipped
}

// split is some of the images of one folder.
type split struct {
	from    *decoded
	records []int       // in from
	labels  []int       // of each image its class, or
	sets    [][]int     // its labels, or
	numbers [][]float32 // its numbers; all nil where they aren't known
	files   []file
	squares []picture // instead of from and records: what a clean view sees of images that are in no folder
}

var (
	_ fastnb.Data     = (*Data)(nil)
	_ fastnb.Itemless = (*Data)(nil)
	_ fastnb.Targeted = (*Data)(nil)
)

// NoItems implements fastnb.Itemless: the data of a model that [Open] has opened have no images.
func (d *Data) NoItems() error {
	if d.opened == "" {
		return nil
	}
	return fmt.Errorf("the model was opened from %s without its images; SetData gives it some", d.opened)
}

// Len returns the number of images of a split, 0 where there is no such split.
func (d *Data) Len(s fastnb.Split) int { return len(d.splits[s].files) }

// BatchSize returns the number of images of every batch: that of the option, or all training images if they are fewer.
func (d *Data) BatchSize() int {
	if n := d.Len(fastnb.Train); n > 0 {
		return min(d.config.batchSize, n)
	}
	return d.config.batchSize
}

// Size returns the side in pixels of the square that the net sees.
func (d *Data) Size() int { return d.config.size }

// Classes returns the names of the classes or labels in their order: sorted, as the class folders, or as LabelColumns
// has them; nil for numbers.
func (d *Data) Classes() []string { return slices.Clone(d.classes) }

// Labels returns the class of every image of a split, nil for Test and where images have several labels or numbers:
// [Data.Targets] returns those.
func (d *Data) Labels(s fastnb.Split) []int { return slices.Clone(d.splits[s].labels) }

// Names returns the file of every image of a split, slash-separated and relative to the path of the data, such as
// "test1/7.jpg". Files are in natural order within a folder: 2.jpg comes before 10.jpg.
func (d *Data) Names(s fastnb.Split) []string {
	names := make([]string, d.Len(s))
	for i, f := range d.splits[s].files {
		names[i] = f.name
	}
	return names
}

// Skipped returns what was found and not taken: images that could not be decoded, see [SkipUnreadable], files that are
// no images, hidden ones that seem to be some, images beside the class folders, links back to a folder above.
func (d *Data) Skipped() []fastnb.Skipped {
	var all []fastnb.Skipped
	for _, u := range d.skipped {
		all = append(all, fastnb.Skipped{Path: u.Path, Count: 1, Reason: u.Reason})
	}
	return append(all, d.passed...)
}

// Dir returns the folder that holds tmp and models.
func (d *Data) Dir() string { return d.config.workDir }

// Path returns the path that the data was made from.
func (d *Data) Path() string { return d.root }

// Norm returns what pixels are normalised by. Default [ImageNet].
func (d *Data) Norm() Norm { return d.norm }

// WithNorm returns the same data normalised in another way, for a net of your own and fastnb.New. A learner that exists
// normalises whatever it is given as its net was trained, and [Pretrained] as the public weights want it.
func (d *Data) WithNorm(n Norm) *Data {
	other := *d
	other.norm = n
	return &other
}

// With returns the same data with some options changed, such as another Size for progressive resizing, normalised and
// labelled as before; where LabelColumn, LabelDelim, LabelColumns or Target say that something else is to be predicted
// they take the place of what said so before. Sizes up to [Presize] are made of what was decoded for it; without that
// option each size is decoded once. The errors are those of [FromPaths].
func (d *Data) With(opts ...DataOption) (_ *Data, err error) {
	defer verb.Name(&err, "vision: With")
	if err := d.NoItems(); err != nil {
		return nil, err
	}
	conf, err := d.config.again(opts)
	if err != nil {
		return nil, err
	}
	other, err := conf.data(d.from)
	if err != nil {
		return nil, err
	}
	if other.kind != d.kind || !conf.truthColumns.equal(d.config.truthColumns) { // something else is to be predicted
		return other.WithNorm(d.norm), nil
	}
	if other, err = other.withClasses(d.classes); err != nil {
		return nil, err
	}
	return other.WithNorm(d.norm), nil
}

// Fingerprint identifies the clean view of a split: it hashes names and contents of the files, their labels, the
// size, how the square is cut, and the normalisation.
func (d *Data) Fingerprint(s fastnb.Split) string {
	h := sha256.New()
	fmt.Fprintf(h, "vision 2 %d %t %v\n%q\n", d.config.size, d.config.crop == CropNo, d.norm, d.classes)
	io.WriteString(h, d.config.cleanKey())
	if d.kind != oneClass {
		fmt.Fprintf(h, "%s %q\n", string(d.kind), d.columns)
	}
	for i, f := range d.splits[s].files {
		fmt.Fprintf(h, "%q %x %s\n", f.name, f.sum, d.splits[s].fingerprint(i))
	}
	return hex.EncodeToString(h.Sum(nil))
}
