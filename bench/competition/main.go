// Command competition is a whole competition by program, Plant Seedlings: a CSV file is made of its folders, five nets
// are fine-tuned, each without a fifth of the photos, and what each says of its fifth is put together; the mean of the
// five answers the test photos, and the submission is checked against the sample. It prints the table of the folds, and
// the accuracy out of fold beside that of a single net, the first fold's, and says how long that took:
//
//	go run ./bench/competition                   # 5 folds, 128 pixels, about a quarter of an hour on two quiet cores
//	go run ./bench/competition -folds 2 -epochs 1
//
// A run that is stopped goes on with the fold that it was in; -fresh begins anew.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/bench/internal/plants"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

var (
	work   = flag.String("work", filepath.Join(os.TempDir(), "fastnb-competition"), "folder for all that is made")
	fresh  = flag.Bool("fresh", false, "remove what earlier runs left in that folder")
	folds  = flag.Int("folds", 5, "folds")
	size   = flag.Int("size", 128, "pixels of a side")
	epochs = flag.Int("epochs", 8, "epochs of everything, after those of the head")
	tta    = flag.Int("tta", 4, "augmented views of a photo, beside the clean one")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	begun := time.Now()
	if *fresh {
		if err := os.RemoveAll(*work); err != nil {
			return err
		}
	}
	path, err := datasets.Fetch("plant-seedlings")
	if err != nil {
		return err
	}
	list, err := prepare(path, *work)
	if err != nil {
		return err
	}
	kept := filepath.Join(*work, fmt.Sprintf("folds-%dpx-%depochs-%dviews", *size, *epochs, *tta))
	f, err := fastnb.CrossValidate(*folds, func(fold int) (*vision.Learner, error) { return tuned(list, fold) },
		fastnb.FoldDir(kept), fastnb.FoldTTA(fastnb.Augmented(*tta)), fastnb.FoldMetrics(metric.Accuracy, metric.LogLoss))
	if err != nil {
		return err
	}
	fmt.Print(f)
	fmt.Printf("accuracy out of fold %.4f, of a single net %.4f\n", f.OOF.Accuracy(), f.Folds[0].Metrics[0])
	file := filepath.Join(*work, "submission.csv")
	if err := plants.Answer(f.Test, filepath.Join(path, "sample_submission.csv"), file); err != nil {
		return err
	}
	fmt.Printf("%s, checked; %.0f s\n", file, time.Since(begun).Seconds())
	return nil
}

// tuned is the net that has not seen the photos of a fold.
func tuned(list string, fold int) (*vision.Learner, error) {
	fmt.Printf("fold %d of %d\n", fold, *folds)
	photos, err := vision.FromCSV(list, vision.Size(*size), vision.BatchSize(16), vision.Augment(vision.TopDown),
		vision.Fold(fold, *folds), vision.Stratify(true), vision.TestFolder("test"),
		vision.TestCSV(filepath.Join(filepath.Dir(list), "sample_submission.csv")))
	if err != nil {
		return nil, err
	}
	learn, err := vision.Pretrained(arch.EfficientNetLite0, photos, vision.With(fastnb.Seed(uint64(fold))))
	if err != nil {
		return nil, err
	}
	return learn, learn.FineTune(*epochs, 0)
}

// prepare makes a folder with links to the photos, and beside them the CSV file that lists those for training with
// their species. It returns the path of that file.
func prepare(from, work string) (string, error) {
	if err := os.MkdirAll(work, 0o755); err != nil {
		return "", err
	}
	for _, name := range []string{"train", "test", "sample_submission.csv"} {
		err := os.Symlink(filepath.Join(from, name), filepath.Join(work, name))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	photos, err := filepath.Glob(filepath.Join(from, "train", "*", "*.png"))
	if err != nil {
		return "", err
	}
	list := filepath.Join(work, "train.csv")
	f, err := os.Create(list)
	if err != nil {
		return "", err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	rows := [][]string{{"file", "species"}}
	for _, photo := range photos {
		species := filepath.Base(filepath.Dir(photo))
		rows = append(rows, []string{filepath.ToSlash(filepath.Join("train", species, filepath.Base(photo))), species})
	}
	return list, errors.Join(w.WriteAll(rows), f.Close())
}
