package vision

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// PredictImages returns the predictions for images that are in no data: each is the name of a file, a []byte with what
// a file contains, an io.Reader of that, or an image.Image; []string and []image.Image stand for their elements. Files
// are decoded, turned upright and scaled as by [FromPaths], so that the predictions are those of Predict for a test
// folder of the same files, bit for bit; the last digits of one depend on its place in its batch. An image.Image is
// taken as it is, transparency dropped. Probs is [images, classes], of numbers [images, Columns], Names are the files,
// of the others "images[2]" for the third. Nothing is written to the disk.
//
// The error wraps [ErrUnreadable] and lists all images that can't be read, if there are any, by number and file; it is
// a *fastnb.ItemError.
func (l *Learner) PredictImages(images ...any) (_ *fastnb.Preds, err error) {
	defer verb.Name(&err, "vision: PredictImages")
	data, err := l.Data().given(flat(images))
	if err != nil {
		return nil, err
	}
	return l.PredictOn(data, fastnb.Test)
}

// flat puts the elements of lists in their place.
func flat(images []any) (all []any) {
	for _, x := range images {
		switch list := x.(type) {
		case []string:
			for _, x := range list {
				all = append(all, x)
			}
		case []image.Image:
			for _, x := range list {
				all = append(all, x)
			}
		default:
			all = append(all, x)
		}
	}
	return all
}

// given returns data whose test split are these images, prepared as d.
func (d *Data) given(images []any) (*Data, error) {
	if len(images) == 0 {
		return nil, errors.New("no images (want one or more)")
	}
	squares, bad := d.squares(images)
	if len(bad) > 0 {
		return nil, &fastnb.ItemError{Err: &UnreadableError{Images: bad, given: true}}
	}
	s := split{squares: squares}
	for i, x := range images {
		s.files = append(s.files, file{name: nameOf(i, x), sum: sha256.Sum256(squares[i].pix)})
	}
	return d.withTest(s), nil
}

// withTest returns data of these images alone, prepared as d.
func (d *Data) withTest(s split) *Data {
	c := d.config
	c.batchSize = d.BatchSize()
	other := &Data{root: d.root, config: c, kind: d.kind, classes: d.classes, columns: d.columns, norm: d.norm, net: d.net}
	other.splits[fastnb.Test] = s
	return other
}

// nameOf names the i-th image.
func nameOf(i int, x any) string {
	if path, ok := x.(string); ok {
		return path
	}
	return fmt.Sprintf("images[%d]", i)
}

// squares returns what the net sees of each image, and of which there is nothing, and why.
func (d *Data) squares(images []any) ([]picture, []Unreadable) {
	all, errs := make([]picture, len(images)), make([]error, len(images))
	contents := make([]any, len(images))
	for i, x := range images {
		contents[i], errs[i] = contentOf(x)
	}
	parallel(len(images), d.config.workers, func(i int) {
		if errs[i] == nil {
			all[i], errs[i] = d.config.square(contents[i])
		}
	})
	var bad []Unreadable
	for i, err := range errs {
		if err != nil {
			path := fmt.Sprintf("images[%d]", i)
			if name := nameOf(i, images[i]); name != path {
				path += ", " + name
			}
			bad = append(bad, Unreadable{Path: path, Reason: err.Error()})
		}
	}
	return all, bad
}

// contentOf reads from a reader, one after the other, as two may be one; all else it returns as it is.
func contentOf(x any) (any, error) {
	switch r := x.(type) {
	case image.Image:
	case io.Reader:
		return io.ReadAll(r)
	}
	return x, nil
}

// square returns the square that the net sees of an image.
func (c config) square(x any) (picture, error) {
	p, err := pictureOf(x)
	if err != nil {
		return p, err
	}
	out := newPicture(c.size, c.size)
	c.clean(c.shape().scale(p), out.pix)
	return out, nil
}

// pictureOf decodes an image.
func pictureOf(x any) (p picture, err error) {
	switch x := x.(type) {
	case string:
		return decodeFile(x)
	case []byte:
		return decode(x)
	case image.Image:
		return fromGiven(x)
	}
	return p, fmt.Errorf("it is %T (want the name of a file, []byte, image.Image or io.Reader)", x)
}

// fromGiven is fromImage of an image that may be of any kind, size and state.
func fromGiven(img image.Image) (p picture, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = picture{}, fmt.Errorf("its pixels can't be had: %v", r)
		}
	}()
	switch w, h := img.Bounds().Dx(), img.Bounds().Dy(); {
	case w < 1 || h < 1:
		return p, fmt.Errorf("it has %d x %d pixels", w, h)
	case w > maxPixels/h:
		return p, fmt.Errorf("its %d x %d pixels are too many", w, h)
	}
	return fromImage(img), nil
}
