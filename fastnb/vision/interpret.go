package vision

import (
	"cmp"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
)

// Pictures are images with a title each, ready for plots.ImageGrid.
type Pictures struct {
	Images []image.Image
	Titles []string
	Right  []bool // of predictions: whether each is right; nil where nothing was predicted
}

// Random returns n images of a split as the net sees them, drawn by seed, with their classes, labels or numbers as
// titles, or their files where nothing is known of them.
func Random(l *Learner, split fastnb.Split, n int, seed uint64) (_ Pictures, err error) {
	defer verb.Name(&err, "vision: Random")
	items := rand.New(rand.NewPCG(seed, 0)).Perm(l.Data().Len(split))
	return pictures(l, split, items, n, func(i int) string {
		return cmp.Or(l.Data().said(split, i), l.Data().splits[split].files[i].name)
	})
}

// Augmented returns n augmented versions of one training image, as the net would see it in n epochs.
func Augmented(l *Learner, item, n int) (Pictures, error) {
	images, err := l.Data().Augmented(fastnb.Train, item, n)
	return Pictures{Images: images, Titles: make([]string, len(images))}, err
}

// MostRight returns the n images of a split that were rightly classified with the highest probability.
func MostRight(l *Learner, split fastnb.Split, p *fastnb.Preds, n int) (_ Pictures, err error) {
	defer verb.Name(&err, "vision: MostRight")
	return predicted(l, split, p, p.Right(), n)
}

// MostWrong returns the n images of a split that were wrongly classified with the highest probability.
func MostWrong(l *Learner, split fastnb.Split, p *fastnb.Preds, n int) (_ Pictures, err error) {
	defer verb.Name(&err, "vision: MostWrong")
	return predicted(l, split, p, p.Wrong(), n)
}

// MostUncertain returns the n images of a split whose most likely class was the least likely.
func MostUncertain(l *Learner, split fastnb.Split, p *fastnb.Preds, n int) (_ Pictures, err error) {
	defer verb.Name(&err, "vision: MostUncertain")
	return predicted(l, split, p, p.Uncertain(), n)
}

// OfClass keeps the items of one true class, for instance p.Wrong() of the cats.
func OfClass(p *fastnb.Preds, items []int, class int) []int {
	return slices.DeleteFunc(slices.Clone(items), func(i int) bool { return p.Labels == nil || p.Labels[i] != class })
}

// predicted returns the first n items with the predicted class, its probability and the true class as titles.
func predicted(l *Learner, split fastnb.Split, p *fastnb.Preds, items []int, n int) (Pictures, error) {
	if d := l.Data(); d.kind != oneClass {
		return Pictures{}, fmt.Errorf("the images have %s; want one class each", d.kind)
	}
	if err := ofItems(l, split, p); err != nil {
		return Pictures{}, err
	}
	classes := p.Predicted()
	pics, err := pictures(l, split, items, n, func(i int) string {
		title := fmt.Sprintf("%s %.3f", p.Classes[classes[i]], p.Probs[i][classes[i]])
		if p.Labels != nil && p.Labels[i] != classes[i] {
			title += fmt.Sprintf(" (is %s)", p.Classes[p.Labels[i]])
		}
		return title
	})
	for _, i := range items[:len(pics.Titles)] {
		if p.Labels != nil {
			pics.Right = append(pics.Right, p.Labels[i] == classes[i])
		}
	}
	return pics, err
}

// ofItems tells whether the predictions are of a split of the learner's own images: by PredictOn they are of others.
func ofItems(l *Learner, split fastnb.Split, p *fastnb.Preds) error {
	if names := l.Data().Names(split); !slices.Equal(names, p.Names) {
		return fmt.Errorf("the predictions are not of the learner's %s images (%d, the learner has %d); "+
			"SetData gives it others to be shown", split, len(p.Names), len(names))
	}
	return nil
}

// pictures returns the first n items with their titles.
func pictures(l *Learner, split fastnb.Split, items []int, n int, title func(int) string) (p Pictures, err error) {
	if n < 0 {
		return p, fmt.Errorf("%d images (want 0 or more)", n)
	}
	items = items[:min(n, len(items))]
	for _, i := range items {
		p.Titles = append(p.Titles, title(i))
	}
	p.Images, err = l.Data().Images(fastnb.View{Split: split}, items...)
	return p, err
}
