// Command engine measures what the resident engine costs: a training step through it, beside the same step with an
// engine in the process itself, in turn, and whether the weights are the same in the end, bit for bit.
//
//	go run ./bench/engine [-turns 5] [-size 64] [-program fastnb]
//
// The nets are a ResNet-18 on batches of 64 images of pets_sample, and one of two dense layers on 16 rows of 8 numbers.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

var (
	turns = flag.Int("turns", 5, "fits of each, in turn")
	size  = flag.Int("size", 64, "side of the images in pixels")
	built = flag.String("program", "", "the program of the engine, as go build ./cmd/fastnb makes it (default: built here)")
)

func main() {
	flag.Parse()
	if err := measure(); err != nil {
		log.Fatal(err)
	}
}

func measure() error {
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	own, err := engine.Open()
	if err != nil {
		return err
	}
	program, err := build(dir)
	if err != nil {
		return err
	}
	l := resident.Launcher{Program: program, Socket: filepath.Join(dir, "engine.sock")}
	through, err := l.Open()
	if err != nil {
		return err
	}
	defer func() {
		if err := resident.Stop(l.Socket); err != nil {
			log.Print(err)
		}
	}()
	fmt.Println("device:", engine.Describe(own))
	for _, n := range nets {
		if err := compare(n, own, through); err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
	}
	return nil
}

// build makes the engine's program, or names the one that is there.
func build(dir string) (string, error) {
	if *built != "" {
		return filepath.Abs(*built)
	}
	program := filepath.Join(dir, "bench", "fastnb")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/fastnb").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
}

// net is a learner to be timed.
type net struct {
	name string
	open func(be compute.Backend) (*fastnb.Learner, error)
}

var nets = []net{
	{"two dense layers, batches of 16", tiny},
	{"ResNet-18, batches of 64", resNet},
}

// compare fits on both backends in turn.
func compare(n net, own, through compute.Backend) error {
	backends := []compute.Backend{own, through}
	learners, times := make([]*fastnb.Learner, 2), make([][]float64, 2)
	for i, be := range backends {
		var err error
		if learners[i], err = n.open(be); err != nil {
			return err
		}
	}
	for turn := range *turns + 1 {
		for i, learn := range learners {
			clock := &clock{}
			if err := learn.Fit(fastnb.LR(1e-3), 1, fastnb.Callbacks(clock)); err != nil {
				return err
			}
			if turn > 0 { // the first compiles
				times[i] = append(times[i], clock.steps...)
			}
		}
	}
	a, b := times[0], times[1]
	fmt.Printf("%s: a step in the process %s ms, through the engine %s ms: %+.2f ms, %+.1f%%; same weights: %t\n", n.name,
		figures.Spread(a, 2), figures.Spread(b, 2), figures.Median(b)-figures.Median(a),
		100*(figures.Median(b)/figures.Median(a)-1),
		weights(learners[0]) == weights(learners[1]))
	return nil
}

// clock notes how long each batch takes, in milliseconds, but for the first.
type clock struct {
	last  time.Time
	steps []float64
}

// EndBatch implements fastnb.BatchEnder.
func (c *clock) EndBatch(*fastnb.Learner) error {
	now := time.Now()
	if !c.last.IsZero() {
		c.steps = append(c.steps, now.Sub(c.last).Seconds()*1e3)
	}
	c.last = now
	return nil
}

// weights returns a checksum of all variables.
func weights(l *fastnb.Learner) string {
	var all []*model.Variable
	for v := range l.Store().IterVariables() {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *model.Variable) int { return strings.Compare(a.Path(), b.Path()) })
	sum := sha256.New()
	for _, v := range all {
		v.MustValue().ConstBytes(func(data []byte) { sum.Write(data) })
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func resNet(be compute.Backend) (*fastnb.Learner, error) {
	path, err := datasets.Fetch("pets_sample")
	if err != nil {
		return nil, err
	}
	data, err := vision.FromPaths(path, vision.Size(*size), vision.BatchSize(64))
	if err != nil {
		return nil, err
	}
	learn, err := vision.Pretrained(arch.ResNet18, data, vision.FromScratch(), vision.On(be))
	if err != nil {
		return nil, err
	}
	learn.Unfreeze()
	return learn.Learner, nil
}
