package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
)

// config is what the JSON of fastai's scripts says of a net and its training.
type config struct {
	Embedding, Hidden, Layers int
	BatchSize                 int     `json:"batch_size"`
	DropMult                  float64 `json:"drop_mult"`
	Drops                     map[string]float64
	BPTT, Epochs              int
	MaxLen                    int `json:"max_len"`
	LR, WD                    float64
	Moms                      [3]float64
	Alpha, Beta               float64
	SqrMom                    float64 `json:"sqr_mom"`
	Eps                       float64
	HeadSizes                 []int     `json:"lin_ftrs"`
	HeadDrops                 []float64 `json:"head_p"`
}

func (c config) moms() fastnb.SharedCycleOption { return fastnb.Moms(c.Moms[0], c.Moms[1], c.Moms[2]) }

// stage is a fit with some layer groups frozen.
type stage struct {
	FreezeTo int `json:"freeze_to"`
	Epochs   int
	LR       any // one rate, or those of the first and the last group
}

// rates returns a stage's learning rates.
func (s stage) rates() fastnb.LRs {
	if ends, ok := s.LR.([]any); ok {
		return fastnb.LRSlice(ends[0].(float64), ends[1].(float64))
	}
	return fastnb.LR(s.LR.(float64))
}

// reference is one JSON of fastai's.
type reference struct {
	Files map[string]struct {
		Documents, Tokens int
		SHA256            string
	}
	Config  config
	Runs    []map[string]any
	Summary map[string]spread
	Tuned   result `json:"fine_tuned"`
	Scratch result
}

type result struct {
	Stages   []stage
	Accuracy spread
}

type spread struct{ Mean, Min, Max float64 }

func readReference(path string) (r reference, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(content, &r)
}

// options of learners that are a config's, of either kind.
func (c config) options(seed int, progress fastnb.Progress) (
	lm []text.LanguageModelOption, class []text.ClassifierOption) {
	d := arch.Drops{
		Embedding: c.Drops["embed_p"], Input: c.Drops["input_p"], Weight: c.Drops["weight_p"],
		Hidden: c.Drops["hidden_p"], Output: c.Drops["output_p"],
	}
	adam := fastnb.WithOptimizer(optim.Adam{SqrMomentum: c.SqrMom, Eps: c.Eps})
	for _, o := range []text.LearnerOption{
		text.LSTM(c.Layers, c.Hidden, c.Embedding), text.Drops(d), text.DropMult(c.DropMult), text.AR(c.Alpha),
		text.TAR(c.Beta), text.With(adam, fastnb.Seed(uint64(seed)), fastnb.WithProgress(progress)),
	} {
		lm, class = append(lm, o), append(class, o)
	}
	return lm, append(class, text.Layers(c.HeadSizes...), text.Ps(c.HeadDrops...))
}

// learnLanguage trains a language model.
func (r reviews) learnLanguage(c config, seed int, p fastnb.Progress) (*text.LanguageModel, error) {
	data, err := text.ForLanguageModel(r.unlabelled, text.WithVocab(r.vocab), text.BatchSize(c.BatchSize),
		text.BPTT(c.BPTT), text.Jitter(false))
	if err != nil {
		return nil, err
	}
	opts, _ := c.options(seed, p)
	learn, err := text.NewLanguageModel(data, opts...)
	if err != nil {
		return nil, err
	}
	return learn, learn.FitOneCycle(fastnb.LR(c.LR), c.Epochs, c.moms(), fastnb.WD(c.WD))
}

// learnClasses trains a classifier in stages, from an encoder's file if there is one.
func (r reviews) learnClasses(c config, stages []stage, encoder string, seed int, p fastnb.Progress) (*text.Classifier, error) {
	data, err := text.ForClassifier(r.labelled, text.WithVocab(r.vocab), text.BatchSize(c.BatchSize), text.BPTT(c.BPTT),
		text.MaxLen(c.MaxLen))
	if err != nil {
		return nil, err
	}
	_, opts := c.options(seed, p)
	learn, err := text.NewClassifier(data, opts...)
	if err != nil {
		return nil, err
	}
	if encoder != "" {
		if err := learn.LoadEncoderFile(encoder); err != nil {
			return nil, err
		}
	}
	for _, s := range stages {
		learn.FreezeTo(s.FreezeTo)
		if err := learn.FitOneCycle(s.rates(), s.Epochs, c.moms(), fastnb.WD(c.WD)); err != nil {
			return nil, fmt.Errorf("stage %v: %w", s, err)
		}
	}
	return learn, nil
}
