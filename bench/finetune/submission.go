package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"gonum.org/v1/gonum/stat"
)

// seedlings are Plant Seedlings at the net's own size.
func seedlings(path string, seed int) (*fastnb.Learner, error) {
	photos, err := vision.FromPaths(path, vision.Size(224), vision.BatchSize(16), vision.Augment(vision.TopDown),
		vision.ValidShare(.15), vision.Seed(seed))
	if err != nil {
		return nil, err
	}
	return vision.Pretrained(arch.EfficientNetLite0, photos, vision.Learner(fastnb.Seed(uint64(seed))))
}

// submission fine-tunes on Plant Seedlings by FineTune's defaults, once for each seed, tells how right each net is on
// its validation photos, and lets the first answer the test photos.
func submission(file string) error {
	path, err := datasets.Fetch("plant-seedlings")
	if err != nil {
		return err
	}
	var accuracies []float64
	for i, seed := range numbers(*seeds) {
		learn, accuracy, err := tuned(path, seed)
		if err != nil {
			return err
		}
		accuracies = append(accuracies, accuracy)
		if i > 0 {
			continue
		}
		if err := answer(learn, filepath.Join(path, "sample_submission.csv"), file); err != nil {
			return err
		}
	}
	fmt.Printf("mean accuracy of %d seeds: %.4f\n", len(accuracies), stat.Mean(accuracies, nil))
	return nil
}

// tuned is a net that was fine-tuned, and the share of its validation photos that it gets right by the mean of eight
// augmented views and the clean one.
func tuned(path string, seed int) (*fastnb.Learner, float64, error) {
	begun := time.Now()
	learn, err := seedlings(path, seed)
	if err != nil {
		return nil, 0, err
	}
	if err := learn.FineTune(*epochs, 0); err != nil {
		return nil, 0, err
	}
	valid, err := learn.TTA(fastnb.Valid, fastnb.Augmented(8))
	if err != nil {
		return nil, 0, err
	}
	fmt.Printf("seed %d: accuracy %.4f, log loss %.4f; %.0f s\n", seed, valid.Accuracy(), valid.LogLoss(),
		time.Since(begun).Seconds())
	return learn, valid.Accuracy(), nil
}

// answer writes the most likely species of each photo, in the order of the competition's sample.
func answer(learn *fastnb.Learner, sample, file string) error {
	test, err := learn.TTA(fastnb.Test, fastnb.Augmented(8))
	if err != nil {
		return err
	}
	s := test.Submission(fastnb.File("file"), fastnb.ClassName("species"))
	if err := s.Sort(sample); err != nil {
		return err
	}
	if err := s.Check(sample); err != nil {
		return err
	}
	return s.Write(file)
}
