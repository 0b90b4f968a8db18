package vision

import (
	"fmt"
	"image"
	"image/color"
	"slices"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Images returns items of the view's split as the net sees them in that view: prepared on the device, the
// normalisation undone. Each is Size x Size pixels. The error wraps [fastnb.ErrNoSplit] if there is no such split.
func (d *Data) Images(v fastnb.View, items ...int) (_ []image.Image, err error) {
	defer verb.Name(&err, "vision: Images")
	if err := d.checkSplit(v.Split); err != nil {
		return nil, err
	}
	return d.images(items, func(int) fastnb.View { return v })
}

// Augmented returns one item n times, augmented as in the views of seeds 0 to n-1.
func (d *Data) Augmented(s fastnb.Split, item, n int) (_ []image.Image, err error) {
	defer verb.Name(&err, "vision: Augmented")
	if n < 0 {
		return nil, fmt.Errorf("%d images (want 0 or more)", n)
	}
	return d.images(slices.Repeat([]int{item}, n), func(k int) fastnb.View {
		return fastnb.View{Split: s, Augment: true, Seed: uint64(k)}
	})
}

// images prepares the items one by one, the k-th in view(k).
func (d *Data) images(items []int, view func(k int) fastnb.View) ([]image.Image, error) {
	backend, err := engine.Open()
	if err != nil {
		return nil, err
	}
	prepare, err := graph.NewExec(backend, func(inputs []*graph.Node) *graph.Node { return d.Prepare(inputs)[0] })
	if err != nil {
		return nil, err
	}
	defer prepare.Finalize()
	images := make([]image.Image, len(items))
	for k, item := range items {
		v := view(k)
		if err := d.checkItem(v.Split, item); err != nil {
			return nil, err
		}
		if images[k], err = d.image(prepare, v, item); err != nil {
			return nil, err
		}
	}
	return images, nil
}

func (d *Data) checkItem(s fastnb.Split, item int) error {
	if err := d.checkSplit(s); err != nil {
		return err
	}
	if n := d.Len(s); item < 0 || item >= n {
		return fmt.Errorf("item %d of the %s images (want 0 to %d)", item, s, n-1)
	}
	return nil
}

// checkSplit tells that there is no such split.
func (d *Data) checkSplit(s fastnb.Split) error {
	switch none := d.NoItems(); {
	case d.Len(s) > 0:
		return nil
	case none != nil:
		return fmt.Errorf("%w: %w", none, fastnb.ErrNoSplit)
	}
	return fmt.Errorf("%w: %s has no %s images", fastnb.ErrNoSplit, d.root, s)
}

// image prepares one item.
func (d *Data) image(prepare *graph.Exec, v fastnb.View, item int) (image.Image, error) {
	b, err := d.batch(v, []int{item}, 1)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(b.Inputs))
	for i, x := range b.Inputs {
		args[i] = x
	}
	x, err := prepare.Call1(args...)
	if err != nil {
		return nil, err
	}
	return d.denormalised(tensors.MustCopyFlatData[float32](x)), nil
}

// denormalised makes an image of what the net is given.
func (d *Data) denormalised(x []float32) image.Image {
	size := d.config.size
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		var rgb [3]uint8
		for k := range rgb {
			v := x[3*i+k]*d.norm.Std[k] + d.norm.Mean[k]
			rgb[k] = uint8(min(max(v+.5, 0), 255))
		}
		img.SetRGBA(i%size, i/size, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	return img
}
