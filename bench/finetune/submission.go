package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// seedlings are Plant Seedlings at the net's own size.
func seedlings(path string, seed int) (*fastnb.Learner, error) {
	photos, err := vision.FromPaths(path, vision.Size(224), vision.BatchSize(16), vision.Augment(vision.TopDown),
		vision.ValidShare(.15), vision.Seed(seed))
	if err != nil {
		return nil, err
	}
	return vision.Pretrained(arch.EfficientNetLite0, photos, vision.Learner(fastnb.Seed(seed)))
}

// submission fine-tunes on Plant Seedlings by FineTune's defaults, tells how right it is on the validation photos, and
// answers the test photos with eight augmented views and the clean one.
func submission(file string) error {
	begun := time.Now()
	path, err := datasets.Fetch("plant-seedlings")
	if err != nil {
		return err
	}
	learn, err := seedlings(path, numbers(*seeds)[0])
	if err != nil {
		return err
	}
	if err := learn.FineTune(*epochs, 0); err != nil {
		return err
	}
	valid, err := learn.TTA(fastnb.Valid, fastnb.Augmented(8))
	if err != nil {
		return err
	}
	fmt.Printf("valid: accuracy %.4f, log loss %.4f; %.0f s\n", valid.Accuracy(), valid.LogLoss(), time.Since(begun).Seconds())
	test, err := learn.TTA(fastnb.Test, fastnb.Augmented(8))
	if err != nil {
		return err
	}
	return answer(test, filepath.Join(path, "sample_submission.csv"), file)
}

// answer writes the most likely species of each photo, in the order of the competition's sample.
func answer(test *fastnb.Preds, sample, file string) error {
	s := test.Submission(fastnb.File("file"), fastnb.ClassName("species"))
	if err := s.Sort(sample); err != nil {
		return err
	}
	if err := s.Check(sample); err != nil {
		return err
	}
	return s.Write(file)
}
