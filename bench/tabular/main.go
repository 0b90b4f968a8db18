// Command tabular measures how many rows a second a tabular learner trains on, beside fastai's on the same machine in
// the same run: Adult, batches of 64 and 1024, layers of 200 and 100.
//
//	python3 -m venv /tmp/peer && /tmp/peer/bin/pip install fastai==2.8.12 torch==2.15.0 scikit-learn==1.9.1
//	FASTNB_MIRROR=... go run ./bench/tabular -python /tmp/peer/bin/python
//
// An epoch's training loop is what is timed, without validation and without the first epoch, in which XLA compiles.
// Both are measured in turns, and the medians compared.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

var (
	python  = flag.String("python", "", "Python with fastai; none measures fastnb alone")
	script  = flag.String("script", "bench/tabular/fastai_speed.py", "what measures fastai")
	repeats = flag.Int("repeats", 5, "epochs measured in each turn")
	turns   = flag.Int("turns", 3, "turns of each library")
)

var batches = []int{64, 1024}

func main() {
	flag.Parse()
	if err := bench(); err != nil {
		log.Fatal(err)
	}
}

// rates are rows per second by batch size, one for each epoch measured.
type rates map[int][]float64

func bench() error {
	path, err := datasets.Fetch("adult_sample")
	if err != nil {
		return err
	}
	learners, err := newLearners(path)
	if err != nil {
		return err
	}
	ours, theirs := rates{}, rates{}
	for range *turns {
		for _, bs := range batches {
			if err := ours.measure(bs, learners[bs]); err != nil {
				return err
			}
		}
		if *python != "" {
			if err := theirs.ask(path); err != nil {
				return err
			}
		}
	}
	fmt.Printf("Adult, 32561 rows, %d threads\n%6s  %28s  %28s  %s\n", runtime.NumCPU(), "batch", "fastnb rows/s",
		"fastai rows/s", "ratio of medians")
	for _, bs := range batches {
		fmt.Printf("%6d  %28s  %28s  %s\n", bs, figures.Spread(ours[bs], 0), figures.Spread(theirs[bs], 0),
			figures.Ratio(ours[bs], theirs[bs]))
	}
	return nil
}

// newLearners opens a learner for each batch size, without validation rows, and trains it for an epoch.
func newLearners(path string) (map[int]*tabular.Learner, error) {
	table, err := read(filepath.Join(path, "adult.csv"))
	if err != nil {
		return nil, err
	}
	learners := map[int]*tabular.Learner{}
	for _, bs := range batches {
		data, err := tabular.FromTable(table, tabular.Class(">=50k"), tabular.BatchSize(bs), tabular.ValidRows(nil),
			tabular.WorkDir(os.TempDir()),
			tabular.Cats("workclass", "education", "marital-status", "occupation", "relationship", "race"),
			tabular.Conts("age", "fnlwgt", "education-num"))
		if err != nil {
			return nil, err
		}
		l, err := tabular.NewLearner(data, tabular.SizeRule(tabular.EmbSizeV2), tabular.With(fastnb.WithProgress(nil)))
		if err != nil {
			return nil, err
		}
		if err := l.Fit(fastnb.LR(1e-2), 1); err != nil {
			return nil, err
		}
		learners[bs] = l
	}
	return learners, nil
}

func read(path string) (*tabular.Table, error) {
	db, err := duck.Open()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if _, err := db.Read("adult", path); err != nil {
		return nil, err
	}
	return db.Query("SELECT * FROM adult")
}

// measure trains for some epochs.
func (r rates) measure(bs int, l *tabular.Learner) error {
	for range *repeats {
		if err := l.Fit(fastnb.LR(1e-2), 1, fastnb.KeepOptimizer(true)); err != nil {
			return err
		}
		rows := len(l.Recorder.Loss) * bs
		r[bs] = append(r[bs], float64(rows)/l.Recorder.Epochs[0].Seconds)
	}
	return nil
}

// ask has fastai measured.
func (r rates) ask(path string) error {
	cmd := exec.Command(*python, *script, "--data", path, "--repeats", strconv.Itoa(*repeats), "--threads",
		strconv.Itoa(runtime.NumCPU()))
	cmd.Env = append(os.Environ(), "OMP_WAIT_POLICY=PASSIVE")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", *script, err)
	}
	var said struct {
		Batch map[int]struct {
			Rates []float64 `json:"rows_per_second"`
		} `json:"batch"`
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return fmt.Errorf("%s: %w", *script, err)
	}
	for bs, b := range said.Batch {
		r[bs] = append(r[bs], b.Rates...)
	}
	return nil
}
