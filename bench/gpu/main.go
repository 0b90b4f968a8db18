// Command gpu does lesson 1's steps on whatever device the engine finds, and prints what they took: compile
// times, images per second of frozen and unfrozen epochs, and the accuracy. Built here, the binary runs on a machine
// with a GPU and the CUDA plugin, given the data and the weights as files:
//
//	CGO_ENABLED=1 go build -o out/lesson1 ./bench/gpu
//	out/lesson1 -data pets_sample -weights efficientnet_lite0.pth
package main

import (
	"flag"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

var (
	data    = flag.String("data", "", "folder with train and valid")
	weights = flag.String("weights", "", "weights of EfficientNet-Lite0 (default: fetched)")
	size    = flag.Int("size", 224, "side of the images in pixels")
	batch   = flag.Int("bs", 32, "batch size")
	epochs  = flag.Int("epochs", 2, "epochs frozen, and unfrozen")
	seed    = flag.Uint64("seed", 42, "seed of the learner")
)

func main() {
	flag.Parse()
	if *data == "" {
		log.Fatal("-data: a folder with train and valid is needed (fastnb data pets_sample fetches one)")
	}
	if err := lesson(); err != nil {
		log.Fatal(err)
	}
}

func lesson() error {
	be, err := engine.Open()
	if err != nil {
		return err
	}
	fmt.Println("device:", engine.Describe(be))
	clock := &clock{}
	learn, err := open(clock)
	if err != nil {
		return err
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"head on precomputed activations", func() error { return learn.Fit(fastnb.LR(1e-2), *epochs, fastnb.CycleLen(1)) }},
		{"frozen body, augmented", func() error { return frozen(learn) }},
		{"everything", func() error { return unfrozen(learn) }},
	}
	for _, s := range steps {
		clock.begin()
		if err := s.do(); err != nil {
			return err
		}
		report(s.name, learn, clock)
	}
	return tta(learn)
}

func open(c *clock) (*vision.Learner, error) {
	d, err := vision.FromPaths(*data, vision.Size(*size), vision.BatchSize(*batch), vision.Augment(vision.SideOn))
	if err != nil {
		return nil, err
	}
	opts := []vision.LearnerOption{vision.Precompute(true), vision.With(fastnb.WithProgress(c), fastnb.Seed(*seed))}
	if *weights != "" {
		opts = append(opts, vision.Weights(pretrained.File(*weights)))
	}
	return vision.Pretrained(arch.EfficientNetLite0, d, opts...)
}

func frozen(learn *vision.Learner) error {
	if err := learn.Precompute(false); err != nil {
		return err
	}
	return learn.Fit(fastnb.LR(1e-2), *epochs, fastnb.CycleLen(1))
}

func unfrozen(learn *vision.Learner) error {
	learn.Unfreeze()
	return learn.Fit(fastnb.LR(1e-4, 1e-3, 1e-2), *epochs, fastnb.CycleLen(1))
}

func tta(learn *vision.Learner) error {
	start := time.Now()
	p, err := learn.TTA(fastnb.Valid)
	if err != nil {
		return err
	}
	fmt.Printf("| test-time augmentation | accuracy %.4f | log loss %.4f | %.1f s |\n", p.Accuracy(), p.LogLoss(),
		time.Since(start).Seconds())
	return nil
}

// report prints one row: the last epoch's speed is without compiling and without filling caches.
func report(name string, learn *vision.Learner, c *clock) {
	last := learn.Recorder.Epochs[len(learn.Recorder.Epochs)-1]
	images := float64(learn.Data().Len(fastnb.Train))
	fmt.Printf("| %s | accuracy %.4f | valid loss %.4f | %.0f training images/s | %s |\n",
		name, last.Metrics[0], last.ValidLoss, images/c.training.Seconds(), strings.Join(c.notes, "; "))
}

// clock is a fastnb.Progress that measures the training part of the last epoch and keeps what is said of compiling.
type clock struct {
	training time.Duration // from the first to the last batch of the last epoch, scaled to all batches
	first    time.Time     // end of the epoch's first batch
	batches  int
	notes    []string
}

func (c *clock) begin() { c.notes = nil }

// Begin implements fastnb.Progress.
func (c *clock) Begin(_, batches int, _ []string) { c.batches = batches }

// Batch implements fastnb.Progress.
func (c *clock) Batch(_, batch int, _ float64) {
	if batch == 0 {
		c.first = time.Now()
	} else {
		c.training = time.Since(c.first) * time.Duration(c.batches) / time.Duration(batch)
	}
}

// Epoch implements fastnb.Progress.
func (c *clock) Epoch(row []string) { log.Println(strings.Join(row, "  ")) }

// End implements fastnb.Progress.
func (c *clock) End(error) {}

// Note is told what is compiled and precomputed.
func (c *clock) Note(text string) {
	if strings.HasPrefix(text, "compiled") || strings.HasPrefix(text, "precomputed") {
		c.notes = append(c.notes, text)
	}
}
