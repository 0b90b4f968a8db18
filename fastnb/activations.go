package fastnb

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/gomlx/core/tensors"
)

// activations are the body's outputs for a split, one row per item in the split's order.
type activations struct {
	rows    []float32
	shape   []int // of one row
	labels  []int
	targets [][]float32 // instead of labels
}

// knows gives the activations what the data know of their split.
func (a *activations) knows(data Data, split Split) {
	if a.labels, a.targets = data.Labels(split), nil; a.labels != nil {
		return
	}
	if d, ok := data.(Targeted); ok {
		a.targets = d.Targets(split)
	}
}

// add puts the rows of a batch in their places.
func (a *activations) add(items []int, out *tensors.Tensor, n int) error {
	a.shape = out.Shape().Dimensions[1:]
	size := out.Size() / out.Shape().Dim(0)
	if a.rows == nil {
		a.rows = make([]float32, n*size)
	}
	return tensors.ConstFlatData(out, func(flat []float32) {
		for row, item := range items {
			copy(a.rows[item*size:], flat[row*size:(row+1)*size])
		}
	})
}

// batches yields a view's batches of activations, in the same order as the data's own.
func (a *activations) batches(v View, size int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		n := len(a.rows) / max(product(a.shape), 1)
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			items := order[i*size : min((i+1)*size, n)]
			if !yield(a.batch(items, size), nil) {
				return
			}
		}
	}
}

// batch gathers the rows of items, the last one repeated up to size.
func (a *activations) batch(items []int, size int) Batch {
	width := product(a.shape)
	rows := make([]float32, size*width)
	for r := range size {
		item := items[min(r, len(items)-1)]
		copy(rows[r*width:], a.rows[item*width:(item+1)*width])
	}
	b := Batch{Items: items, Labels: a.truth(items, size)}
	b.Inputs = []*tensors.Tensor{tensors.FromFlatDataAndDimensions(rows, append([]int{size}, a.shape...)...)}
	return b
}

// truth gathers what is known of items, the last one repeated up to size; nil where nothing is.
func (a *activations) truth(items []int, size int) *tensors.Tensor {
	at := func(r int) int { return items[min(r, len(items)-1)] }
	switch {
	case a.labels != nil:
		labels := make([]int32, size)
		for r := range labels {
			labels[r] = int32(a.labels[at(r)])
		}
		return tensors.FromFlatDataAndDimensions(labels, size)
	case len(a.targets) > 0:
		var flat []float32
		for r := range size {
			flat = append(flat, a.targets[at(r)]...)
		}
		return tensors.FromFlatDataAndDimensions(flat, size, len(flat)/size)
	}
	return nil
}

// readActivations returns the activations in a file, an error where they are damaged or not those of key.
func readActivations(path, key string) (*activations, error) {
	r, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if r.Metadata["key"] != key {
		return nil, fmt.Errorf("%s holds other activations", path)
	}
	f, err := r.Map()
	if err != nil {
		return nil, err
	}
	if len(f.Tensors) != 1 || len(f.Tensors[0].Shape) == 0 {
		return nil, fmt.Errorf("%s holds other activations", path)
	}
	if f.Metadata[safetensors.ChecksumKey] != f.Checksum(key) {
		return nil, fmt.Errorf("%s is damaged", path)
	}
	rows, err := safetensors.Numbers[float32](f.Tensors[0])
	return &activations{rows: slices.Clone(rows), shape: f.Tensors[0].Shape[1:]}, err
}

func (a *activations) write(path, key string) error {
	shape := append([]int{len(a.rows) / product(a.shape)}, a.shape...)
	st := safetensors.FromNumbers("activations", shape, a.rows)
	f := &safetensors.File{Metadata: map[string]string{"key": key}, Tensors: []safetensors.Tensor{st}}
	f.Metadata[safetensors.ChecksumKey] = f.Checksum(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return safetensors.WriteFile(path, f)
}

func product(dims []int) int {
	p := 1
	for _, d := range dims {
		p *= d
	}
	return p
}
