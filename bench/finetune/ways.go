package main

import (
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// headEpochs is for how long the head is trained alone, fastai's as well.
const headEpochs = 2

// way is a way to fine-tune: FineTune's defaults, but for what it says.
type way struct {
	name      string
	bn        fastnb.BN
	optimizer optim.Optimizer
	options   []fastnb.FineTuneOption
	rate      float64
}

var ways = []way{
	{name: "keep", bn: fastnb.KeepBN, optimizer: optim.SGD{}},
	{name: "batch", bn: fastnb.BatchBN, optimizer: optim.SGD{}},
	{name: "train", bn: fastnb.TrainBN, optimizer: optim.SGD{}},
	{name: "keep, Adam", bn: fastnb.KeepBN, optimizer: optim.Adam{}, options: []fastnb.FineTuneOption{fastnb.LRMult(10)},
		rate: 4e-3},
	{name: "train, Adam", bn: fastnb.TrainBN, optimizer: optim.Adam{}, options: []fastnb.FineTuneOption{fastnb.LRMult(10)},
		rate: 4e-3},
}

// run fine-tunes on the photos that a seed draws.
func (p photos) run(w way, bs int, seed uint64) (result, error) {
	r, begun := result{Set: p.name, Way: w.name, BS: bs, Seed: int(seed)}, time.Now()
	if err := p.prepare(*data, seed); err != nil {
		return r, err
	}
	photos, err := vision.FromPaths(p.dir(*data, seed), vision.Size(p.size), vision.BatchSize(bs),
		vision.Augment(p.augment), p.crop)
	if err != nil {
		return r, err
	}
	learn, err := vision.Pretrained(arch.EfficientNetLite0, photos,
		vision.With(fastnb.WithOptimizer(w.optimizer), fastnb.Seed(seed), fastnb.WithProgress(nil), w.bn))
	if err != nil {
		return r, err
	}
	s := &stages{result: &r}
	opts := append([]fastnb.FineTuneOption{fastnb.FrozenEpochs(headEpochs), fastnb.Callbacks(s)}, w.options...)
	if err := learn.FineTune(p.epochs, w.rate, opts...); err != nil {
		return r, err
	}
	preds, err := learn.TTA(fastnb.Valid)
	if err != nil {
		return r, err
	}
	r.TTA, r.Seconds = scored(preds), time.Since(begun).Seconds()
	return r, nil
}

// stages is a callback that scores the validation photos at the end of each fit.
type stages struct{ *result }

// EndFit implements fastnb.FitEnder.
func (s *stages) EndFit(l *fastnb.Learner) error {
	preds, err := l.Predict(fastnb.Valid)
	if err != nil {
		return err
	}
	if l.FrozenTo() > 0 {
		s.Head = scored(preds)
	} else {
		s.All = scored(preds)
	}
	return nil
}

func scored(p *fastnb.Preds) *score { return &score{Accuracy: p.Accuracy(), LogLoss: p.LogLoss()} }
