// Command finetune compares ways to fine-tune a pretrained net, EfficientNet-Lite0, on four sets of few photos: two
// like ImageNet's, one of plants, one of tiny pictures. After each stage it says accuracy and log loss, beside
// fastai's from the same weights, photos, epochs and rates, and beside a linear probe of the frozen body:
//
//	go run ./bench/finetune                         # all sets, seeds 0 to 2, batches of 16 and 64; it adds to -out
//	go run ./bench/finetune -prepare DIR            # only lays out the photos, for testdata/fastai_finetune.py
//	go run ./bench/finetune -submit seedlings.csv   # Plant Seedlings by FineTune's defaults, within 8 minutes
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fastnb/fastnb/bench/internal/results"
	"github.com/fastnb/fastnb/engine"
)

var (
	data    = flag.String("data", filepath.Join(os.TempDir(), "fastnb-finetune"), "folder in which the photos are laid out")
	only    = flag.String("sets", "", "some of the sets, as cifar10,dogscats (default all)")
	some    = flag.String("ways", "", "some of the ways, as keep,train (default all)")
	seeds   = flag.String("seeds", "0,1,2", "seeds, of the photos that are drawn and of the learner")
	batches = flag.String("bs", "16,64", "batch sizes")
	out     = flag.String("out", "", "file of results; runs that it has are not run again")
	peer    = flag.String("peer", "testdata/fastai_finetune.json", "fastai's results")
	layOut  = flag.String("prepare", "", "lay out the photos in this folder and do nothing else")
	epochs  = flag.Int("epochs", 36, "epochs of everything, with -submit")
	submit  = flag.String("submit", "", "write Plant Seedlings' submission to this file and do nothing else")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	var err error
	switch {
	case *submit != "":
		err = tunedProcess(func() error { return submission(*submit) })
	case *layOut != "":
		err = prepareAll(*layOut)
	default:
		err = compare()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// tunedProcess calls f in a process whose allocator gives XLA huge pages, as fastnb's kernel does: another one than
// this where this has begun without.
func tunedProcess(f func() error) error {
	if engine.Tunables == "" || os.Getenv("GLIBC_TUNABLES") != "" {
		return f()
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), "GLIBC_TUNABLES="+engine.Tunables)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func prepareAll(dir string) error {
	for _, p := range sets {
		for _, seed := range numbers(*seeds) {
			if err := p.prepare(dir, uint64(seed)); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare runs what was asked for and is not in the file of results yet, and prints all.
func compare() error {
	mine, err := results.Read[result](*out)
	if err != nil {
		return err
	}
	for _, r := range asked() {
		if slices.ContainsFunc(mine, r.same) {
			continue
		}
		done, err := r.run()
		if err != nil {
			return fmt.Errorf("%s, %s, batches of %d, seed %d: %w", r.Set, r.Way, r.BS, r.Seed, err)
		}
		fmt.Println(done)
		mine = append(mine, done)
		if err := results.Write(*out, mine); err != nil {
			return err
		}
	}
	theirs, err := results.Read[result](*peer)
	if err != nil {
		return err
	}
	table(mine, theirs)
	return nil
}

// asked returns the runs that the flags ask for, without scores.
func asked() (all []result) {
	for _, p := range chosen(sets, *only, func(p photos) string { return p.name }) {
		for _, bs := range numbers(*batches) {
			for _, seed := range numbers(*seeds) {
				for _, w := range chosen(ways, *some, func(w way) string { return w.name }) {
					all = append(all, result{Set: p.name, Way: w.name, BS: bs, Seed: seed})
				}
			}
		}
	}
	return all
}

// run is the run with its scores.
func (r result) run() (result, error) {
	p := sets[slices.IndexFunc(sets, func(p photos) bool { return p.name == r.Set })]
	w := ways[slices.IndexFunc(ways, func(w way) bool { return w.name == r.Way })]
	return p.run(w, r.BS, uint64(r.Seed))
}

// chosen returns those of all whose names are in a list, or all where the list is empty.
func chosen[T any](all []T, list string, name func(T) string) []T {
	if list == "" {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return !slices.Contains(strings.Split(list, ","), name(x)) })
}

func numbers(list string) []int {
	var all []int
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			log.Fatalf("%q in %q (want numbers of 0 or more, as 0,1,2)", s, list)
		}
		all = append(all, n)
	}
	return all
}

// result is one run: a net trained on a set, and what it scored after each stage.
type result struct {
	Set     string  `json:"set"`
	Way     string  `json:"way"` // "" is fastai
	Seed    int     `json:"seed"`
	BS      int     `json:"bs"`
	Probe   *score  `json:"probe,omitempty"`
	Head    *score  `json:"head,omitempty"`
	All     *score  `json:"all"`
	TTA     *score  `json:"TTA"`
	Seconds float64 `json:"seconds"`
}

// score is of the validation photos.
type score struct {
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"log_loss"`
}

// same tells whether two runs are of the same, whatever they scored.
func (r result) same(o result) bool {
	return r.Set == o.Set && r.Way == o.Way && r.BS == o.BS && r.Seed == o.Seed
}

func (r result) String() string {
	return fmt.Sprintf("%s, %s, batches of %d, seed %d: head %v, all %v, TTA %v, %.0f s", r.Set, r.Way, r.BS, r.Seed, r.Head, r.All, r.TTA, r.Seconds)
}

func (s *score) String() string {
	if s == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f %.3f", s.Accuracy, s.LogLoss)
}
