// Command imdb learns English from IMDB's unlabelled reviews, then sentiment from labelled ones, and tests on IMDB's
// test reviews.
//
//	FASTNB_MIRROR=... go run ./bench/imdb                       # a few documents, a small net: the budget of testdata/fastai_imdb_*.json
//	FASTNB_MIRROR=... go run ./bench/imdb -full -cache DIR      # all documents, fastai's sizes: for a GPU
//	FASTNB_MIRROR=... go run ./bench/imdb -full -alltexts ...   # the language model reads the labelled reviews and the tests as well
//	FASTNB_MIRROR=... go run ./bench/imdb -write DIR            # the small budget's documents in numbers, for fastai's scripts
package main

import (
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/arch"
)

var (
	full  = flag.Bool("full", false, "all documents and fastai's sizes, in place of the small budget")
	write = flag.String("write", "", "write the documents in numbers into this folder, and end")
	cache = flag.String("cache", filepath.Join(os.TempDir(), "fastnb-imdb"), "where corpora and models go")
	refs  = flag.String("refs", "testdata", "where fastai_imdb_lm.json and fastai_imdb_classifier.json are")
	seeds = flag.Int("seeds", 1, "how many seeds, from 0 on")

	epochs = flag.Int("epochs", 12, "with -full: epochs of the language model")
	rows   = flag.Int("bs", 64, "with -full: batch size")
	maxLen = flag.Int("maxlen", 1440, "with -full: tokens of a review that are read")

	allTexts = flag.Bool("alltexts", false, "with -full: the language model also reads the labelled reviews, without the labels, and the tests, as the course's did")
	english  = flag.String("encoder", "", "begin the classifier with this file, CACHE/lm/models/english.encoder of an earlier run, in place of training a language model")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if *write != "" {
		r, err := read(*cache, small)
		if err != nil {
			return err
		}
		return r.write(*write)
	}
	n, lm, class, err := budget()
	if err != nil {
		return err
	}
	r, err := read(*cache, n)
	if err != nil {
		return err
	}
	var all []reached
	for seed := range *seeds {
		one, err := r.learn(lm.Config, class, seed)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	if *full { // fastai's numbers are of the small budget
		return nil
	}
	if *english == "" {
		show("perplexity", all, func(r reached) float64 { return r.perplexity }, lm.Summary["perplexity"])
	}
	show("accuracy, fine-tuned", all, func(r reached) float64 { return r.tuned }, class.Tuned.Accuracy)
	if class.Scratch.Stages != nil {
		show("accuracy, from scratch", all, func(r reached) float64 { return r.scratch }, class.Scratch.Accuracy)
	}
	return nil
}

// reached is what one seed came to.
type reached struct{ perplexity, tuned, scratch float64 }

// show prints a number of all seeds beside fastai's.
func show(name string, all []reached, of func(reached) float64, fastai spread) {
	mean, least, most := 0., math.Inf(1), math.Inf(-1)
	for _, r := range all {
		mean, least, most = mean+of(r)/float64(len(all)), min(least, of(r)), max(most, of(r))
	}
	fmt.Printf("%-24s fastnb %.4f (%.4f to %.4f), fastai %.4f (%.4f to %.4f)\n", name, mean, least, most, fastai.Mean,
		fastai.Min, fastai.Max)
}

// learn trains a language model, a classifier that begins with its encoder, and one from scratch.
func (r reviews) learn(lm config, class reference, seed int) (got reached, err error) {
	began, encoder := time.Now(), *english
	if encoder == "" {
		if encoder, got.perplexity, err = r.learnEncoder(lm, seed); err != nil {
			return got, err
		}
	}
	c := class.Config
	c.Embedding, c.Hidden, c.Layers = lm.Embedding, lm.Hidden, lm.Layers
	if got.tuned, err = r.accuracy(c, class.Tuned.Stages, encoder, seed); err != nil {
		return got, err
	}
	if class.Scratch.Stages != nil {
		got.scratch, err = r.accuracy(c, class.Scratch.Stages, "", seed)
	}
	fmt.Printf("seed %d: accuracy %.4f, %.0f s\n", seed, got.tuned, time.Since(began).Seconds())
	return got, err
}

// learnEncoder trains a language model, tells how good it is and saves its encoder.
func (r reviews) learnEncoder(lm config, seed int) (path string, perplexity float64, err error) {
	began := time.Now()
	model, err := r.learnLanguage(lm, seed, nb.NewProgress())
	if err != nil {
		return "", 0, err
	}
	_, metrics, err := model.Validate()
	if err != nil {
		return "", 0, err
	}
	fmt.Printf("seed %d: perplexity %.2f after %.0f s\n", seed, metrics[1], time.Since(began).Seconds())
	return filepath.Join(model.Data().Dir(), "models", "english.encoder"), metrics[1], model.SaveEncoder("english")
}

// accuracy trains a classifier and tells the share of valid documents that it is right about.
func (r reviews) accuracy(c config, stages []stage, encoder string, seed int) (float64, error) {
	learner, err := r.learnClasses(c, stages, encoder, seed, nb.NewProgress())
	if err != nil {
		return 0, err
	}
	preds, err := r.grade(learner, c)
	if err != nil {
		return 0, err
	}
	return preds.Accuracy(), nil
}

func (r reviews) grade(learner *text.Classifier, c config) (*fastnb.Preds, error) {
	if r.tests == nil {
		return learner.Predict(fastnb.Valid)
	}
	data, err := text.ForClassifier(r.tests, text.WithVocab(r.vocab), text.BatchSize(4*c.BatchSize), text.BPTT(c.BPTT),
		text.MaxLen(c.MaxLen))
	if err != nil {
		return nil, err
	}
	return learner.PredictOn(data, fastnb.Valid)
}

// budget is what to learn from and how.
func budget() (n counts, lm, class reference, err error) {
	if *full {
		n, lm, class = wholeIMDB()
		return n, lm, class, nil
	}
	if lm, err = readReference(filepath.Join(*refs, "fastai_imdb_lm.json")); err == nil {
		class, err = readReference(filepath.Join(*refs, "fastai_imdb_classifier.json"))
	}
	return small, lm, class, err
}

// wholeIMDB is fastai's tutorial of ULMFiT, without the Wikipedia model to begin with: more epochs of the language
// model instead.
func wholeIMDB() (n counts, lm, class reference) {
	drops := func(d arch.Drops) map[string]float64 {
		return map[string]float64{"embed_p": d.Embedding, "input_p": d.Input, "weight_p": d.Weight, "hidden_p": d.Hidden,
			"output_p": d.Output}
	}
	base := config{Embedding: 400, Hidden: 1152, Layers: 3, BatchSize: *rows, BPTT: 72, MaxLen: *maxLen, WD: .1,
		Moms:  [3]float64{.8, .7, .8},
		Alpha: 2, Beta: 1, SqrMom: .99, Eps: 1e-5, HeadSizes: []int{50}, HeadDrops: []float64{.1}}
	lm.Config, class.Config = base, base
	lm.Config.Drops, lm.Config.DropMult, lm.Config.LR, lm.Config.Epochs = drops(arch.LanguageModelDrops), .5, 5e-3, *epochs
	class.Config.Drops, class.Config.DropMult = drops(arch.ClassifierDrops), .5
	spread := func(to float64) []any { return []any{to / (2.6 * 2.6 * 2.6 * 2.6), to} }
	class.Tuned.Stages = []stage{{-1, 1, 2e-2}, {-2, 1, spread(1e-2)}, {-3, 1, spread(5e-3)}, {0, 2, spread(1e-3)}}
	return counts{words: 60000, lmShare: .05, valid: 2000, allTests: true, allTexts: *allTexts}, lm, class
}
