package fastnb

import (
	"context"
	"fmt"
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

func (c ttaConfig) check() error {
	if c.views < 1 || !(c.clean >= 0 && c.clean <= 1) {
		return fmt.Errorf("Augmented(%d), CleanWeight(%g): want 1 or more views and a weight from 0 to 1", c.views, c.clean)
	}
	return nil
}

// TTA, test-time augmentation, averages class probabilities over the clean view and augmented views (default 4) of
// every item, as fast.ai 0.7 does. Probs is [N, classes], rows sum to 1; Views keeps the views; Labels is nil for
// Test. The views are the same whenever it is called. ErrNoSplit if the data has no such split.
func (l *Learner) TTA(split Split, opts ...TTAOption) (*Preds, error) {
	c := ttaConfig{views: 4, clean: 0.2}
	for _, o := range opts {
		o.tta(&c)
	}
	if err := c.check(); err != nil {
		return nil, failed("TTA", err)
	}
	p, err := l.tta(split, c)
	return p, failed("TTA", err)
}

func (l *Learner) tta(split Split, c ttaConfig) (*Preds, error) {
	if m := l.net.model; m.Losses != nil {
		return nil, fmt.Errorf("model %s keeps no probabilities of its items that could be averaged", m.Name)
	}
	defer l.show.note("")
	p, err := l.predict(l.feed, split)
	if err != nil {
		return nil, err
	}
	p.Views = [][][]float32{p.Probs}
	whole := l.feed.whole() // an augmented view goes through the whole model
	for k := range c.views {
		l.show.note("test-time augmentation: view %d of %d", k+1, c.views)
		v, err := predict(context.Background(), whole, View{Split: split, Augment: true, Seed: l.clock.augmented(k)})
		if err != nil {
			return nil, err
		}
		p.Views = append(p.Views, v.Probs)
	}
	p.Probs = average(p.Views, c.clean)
	if p.Labels != nil {
		p.Loss = p.LogLoss()
	}
	return p, nil
}
