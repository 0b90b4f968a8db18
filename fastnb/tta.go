package fastnb

import (
	"context"
	"fmt"

	"github.com/fastnb/fastnb/internal/verb"
)

// TTAOption is an option of TTA.
type TTAOption interface{ tta(*ttaConfig) }

type ttaOption func(*ttaConfig)

func (o ttaOption) tta(c *ttaConfig) { o(c) }

// Augmented is the number of augmented views. Default 4.
func Augmented(views int) TTAOption { return ttaOption(func(c *ttaConfig) { c.views = views }) }

// CleanWeight is the weight of the clean view in the mean; the augmented views share the rest. Default 0.2.
func CleanWeight(w float64) TTAOption { return ttaOption(func(c *ttaConfig) { c.clean = w }) }

type ttaConfig struct {
	views int
	clean float64
}

// check tells what is no number of views, or a model that has none.
func (c ttaConfig) check(m Model) error {
	if c.views < 1 || !(c.clean >= 0 && c.clean <= 1) {
		return fmt.Errorf("Augmented(%d), CleanWeight(%g): want 1 or more views and a weight from 0 to 1", c.views, c.clean)
	}
	if m.Losses != nil {
		return fmt.Errorf("model %s keeps no probabilities of its items that could be averaged", m.Name)
	}
	return nil
}

// TTA, test-time augmentation, averages class probabilities over the clean view and augmented views (default 4) of
// every item, as fast.ai 0.7 does. Probs is [N, classes], rows sum to 1; Views keeps the views; Labels is nil for
// Test. The views are the same whenever it is called. ErrNoSplit if the data has no such split.
func (l *Learner) TTA(split Split, opts ...TTAOption) (p *Preds, err error) {
	defer verb.Name(&err, "fastnb: TTA")
	c := ttaConfig{views: 4, clean: 0.2}
	for _, o := range opts {
		o.tta(&c)
	}
	if err := c.check(l.net.model); err != nil {
		return nil, err
	}
	defer l.show.note("")
	if p, err = l.predict(l.feed, split); err != nil {
		return nil, err
	}
	if p.Views, err = viewsOf(l, p.Probs, split, c.views); err != nil {
		return nil, err
	}
	p.Probs = average(p.Views, c.clean)
	if p.Labels != nil {
		p.Loss = p.LogLoss()
	}
	return p, nil
}

// viewsOf returns the clean view's predictions and those of n augmented ones.
func viewsOf(l *Learner, clean [][]float32, split Split, n int) ([][][]float32, error) {
	views := [][][]float32{clean}
	whole := l.feed.whole() // an augmented view goes through the whole model
	for k := range n {
		l.show.note("test-time augmentation: view %d of %d", k+1, n)
		v, err := predict(context.Background(), whole, View{Split: split, Augment: true, Seed: l.clock.augmented(k)})
		if err != nil {
			return nil, err
		}
		views = append(views, v.Probs)
	}
	return views, nil
}
