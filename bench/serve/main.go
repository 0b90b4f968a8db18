// Command serve measures fastnb serve under load, beside a server of FastAPI and PyTorch with the same net, in turns:
// how long a request takes, whether each answer is right, and how the server's memory grows.
//
//	python3 -m venv /tmp/peer && /tmp/peer/bin/pip install ...      # what fastapi_serve.py names at its top
//	FASTNB_MIRROR=... go run ./bench/serve -n 10000 -python /tmp/peer/bin/python
//
// The net is a ResNet-18 on images of 224 pixels, trained a little on pets_sample, whose 120 validation photos are sent
// as they are, 8 at a time. An answer is right where it is what PredictImages says of the photo alone, to 1e-4.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

var (
	requests = flag.Int("n", 10_000, "requests to each server")
	clients  = flag.Int("c", 8, "requests at a time")
	turns    = flag.Int("turns", 5, "turns of each server")
	python   = flag.String("python", "", "Python with FastAPI and PyTorch; none measures fastnb alone")
	script   = flag.String("script", "bench/serve/fastapi_serve.py", "what serves with them")
)

func main() {
	flag.Parse()
	if err := bench(); err != nil {
		log.Fatal(err)
	}
}

func bench() error {
	if *requests < 1 || *clients < 1 || *turns < 1 {
		return errors.New("-n, -c and -turns: want 1 or more of each")
	}
	dir, err := os.MkdirTemp("", "serve")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pets, err := datasets.Fetch("pets_sample")
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(pets, "valid", "*", "*.jpg"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no photos in %s, %w", pets, err)
	}
	path, err := train(pets, dir)
	if err != nil {
		return err
	}
	photos, err := expect(path, files)
	if err != nil {
		return err
	}
	servers, err := startAll(dir, path)
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	if err != nil {
		return err
	}
	return measure(servers, photos)
}

// train saves a ResNet-18 that has seen the photos small, and takes them at 224 pixels.
func train(pets, dir string) (path string, err error) {
	small, err := vision.FromPaths(pets, vision.Size(64), vision.BatchSize(32), vision.WorkDir(dir))
	if err != nil {
		return "", err
	}
	l, err := vision.Pretrained(arch.ResNet18, small, vision.FromScratch(), vision.Layers(64))
	if err != nil {
		return "", err
	}
	if err := l.Fit(fastnb.LR(.01), 2); err != nil {
		return "", err
	}
	large, err := small.With(vision.Size(224))
	if err != nil {
		return "", err
	}
	if err := l.SetData(large); err != nil {
		return "", err
	}
	return filepath.Join(dir, "models", "pets.safetensors"), l.Save("pets")
}

// photo is what is sent, and what is to come back.
type photo struct {
	contents []byte
	probs    map[string]float32
}

// expect asks the model for each photo alone.
func expect(path string, files []string) (photos []photo, err error) {
	l, err := vision.Open(path, vision.BatchSize(1))
	if err != nil {
		return nil, err
	}
	be, err := engine.Open()
	if err != nil {
		return nil, err
	}
	fmt.Println("device:", engine.Describe(be))
	for _, f := range files {
		contents, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		p, err := l.PredictImages(contents)
		if err != nil {
			return nil, err
		}
		one := photo{contents, map[string]float32{}}
		for k, class := range p.Classes {
			one.probs[class] = p.Probs[0][k]
		}
		photos = append(photos, one)
	}
	return photos, nil
}

// measure sends requests to the servers in turns, after some that don't count.
func measure(servers []*server, photos []photo) error {
	for _, s := range servers {
		if err := s.load(photos, min(100, *requests)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		s.times, s.worst = nil, 0
		s.before = s.memory()
	}
	for turn := range *turns {
		n := *requests*(turn+1) / *turns - *requests*turn / *turns
		for _, s := range servers {
			began := time.Now()
			if err := s.load(photos, n); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			s.rates = append(s.rates, float64(n)/time.Since(began).Seconds())
		}
	}
	return told(servers)
}

// told prints what was measured. An answer of ours that is wrong is an error.
func told(servers []*server) error {
	fmt.Printf("%d requests, %d at a time, %d turns\n", *requests, *clients, *turns)
	for _, s := range servers {
		fmt.Printf("%-8s requests/s %s; ms 50th %.1f, 99th %.1f; memory %.0f MB at first, %.0f MB at last; "+
			"furthest answer %.1g\n", s.name, figures.Spread(s.rates, 1), s.percentile(.5), s.percentile(.99), s.before,
			s.memory(), s.worst)
	}
	if worst := servers[0].worst; worst > 1e-4 {
		return fmt.Errorf("an answer of fastnb is %g from what PredictImages says (want 1e-4 at most)", worst)
	}
	return nil
}
