package vision

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"image"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// ImageSize tells how many pixels an image has, as its file is: not yet turned upright. It reads the beginning of the
// contents and decodes nothing, so that an image that is too large can be refused before it takes memory.
func ImageSize(contents []byte) (width, height int, err error) {
	defer verb.Name(&err, "vision: ImageSize")
	f, err := formatOf(contents)
	if err != nil {
		return 0, 0, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s whose decoder failed: %v", f.name, r)
		}
	}()
	if width, height, err = f.size(contents); err != nil {
		return 0, 0, f.explain(contents, err)
	}
	return width, height, nil
}

// Square returns what the net sees of an image, which is given as to [Learner.PredictImages]: decoded, upright, scaled
// and cut to Size x Size. It takes longer than a small net does, and may be called by several goroutines at once; a
// server prepares images by it one by one, and predicts them together by [Learner.PredictSquares].
func (l *Learner) Square(img any) (_ *image.NRGBA, err error) {
	defer verb.Name(&err, "vision: Square")
	content, err := contentOf(img)
	if err != nil {
		return nil, err
	}
	p, err := l.Data().config.square(content)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	out := image.NewNRGBA(image.Rect(0, 0, p.w, p.h))
	for i := range p.w * p.h {
		copy(out.Pix[4*i:4*i+3], p.pix[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out, nil
}

// PredictSquares predicts what Square returned, in batches of the smallest of 1, 2, 4, ... images that holds them, and
// of BatchSize at most: few cost little, where PredictImages fills a whole batch. The predictions are those of
// PredictImages but for the last digits, which depend on the size of the batch. A graph is compiled for each size when
// it first comes.
func (l *Learner) PredictSquares(squares ...*image.NRGBA) (_ *fastnb.Preds, err error) {
	defer verb.Name(&err, "vision: PredictSquares")
	if len(squares) == 0 {
		return nil, errors.New("no images (want one or more)")
	}
	d := l.Data()
	s := split{squares: make([]picture, len(squares)), files: make([]file, len(squares))}
	for i, img := range squares {
		if img == nil || img.Rect != image.Rect(0, 0, d.Size(), d.Size()) {
			return nil, fmt.Errorf("images[%d] is none of %d x %d pixels (want what Square returned)", i, d.Size(), d.Size())
		}
		p := newPicture(d.Size(), d.Size())
		p.fromPix(img.Pix, img.Stride)
		s.squares[i], s.files[i] = p, file{name: fmt.Sprintf("images[%d]", i), sum: sha256.Sum256(p.pix)}
	}
	other := d.withTest(s)
	for other.config.batchSize = 1; other.config.batchSize < min(len(squares), d.BatchSize()); {
		other.config.batchSize = min(2*other.config.batchSize, d.BatchSize())
	}
	return l.PredictOn(other, fastnb.Test)
}
