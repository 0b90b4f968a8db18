package vision

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"runtime"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// before are checksums of the presets' batches, made by this test on commit d2fe7d6, which knew no other transforms: of
// what Batches yields, and of what Prepare makes of it. A net that is trained anew with a preset sees what it saw then.
var before = []struct {
	name, batches, prepared string
	opts                    []DataOption
}{
	{"none", "877496f3a4152e83", "6333d0b8a947b808", nil},
	{"basic", "ae780cd22fc28ef7", "98c35a9f0f1fa9a3", []DataOption{Augment(Basic)}},
	{"side-on", "24461b3ca7e41ef9", "86b0d2d028f6b006", []DataOption{Augment(SideOn)}},
	{"top-down", "174027b8ed4b94cf", "9a13e1538de02976", []DataOption{Augment(TopDown), MaxZoom(1.3)}},
	{"center", "31ad745883905288", "2294f391b60ebf26", []DataOption{Augment(SideOn), CropCenter}},
	{"no", "667a7aa8ea5e6f14", "c30c625aa5e0ebe9", []DataOption{Augment(TopDown), CropNo}},
	{"googlenet", "d5df466362ca7b79", "9fe262fd02ab31e0", []DataOption{Augment(TopDown), CropGoogLeNet}},
}

func TestPresetsAreWhatTheyWere(t *testing.T) {
	dir := tree(t)
	be := goBackend(t)
	for _, c := range before {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, dir, c.opts...)
			prepare, err := graph.NewExec(be, func(in []*graph.Node) *graph.Node { return d.Prepare(in)[0] })
			ok(t, err)
			batches, prepared := sha256.New(), sha256.New()
			for _, v := range []fastnb.View{{}, {Shuffle: true, Augment: true, Seed: 11}, {Split: fastnb.Valid, Augment: true}} {
				for b, err := range d.Batches(v) {
					ok(t, err)
					var args []any
					for _, x := range b.Inputs {
						addTensor(batches, x)
						args = append(args, x)
					}
					addTensor(prepared, prepare.MustCall1(args...))
				}
			}
			if got := sumText(batches); got != c.batches {
				t.Errorf("batches have the checksum %q, want %q", got, c.batches)
			}
			if got := sumText(prepared); got != c.prepared && runtime.GOARCH == "amd64" { // others fuse products and sums
				t.Errorf("prepared batches have the checksum %q, want %q", got, c.prepared)
			}
		})
	}
}

// addTensor adds shape and contents of a tensor to a checksum.
func addTensor(h hash.Hash, x *tensors.Tensor) {
	fmt.Fprintln(h, x.Shape())
	if err := x.ConstBytes(func(data []byte) { h.Write(data) }); err != nil {
		panic(err)
	}
}

func sumText(h hash.Hash) string { return fmt.Sprintf("%x", h.Sum(nil)[:8]) }
