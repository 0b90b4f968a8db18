package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// headEpochs is for how long the head is trained alone, at the first size.
const headEpochs = 2

// way is a way to train: so many epochs at each size.
type way struct {
	name, plan string
	stages     []stage
}

type stage struct{ size, epochs int }

// waysOf reads the plans of the two ways, such as 64:10,224:6. Both end at the same size, at which they are measured.
func waysOf(fixed, progressive string) (ways []way, err error) {
	for _, w := range []way{{name: "fixed", plan: fixed}, {name: "progressive", plan: progressive}} {
		if w.stages, err = stagesOf(w.plan); err != nil {
			return nil, err
		}
		ways = append(ways, w)
	}
	if ways[0].size() != ways[1].size() {
		return nil, fmt.Errorf("-fixed %s ends at another size than -progressive %s", fixed, progressive)
	}
	return ways, nil
}

func stagesOf(plan string) (stages []stage, err error) {
	for _, text := range strings.Split(plan, ",") {
		size, epochs, _ := strings.Cut(text, ":")
		s := stage{}
		for to, number := range map[*int]string{&s.size: size, &s.epochs: epochs} {
			if *to, err = strconv.Atoi(number); err != nil || *to < 1 {
				return nil, fmt.Errorf("%q in the plan %q (want sizes and epochs, as 64:10,224:6)", text, plan)
			}
		}
		stages = append(stages, s)
	}
	return stages, nil
}

// size is the last one.
func (w way) size() int { return w.stages[len(w.stages)-1].size }

// run trains by the way and measures the net.
func (w way) run(path string, seed uint64) (r result, err error) {
	photos, err := vision.FromPaths(path, vision.Presize(w.size()), vision.Size(w.stages[0].size), vision.BatchSize(16),
		vision.Augment(vision.TopDown), vision.ValidShare(.2), vision.Seed(seed), vision.WorkDir(*work))
	if err != nil {
		return r, err
	}
	begun := time.Now() // both find their photos decoded
	learn, err := vision.Pretrained(arch.EfficientNetLite0, photos,
		vision.With(fastnb.Seed(seed), fastnb.WithProgress(nil)))
	if err != nil {
		return r, err
	}
	for i, s := range w.stages {
		if err := s.train(learn, photos, i == 0); err != nil {
			return r, err
		}
	}
	return w.measured(learn, seed, begun)
}

// train fine-tunes by FineTune's defaults, the head alone before only where it is new.
func (s stage) train(learn *vision.Learner, photos *vision.Data, first bool) error {
	if first {
		return learn.FineTune(s.epochs, 0, fastnb.FrozenEpochs(headEpochs))
	}
	larger, err := photos.With(vision.Size(s.size))
	if err != nil {
		return err
	}
	if err := learn.SetData(larger); err != nil {
		return err
	}
	return learn.FineTune(s.epochs, 0, fastnb.FrozenEpochs(0))
}

// measured scores the validation photos, clean and by test-time augmentation, for which the clock stands still.
func (w way) measured(learn *vision.Learner, seed uint64, begun time.Time) (r result, err error) {
	clean, err := learn.Predict(fastnb.Valid)
	if err != nil {
		return r, err
	}
	seconds := time.Since(begun).Seconds()
	tta, err := learn.TTA(fastnb.Valid)
	if err != nil {
		return r, err
	}
	return result{Way: w.name, Plan: w.plan, Seed: seed, Seconds: seconds, Photos: len(clean.Probs),
		Accuracy: clean.Accuracy(), LogLoss: clean.LogLoss(), TTA: tta.Accuracy()}, nil
}
