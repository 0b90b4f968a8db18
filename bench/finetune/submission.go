package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/bench/internal/plants"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"gonum.org/v1/gonum/stat"
)

// Photos are seen smaller in training than afterwards. A part of a photo, as CropGoogLeNet cuts it out, shows the plant
// larger than the whole photo does, so that a larger photo shows it as large as the net has learned it (Touvron et al.
// 2019, https://arxiv.org/abs/1906.06423), and the smaller ones leave time for more epochs.
const (
	trainSize = 160
	seenSize  = 192
)

// seedlings are the photos of Plant Seedlings, a share of them for validation.
func seedlings(path string, seed uint64, size int, crop vision.Crop) (*vision.Data, error) {
	return vision.FromPaths(path, vision.Size(size), vision.BatchSize(16), vision.Augment(vision.TopDown), crop,
		vision.ValidShare(.15), vision.Seed(seed))
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
		learn, accuracy, err := tuned(path, uint64(seed))
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
func tuned(path string, seed uint64) (*vision.Learner, float64, error) {
	begun := time.Now()
	parts, err := seedlings(path, seed, trainSize, vision.CropGoogLeNet)
	if err != nil {
		return nil, 0, err
	}
	photos, err := seedlings(path, seed, seenSize, vision.CropRandom)
	if err != nil {
		return nil, 0, err
	}
	learn, err := vision.Pretrained(arch.EfficientNetLite0, parts, vision.With(fastnb.Seed(seed)))
	if err != nil {
		return nil, 0, err
	}
	if err := learn.FineTune(*epochs, 0); err != nil {
		return nil, 0, err
	}
	if err := learn.SetData(photos); err != nil {
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

// answer lets a net answer the test photos.
func answer(learn *vision.Learner, sample, file string) error {
	test, err := learn.TTA(fastnb.Test, fastnb.Augmented(8))
	if err != nil {
		return err
	}
	return plants.Answer(test, sample, file)
}
