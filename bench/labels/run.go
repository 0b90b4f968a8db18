package main

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

// headEpochs is for how long the head is trained alone, fastai's as well.
const headEpochs = 2

// run trains on the mosaics and scores those for validation.
func (r result) run() (result, error) {
	list := filepath.Join(*data, datasets.MosaicsList)
	if _, err := os.Stat(list); errors.Is(err, fs.ErrNotExist) {
		if _, err := mosaics(*data); err != nil {
			return r, err
		}
	}
	begun := time.Now()
	learn, err := r.learner(list)
	if err != nil {
		return r, err
	}
	if err := learn.FineTune(r.Epochs, 4e-3, fastnb.FrozenEpochs(headEpochs), fastnb.LRMult(10)); err != nil {
		return r, err
	}
	preds, err := learn.Predict(fastnb.Valid)
	if err != nil {
		return r, err
	}
	r.Seconds = time.Since(begun).Seconds()
	if r.Task == "labels" {
		r.F2 = preds.Score(metric.FBetaThresh(2, .2))
	} else {
		r.MAE = preds.Score(metric.MAE)
	}
	return r, nil
}

// learner opens the mosaics with what the task is.
func (r result) learner(list string) (*vision.Learner, error) {
	what, net := []vision.DataOption{vision.LabelColumn("labels"), vision.LabelDelim(" ")}, []vision.LearnerOption{}
	if r.Task == "numbers" {
		breeds, err := breedsOf(list)
		if err != nil {
			return nil, err
		}
		what, net = []vision.DataOption{vision.Target(breeds...)}, []vision.LearnerOption{vision.YRange(-.1, 1.1)}
	}
	photos, err := vision.FromCSV(list, append(what, vision.ValidColumn("valid"), vision.Size(r.Side),
		vision.BatchSize(32), vision.Augment(vision.Transforms{Flip: true}), vision.MaxZoom(1))...)
	if err != nil {
		return nil, err
	}
	return vision.Pretrained(arch.EfficientNetLite0, photos, append(net, vision.With(fastnb.Seed(uint64(r.Seed)),
		fastnb.WithOptimizer(optim.Adam{}), fastnb.WithProgress(nil)))...)
}

// breedsOf returns the columns of the breeds' shares.
func breedsOf(list string) ([]string, error) {
	f, err := os.Open(list)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	header, err := csv.NewReader(f).Read()
	if err != nil || len(header) < 4 {
		return nil, errors.Join(err, errors.New(list+" is not a list of mosaics; remove its folder"))
	}
	return header[2 : len(header)-1], nil
}
