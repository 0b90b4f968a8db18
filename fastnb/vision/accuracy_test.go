package vision_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// peer holds what fastai reached with the same weights, epochs and batch size; see testdata/README.md.
type peer struct {
	Summary map[string]struct {
		Accuracy struct{ Mean float64 } `json:"accuracy"`
	} `json:"summary"`
}

// On pets_sample the frozen net, trained for 3 epochs of augmented photos as fastai's script does it, is no worse than
// fastai: mean over 3 seeds of the accuracy on the valid split.
func TestPetsNoWorseThanFastai(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for minutes")
	}
	text, err := os.ReadFile("../../testdata/fastai_pets.json")
	check(t, err)
	var want peer
	check(t, json.Unmarshal(text, &want))
	path := fetched(t, "pets_sample")
	mean := 0.0
	for seed := range uint64(3) {
		l := lite(t, path, seed, vision.Augment(vision.SideOn))
		check(t, l.FitOneCycle(fastnb.LR(0.01), 3, fastnb.WD(0.01)))
		_, scores, err := l.Validate()
		check(t, err)
		t.Logf("seed %d: %.4f", seed, scores[0])
		mean += scores[0] / 3
	}
	if fastai := want.Summary["A_frozen"].Accuracy.Mean; mean < fastai || fastai < 0.9 {
		t.Errorf("mean accuracy %.4f, fastai's %.4f", mean, fastai)
	}
}

// Dogs v cats: lesson 1's first steps and TTA reach 98.5% on the 400 photos of the valid split, and the submission for
// the photos without labels is complete.
func TestDogsVCats(t *testing.T) {
	path := fetched(t, "dogscats")
	dir := t.TempDir()
	d, err := vision.FromPaths(path, vision.BatchSize(32), vision.Augment(vision.SideOn), vision.WorkDir(dir))
	check(t, err)
	l, err := vision.Pretrained(arch.EfficientNetLite0, d, quiet, vision.Precompute(true), vision.With(fastnb.WithOptimizer(optim.SGD{})))
	check(t, err)
	check(t, l.Fit(fastnb.LR(0.01), 3, fastnb.CycleLen(1)))
	p, err := l.TTA(fastnb.Valid)
	check(t, err)
	t.Logf("accuracy %.4f, log loss %.4f", p.Accuracy(), p.LogLoss())
	if p.Accuracy() < 0.985 {
		t.Errorf("accuracy %.4f with TTA, want 0.985", p.Accuracy())
	}
	test, err := l.Predict(fastnb.Test)
	check(t, err)
	s := test.Submission(fastnb.ID("id"), fastnb.ClassIndex("label"))
	if len(s.Rows) != 200 || s.Rows[0][0] != "1" || s.Rows[1][0] != "2" || s.Rows[199][0] != "200" {
		t.Errorf("%d rows, the first %v, the last %v", len(s.Rows), s.Rows[0], s.Rows[len(s.Rows)-1])
	}
	check(t, s.Write(filepath.Join(dir, "submission.csv")))
}
