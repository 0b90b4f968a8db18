package vision

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// Presize sets how large images are kept when they are decoded: the side in pixels that Size would set without it.
// Augmented views are then made of the larger image, cropped, zoomed and turned in one interpolation, so that parts
// that are zoomed into are sharp: fastai's item_tfms=Resize(460). And every Size up to Presize is made of the same
// decoded files: Data.With(Size(n)) decodes nothing again, which is what progressive resizing wants.
//
// A clean view of Size is scaled down from what is kept. Its pixels differ in the last bits from those that are scaled
// from the file at once, and are the same where Size is Presize. An augmented view samples what is kept, or, where that
// is over 9/4 of Size, an image that is scaled down to twice the Size before, lest pixels be skipped. Default: Size.
func Presize(pixels int) DataOption { return dataOption(func(c *config) { c.presize = pixels }) }

// Pad gives the crop of an augmented view room beyond each edge, in pixels of Size: the square may lie that far out,
// and PadMode says what is there. Pad(4) with Size(32) is CIFAR's crop: padded by 4, then 32 x 32 anywhere. At most
// Size; not with CropCenter and CropGoogLeNet. Default 0.
func Pad(pixels int) DataOption { return dataOption(func(c *config) { c.pad = pixels }) }

// PadMode says what lies beyond an image's edge: where it is turned, warped, or padded by [Pad] in an augmented view,
// and in the bars of [CropPad], in clean views too. It is an option by itself: FromPaths(path, vision.PadZeros).
type PadMode int

const (
	PadReflection PadMode = iota // the mirror image, edge pixels repeated: c b a a b c c b a; the default
	PadBorder                    // the edge pixel, repeated: a a a a b c c c c
	PadZeros                     // black
)

var padModes = []string{"reflection", "border", "zeros"}

// String returns "reflection", "border" or "zeros".
func (m PadMode) String() string {
	if m < 0 || int(m) >= len(padModes) {
		return fmt.Sprintf("PadMode(%d)", int(m))
	}
	return padModes[m]
}

func (m PadMode) data(c *config) { c.padMode = m }

// Transform sets transforms of your own, in their order: graph functions that the device applies to every augmented
// batch after those of [Augment]. Images are [rows, size, size, 3] float32 on a scale of 0 to 1, before they are
// normalised, and so is what comes back; rows beyond a ragged last batch's items repeat the last. What is random comes
// from random, by which an image sees the same transforms again in the same view. A function is called whenever a graph
// is built, and must build the same each time. Default none.
func Transform(functions ...func(images *graph.Node, random *Rand) *graph.Node) DataOption {
	return dataOption(func(c *config) { c.own = functions })
}

// augmentConfig is what the options of this file set.
type augmentConfig struct {
	presize, pad int
	padMode      PadMode
	own          []func(images *graph.Node, random *Rand) *graph.Node
}

// checkAugment tells which of the options of transforms is out of its range.
func (c config) checkAugment() error {
	switch {
	case c.presize < 0 || c.presize > 0 && c.presize < c.size:
		return fmt.Errorf("Presize(%d) is below Size(%d) (want the largest Size that is asked for, or more)",
			c.presize, c.size)
	case c.pad < 0 || c.pad > c.size:
		return fmt.Errorf("Pad(%d) of a Size of %d (want 0 to %[2]d)", c.pad, c.size)
	case c.pad > 0 && (c.crop == CropCenter || c.crop == CropGoogLeNet):
		return fmt.Errorf("both Pad(%d) and the crop %q, which takes what is within the image (want CropRandom, "+
			"CropNo or CropPad)", c.pad, c.crop)
	case c.padMode < PadReflection || c.padMode > PadZeros:
		return fmt.Errorf("%v (want PadReflection, PadBorder or PadZeros)", c.padMode)
	}
	for i, f := range c.own {
		if f == nil {
			return fmt.Errorf("Transform: function %d of %d is nil (Transform() sets none)", i+1, len(c.own))
		}
	}
	if err := c.augment.check(); err != nil {
		return fmt.Errorf("Augment: %w", err)
	}
	return nil
}

// check tells which field is out of its range.
func (t Transforms) check() error {
	for _, f := range []struct {
		name        string
		value, most float64
		want        string
	}{
		{"Rotate", t.Rotate, 360, "degrees, 0 to 360"},
		{"Light", t.Light, 1, "0 to 1"},
		{"Contrast", t.Contrast, math.MaxFloat64, "0 or more"},
		{"Warp", t.Warp, maxWarp, "0 to .3: beyond that the horizon would be seen"},
		{"Stretch", t.Stretch, math.MaxFloat64, "0 or more"},
		{"Lighting", t.Lighting, below1, "0 or more, below 1"},
		{"Saturation", t.Saturation, below1, "0 or more, below 1"},
		{"Hue", t.Hue, below1, "0 or more, below 1"},
		{"Cutout", t.Cutout, 1, "0 to 1, as a part of the side"},
		{"Erase", t.Erase, 1, "0 to 1, as a part of the area"},
	} {
		if !(f.value >= 0 && f.value <= f.most) {
			return fmt.Errorf("%s is %g (want %s)", f.name, f.value, f.want)
		}
	}
	return t.checkShares()
}

// below1 is the largest number below 1.
var below1 = math.Nextafter(1, 0)

// checkShares tells which share is none.
func (t Transforms) checkShares() error {
	for _, f := range []struct {
		name  string
		share float64
	}{
		{"RotateP", t.RotateP}, {"ZoomP", t.ZoomP}, {"FlipP", t.FlipP}, {"DihedralP", t.DihedralP},
		{"LightP", t.LightP}, {"WarpP", t.WarpP}, {"StretchP", t.StretchP}, {"LightingP", t.LightingP},
		{"SaturationP", t.SaturationP}, {"HueP", t.HueP}, {"CutoutP", t.CutoutP}, {"EraseP", t.EraseP},
	} {
		if !(f.share >= 0 && f.share <= 1) {
			return fmt.Errorf("%s is %g (want a share of 0 to 1, where 0 is the default)", f.name, f.share)
		}
	}
	return nil
}
