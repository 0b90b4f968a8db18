package vision

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/gomlx/core/graph"
)

// photos is where the benchmarks' data is: a folder of train and valid, such as dogscats.
func photos(b *testing.B) string {
	path := os.Getenv("FASTNB_PHOTOS")
	if path == "" {
		b.Skip("set FASTNB_PHOTOS to a folder of train and valid")
	}
	return path
}

func perImage(b *testing.B, images int) {
	b.ReportMetric(float64(images)/b.Elapsed().Seconds(), "images/s")
}

// BenchmarkDecode decodes and scales all images to 224, on all cores, from files in memory to the file of decoded images.
func BenchmarkDecode(b *testing.B) {
	path, n := photos(b), 0
	for b.Loop() {
		d, err := FromPaths(path, WorkDir(b.TempDir()))
		if err != nil {
			b.Fatal(err)
		}
		n += d.Len(fastnb.Train) + d.Len(fastnb.Valid) + d.Len(fastnb.Test)
	}
	perImage(b, n)
}

// BenchmarkOpen opens images that are decoded.
func BenchmarkOpen(b *testing.B) {
	path, work := photos(b), WorkDir(b.TempDir())
	if _, err := FromPaths(path, work); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := FromPaths(path, work); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatches reads the training images from the cache, without and with the device's part of the work.
func BenchmarkBatches(b *testing.B) {
	d, err := FromPaths(photos(b), WorkDir(filepath.Join(b.TempDir(), "work")), Augment(SideOn))
	if err != nil {
		b.Fatal(err)
	}
	backend, err := engine.Open()
	if err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]fastnb.View{"clean": {}, "augmented": {Augment: true}} {
		b.Run("host/"+name, func(b *testing.B) { readAll(b, d, v, nil) })
		prepare := graph.MustNewExec(backend, func(in []*graph.Node) *graph.Node { return graph.ReduceAllMean(d.Prepare(in)[0]) })
		b.Run("device/"+name, func(b *testing.B) { readAll(b, d, v, prepare) })
	}
}

func readAll(b *testing.B, d *Data, v fastnb.View, prepare *graph.Exec) {
	n := 0
	for b.Loop() {
		for batch, err := range d.Batches(v) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(batch.Items)
			if prepare == nil {
				continue
			}
			args := make([]any, len(batch.Inputs))
			for i, x := range batch.Inputs {
				args[i] = x
			}
			prepare.MustCall1(args...)
		}
	}
	perImage(b, n)
}
