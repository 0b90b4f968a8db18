package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// training is a fit that has callbacks, of a learner that keeps its checkpoints in a folder.
type training struct {
	learn *fastnb.Learner
	fit   func() error
}

// trainings make a training in a folder, by kind.
var trainings = map[string]func(dir string) (*training, error){
	"photos": photos, "table": table, "language": language, "texts": texts,
}

// train goes on with a training in dir, or begins it, and saves what it ends with.
func train(kind, dir string) error {
	begin, known := trainings[kind]
	if !known {
		return fmt.Errorf("no kind of training %q", kind)
	}
	t, err := begin(dir)
	if err != nil {
		return err
	}
	if err := t.fit(); err != nil {
		return err
	}
	return t.learn.Save("final")
}

// often is how often the trainings save themselves.
var often = fastnb.SaveEvery(200 * time.Millisecond)

// watched are callbacks that keep something of a fit.
func watched(dir string) fastnb.SharedFitOption {
	return fastnb.Callbacks(&callback.SaveBest{Name: "best"}, callback.CSVLog(filepath.Join(dir, "log.csv")))
}

// photos are augmented photos of pets and a net of random weights, all of which trains, SGDR.
func photos(dir string) (*training, error) {
	path, err := datasets.Fetch("pets_sample")
	if err != nil {
		return nil, err
	}
	data, err := vision.FromPaths(path, vision.Size(64), vision.BatchSize(16), vision.Augment(vision.SideOn),
		vision.WorkDir(dir))
	if err != nil {
		return nil, err
	}
	l, err := vision.Pretrained(arch.ResNet18, data, vision.FromScratch(), vision.With(fastnb.WithProgress(nil)))
	if err != nil {
		return nil, err
	}
	return &training{l.Learner, func() error {
		return l.Fit(fastnb.LRSlice(1e-4, 1e-2), 1, fastnb.CycleLen(1), fastnb.CycleMult(2), fastnb.CycleSave("snap"),
			fastnb.Resume(true), often, watched(dir))
	}}, nil
}

// table is the Adult table, a loop on the device.
func table(dir string) (*training, error) {
	path, err := datasets.Fetch("adult_sample")
	if err != nil {
		return nil, err
	}
	db, err := duck.Open()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if _, err := db.Read("adult", filepath.Join(path, "adult.csv")); err != nil {
		return nil, err
	}
	rows, err := db.Query("select * from adult limit 6000")
	if err != nil {
		return nil, err
	}
	data, err := tabular.FromTable(rows, tabular.Class(">=50k"), tabular.WorkDir(dir))
	if err != nil {
		return nil, err
	}
	l, err := tabular.NewLearner(data, tabular.With(fastnb.WithProgress(nil)))
	if err != nil {
		return nil, err
	}
	return &training{l.Learner, func() error {
		return l.FitOneCycle(fastnb.LR(1e-2), 4, fastnb.Resume(true), often, watched(dir))
	}}, nil
}

// language is a language model of Nietzsche's characters, whose states go from batch to batch, with AR and TAR.
func language(dir string) (*training, error) {
	path, err := datasets.Fetch("nietzsche")
	if err != nil {
		return nil, err
	}
	letters, err := os.ReadFile(filepath.Join(path, "nietzsche.txt"))
	if err != nil {
		return nil, err
	}
	docs, err := text.FromTexts([]string{string(letters[:24_000]), string(letters[24_000:28_000])}, nil,
		text.ValidRows([]int{1}), text.WorkDir(dir))
	if err != nil {
		return nil, err
	}
	data, err := text.ForLanguageModel(docs, text.WithTokenizer(text.Characters), text.BatchSize(16))
	if err != nil {
		return nil, err
	}
	l, err := text.NewLanguageModel(data, text.LSTM(2, 48, 24), text.AR(2), text.TAR(1),
		text.With(fastnb.WithProgress(nil)))
	if err != nil {
		return nil, err
	}
	return &training{l.Learner, func() error {
		return l.FitOneCycle(fastnb.LR(5e-3), 3, fastnb.Clip(.25), fastnb.Resume(true), often, watched(dir))
	}}, nil
}

// texts is a classifier of reviews.
func texts(dir string) (*training, error) {
	path, err := datasets.Fetch("imdb_sample")
	if err != nil {
		return nil, err
	}
	docs, err := text.FromCSV(filepath.Join(path, "train.csv"), text.Header("label", "text"),
		text.ValidShare(.2), text.Sample(300), text.WorkDir(dir))
	if err != nil {
		return nil, err
	}
	data, err := text.ForClassifier(docs, text.MaxLen(64), text.BatchSize(32))
	if err != nil {
		return nil, err
	}
	l, err := text.NewClassifier(data, text.LSTM(2, 48, 24), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		return nil, err
	}
	return &training{l.Learner, func() error {
		return l.FineTune(2, 1e-2, fastnb.Resume(true), often, watched(dir))
	}}, nil
}
