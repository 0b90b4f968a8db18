package main

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// opened returns the documents of the small budget, the very ones that fastai's scripts learned from.
func opened(t *testing.T) (r reviews, lm, class reference) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: training takes minutes")
	}
	for _, set := range []string{"aclImdb", "aclImdb_unsup"} {
		if _, err := datasets.Fetch(set); err != nil {
			t.Skipf("no %s (FASTNB_MIRROR names a folder that has it): %v", set, err)
		}
	}
	r, err := read(t.TempDir(), small)
	check(t, err)
	lm, err = readReference("../../testdata/fastai_imdb_lm.json")
	check(t, err)
	class, err = readReference("../../testdata/fastai_imdb_classifier.json")
	check(t, err)
	dir := t.TempDir()
	check(t, r.write(dir))
	for _, ref := range []reference{lm, class} {
		for name, f := range ref.Files {
			content, err := os.ReadFile(filepath.Join(dir, name+".i32"))
			check(t, err)
			if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Fatalf("%s are not the tokens that fastai learned from: run its scripts again on what `go run ./bench/imdb -write` writes", name)
			}
		}
	}
	return r, lm, class
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A language model is as good as fastai's on the same tokens with the same net and budget, and so is a classifier that begins with it:
// one seed's perplexity is at most 2% above the worst of fastai's seeds, its accuracy at most a point below the least. The means
// of three seeds of both are what `go run ./bench/imdb -seeds 3` shows.
func TestIMDBBesideFastAI(t *testing.T) {
	r, lm, class := opened(t)
	model, err := r.learnLanguage(lm.Config, 0, nil)
	check(t, err)
	_, metrics, err := model.Validate()
	check(t, err)
	t.Logf("perplexity %.2f, fastai %.2f (%.2f to %.2f)", metrics[1], lm.Summary["perplexity"].Mean, lm.Summary["perplexity"].Min, lm.Summary["perplexity"].Max)
	if most := lm.Summary["perplexity"].Max; !(metrics[1] <= 1.02*most) {
		t.Errorf("perplexity %.2f, fastai has %.2f", metrics[1], most)
	}
	check(t, model.SaveEncoder("english"))
	c := class.Config
	c.Embedding, c.Hidden, c.Layers = lm.Config.Embedding, lm.Config.Hidden, lm.Config.Layers
	learner, err := r.learnClasses(c, class.Tuned.Stages, filepath.Join(model.Data().Dir(), "models", "english.encoder"), 0, nil)
	check(t, err)
	preds, err := learner.Predict(fastnb.Valid)
	check(t, err)
	t.Logf("accuracy %.4f, fastai %.4f (%.4f to %.4f)", preds.Accuracy(), class.Tuned.Accuracy.Mean, class.Tuned.Accuracy.Min, class.Tuned.Accuracy.Max)
	if least := class.Tuned.Accuracy.Min; !(preds.Accuracy() >= least-.01) {
		t.Errorf("accuracy %.4f, fastai has %.4f", preds.Accuracy(), least)
	}
}

// The columns of a validation pass hold every token of the stream but the remainder, as fastai's do.
func TestSameWindows(t *testing.T) {
	r, lm, _ := opened(t)
	data, err := text.ForLanguageModel(r.unlabelled, text.WithVocab(r.vocab), text.BatchSize(lm.Config.BatchSize), text.BPTT(lm.Config.BPTT), text.Jitter(false))
	check(t, err)
	if want := lm.Files["lm_valid"].Tokens; data.Tokens(fastnb.Valid) != want {
		t.Errorf("%d tokens, fastai %d", data.Tokens(fastnb.Valid), want)
	}
	steps, fastai := float64(data.Len(fastnb.Train)/lm.Config.BatchSize), lm.Runs[0]["steps"].(float64)/float64(lm.Config.Epochs)
	if math.Abs(steps-fastai) > 1 { // fastai has the part of a window at the end, too
		t.Errorf("%g steps an epoch, fastai %g", steps, fastai)
	}
}
