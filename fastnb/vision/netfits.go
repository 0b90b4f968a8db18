package vision

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// checkNet refuses a net that has no weights to start from, and images that are too small for it.
func (c learnerConfig) checkNet(a arch.Arch, size int) error {
	if a.Body == nil {
		return errors.New("the net has no Body (arch.List has those that are there)")
	}
	if err := checkSize(a, size); err != nil {
		return err
	}
	if !c.scratch && c.weights == nil && a.Weights == nil {
		return fmt.Errorf("%s has no public weights; give FromScratch() to start from random ones, "+
			"or Weights(pretrained.File(path)) to start from those of a file", a.Name)
	}
	return nil
}

// checkSize refuses images of a size that a net does not take.
func checkSize(a arch.Arch, size int) error {
	switch {
	case size < a.MinSize:
		return fmt.Errorf("%s takes images of %d pixels or more, the data's have %d (see Size)", a.Name, a.MinSize, size)
	case a.Multiple > 1 && size%a.Multiple != 0:
		near := size / a.Multiple * a.Multiple
		return fmt.Errorf("%s takes images whose sides are multiples of %d pixels, the data's have %d; "+
			"want Size(%d) or Size(%d)", a.Name, a.Multiple, size, near, near+a.Multiple)
	}
	return nil
}
