// Command labels trains on pictures of several labels and of numbers: mosaics of pets_sample, each quarter of which has
// a photo of one of three breeds or nothing. The labels are the breeds in it; the numbers are their shares of its area.
// It says F2, as the competition planet has it, and the mean absolute error, beside fastai's of the same pictures,
// epochs and net. And it says how long a list of many files takes to be made into data, and how much memory:
//
//	go run ./bench/labels                   # seeds 0 to 2 of both; it adds to -out
//	go run ./bench/labels -prepare DIR      # only makes the mosaics, for testdata/fastai_mosaics.py
//	go run ./bench/labels -rows 100000      # only a CSV file of so many rows, with as many small files
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/bench/internal/results"
	"github.com/fastnb/fastnb/datasets"
)

var (
	data    = flag.String("data", filepath.Join(os.TempDir(), "fastnb-mosaics"), "folder of the mosaics")
	seeds   = flag.String("seeds", "0,1,2", "seeds of the learner")
	trains  = flag.Int("train", 480, "mosaics to learn from")
	valids  = flag.Int("valid", 240, "mosaics to validate with")
	side    = flag.Int("side", 128, "pixels of a mosaic's side")
	epochs  = flag.Int("epochs", 6, "epochs of everything, after 2 of the head")
	out     = flag.String("out", "", "file of results; runs that it has are not run again")
	peer    = flag.String("peer", "testdata/fastai_mosaics.json", "fastai's results")
	prepare = flag.String("prepare", "", "make the mosaics in this folder and do nothing else")
	rows    = flag.Int("rows", 0, "measure a list of so many small files and do nothing else")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	var err error
	switch {
	case *rows > 0:
		err = measure(*rows)
	case *prepare != "":
		_, err = mosaics(*prepare)
	default:
		err = compare()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// mosaics makes the mosaics of the flags in a folder, and returns the path of their list.
func mosaics(dir string) (string, error) {
	return datasets.Mosaics(dir, datasets.TrainCount(*trains), datasets.ValidCount(*valids), datasets.Side(*side))
}

// result is one run: a net trained on the mosaics, and what it scored on those for validation.
type result struct {
	Task    string  `json:"task"` // "labels" or "numbers"
	Seed    int     `json:"seed"`
	Train   int     `json:"train"`
	Side    int     `json:"side"`
	Epochs  int     `json:"epochs"`
	F2      float64 `json:"f2,omitempty"`  // at a threshold of .2, the mean over the pictures
	MAE     float64 `json:"mae,omitempty"` // of shares of the area, 0 to 1
	Seconds float64 `json:"seconds"`
}

func (r result) same(o result) bool {
	return r.Task == o.Task && r.Seed == o.Seed && r.Train == o.Train && r.Side == o.Side && r.Epochs == o.Epochs
}

// compare runs what is not in the file of results yet, and prints all beside fastai's.
func compare() error {
	mine, err := results.Read[result](*out)
	if err != nil {
		return err
	}
	for _, seed := range strings.Split(*seeds, ",") {
		n, err := strconv.Atoi(seed)
		if err != nil || n < 0 {
			return fmt.Errorf("seed %q (want numbers of 0 or more, as 0,1,2)", seed)
		}
		for _, task := range []string{"labels", "numbers"} {
			r := result{Task: task, Seed: n, Train: *trains, Side: *side, Epochs: *epochs}
			if slices.ContainsFunc(mine, r.same) {
				continue
			}
			if r, err = r.run(); err != nil {
				return fmt.Errorf("%s, seed %d: %w", task, n, err)
			}
			mine = append(mine, r)
			if err := results.Write(*out, mine); err != nil {
				return err
			}
		}
	}
	theirs, err := results.Read[result](*peer)
	if err != nil {
		return err
	}
	table(mine, theirs)
	return nil
}

// table prints the runs, and fastai's of the same.
func table(mine, theirs []result) {
	fmt.Println("| task | seed | mosaics | fastnb | fastai | seconds | fastai's |\n|---|---|---|---|---|---|---|")
	const row = "| %s | %d | %d of %d pixels | %s | %s | %.0f | %s |\n"
	for _, r := range mine {
		peer, seconds := "-", "-"
		if i := slices.IndexFunc(theirs, r.same); i >= 0 {
			peer, seconds = theirs[i].score(), fmt.Sprintf("%.0f", theirs[i].Seconds)
		}
		fmt.Printf(row, r.Task, r.Seed, r.Train, r.Side, r.score(), peer, r.Seconds, seconds)
	}
}

// score says the score of the task.
func (r result) score() string {
	if r.Task == "numbers" {
		return fmt.Sprintf("MAE %.4f", r.MAE)
	}
	return fmt.Sprintf("F2 %.4f", r.F2)
}
