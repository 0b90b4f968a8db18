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
	path, work := photos(b), WorkDir(filepath.Join(b.TempDir(), "work"))
	backend, err := engine.Open()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		view fastnb.View
		opts []DataOption
	}{
		{"clean", fastnb.View{}, nil},
		{"augmented", fastnb.View{Augment: true}, []DataOption{Augment(SideOn)}},
		{"aug_transforms", fastnb.View{Augment: true}, []DataOption{Augment(AugTransforms)}},
		{"64 of 224", fastnb.View{Augment: true}, []DataOption{Augment(SideOn), Size(64), Presize(224)}},
		{"128 of 224", fastnb.View{Augment: true}, []DataOption{Augment(SideOn), Size(128), Presize(224)}},
		{"224 of 460", fastnb.View{Augment: true}, []DataOption{Augment(SideOn), Presize(460)}},
	} {
		d, err := FromPaths(path, append(c.opts, work)...)
		if err != nil {
			b.Fatal(err)
		}
		prepare := graph.MustNewExec(backend, func(in []*graph.Node) *graph.Node { return graph.ReduceAllMean(d.Prepare(in)[0]) })
		b.Run("host/"+c.name, func(b *testing.B) { readAll(b, d, c.view, nil) })
		b.Run("device/"+c.name, func(b *testing.B) { readAll(b, d, c.view, prepare) })
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
