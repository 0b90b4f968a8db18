// Package synth holds the smallest things that can be learned, for tests: points on the line y = 2x + 3, and
// clouds of points around a centre for each class.
package synth

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Data are rows of float32 features with a class or a target each, held in memory.
type Data struct {
	X       map[fastnb.Split][][]float32
	Class   map[fastnb.Split][]int // of a classification
	Y       map[fastnb.Split][]float32
	Size    int // batch size
	Folder  string
	classes []string
}

// Line returns n training and n/4 validation points on y = 2x + 3 with a little noise.
func Line(folder string, n, size int) *Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := &Data{X: map[fastnb.Split][][]float32{}, Y: map[fastnb.Split][]float32{}, Size: size, Folder: folder}
	for split, count := range []int{n, n / 4} {
		split := fastnb.Split(split)
		for range count {
			x := rng.Float32()*2 - 1
			d.X[split] = append(d.X[split], []float32{x})
			d.Y[split] = append(d.Y[split], 2*x+3+0.01*float32(rng.NormFloat64()))
		}
	}
	return d
}

// Clouds returns points around a centre for each class: n to train on, n/4 to validate on and n/4 to predict.
func Clouds(folder string, n, size, classes int) *Data {
	rng := rand.New(rand.NewPCG(3, 4))
	d := &Data{X: map[fastnb.Split][][]float32{}, Class: map[fastnb.Split][]int{}, Size: size, Folder: folder}
	for c := range classes {
		d.classes = append(d.classes, fmt.Sprintf("class%d", c))
	}
	for _, split := range []fastnb.Split{fastnb.Train, fastnb.Valid, fastnb.Test} {
		count := n
		if split != fastnb.Train {
			count = n / 4
		}
		for i := range count {
			c := i % classes
			d.X[split] = append(d.X[split], cloud(rng, c))
			if split != fastnb.Test {
				d.Class[split] = append(d.Class[split], c)
			}
		}
	}
	return d
}

func cloud(rng *rand.Rand, class int) []float32 {
	x := make([]float32, 4)
	for i := range x {
		x[i] = float32(rng.NormFloat64()) * 0.7
	}
	x[class%4] += 2
	return x
}

// Len implements fastnb.Data.
func (d *Data) Len(s fastnb.Split) int { return len(d.X[s]) }

// BatchSize implements fastnb.Data.
func (d *Data) BatchSize() int { return min(d.Size, d.Len(fastnb.Train)) }

// Classes implements fastnb.Data.
func (d *Data) Classes() []string { return d.classes }

// Labels implements fastnb.Data.
func (d *Data) Labels(s fastnb.Split) []int { return d.Class[s] }

// Names implements fastnb.Data.
func (d *Data) Names(s fastnb.Split) []string {
	names := make([]string, d.Len(s))
	for i := range names {
		names[i] = fmt.Sprintf("%s/%d.row", s, i)
	}
	return names
}

// Fingerprint implements fastnb.Data.
func (d *Data) Fingerprint(s fastnb.Split) string { return fmt.Sprint(d.X[s]) }

// Dir implements fastnb.Data.
func (d *Data) Dir() string { return d.Folder }

// Prepare implements fastnb.Data. An augmented batch has noise as a second input, which it adds.
func (d *Data) Prepare(in []*graph.Node) []*graph.Node {
	if len(in) == 2 {
		return []*graph.Node{graph.Add(in[0], in[1])}
	}
	return in
}

// Batches implements fastnb.Data.
func (d *Data) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		n, size := d.Len(v.Split), d.BatchSize()
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			if !yield(d.batch(v, order[i*size:min((i+1)*size, n)], size), nil) {
				return
			}
		}
	}
}

func (d *Data) batch(v fastnb.View, items []int, size int) fastnb.Batch {
	width := len(d.X[v.Split][0])
	x, noise := make([]float32, 0, size*width), make([]float32, 0, size*width)
	labels, targets := make([]int32, size), make([]float32, size)
	for r := range size {
		item := items[min(r, len(items)-1)]
		rng := rand.New(rand.NewPCG(v.Seed, uint64(item)))
		x = append(x, d.X[v.Split][item]...)
		for range width {
			noise = append(noise, 0.05*float32(rng.NormFloat64()))
		}
		if d.Class[v.Split] != nil {
			labels[r] = int32(d.Class[v.Split][item])
		}
		if d.Y[v.Split] != nil {
			targets[r] = d.Y[v.Split][item]
		}
	}
	b := fastnb.Batch{Items: items, Inputs: []*tensors.Tensor{tensors.FromFlatDataAndDimensions(x, size, width)}}
	if v.Augment && d.classes != nil {
		b.Inputs = append(b.Inputs, tensors.FromFlatDataAndDimensions(noise, size, width))
	}
	switch {
	case d.Class[v.Split] != nil:
		b.Labels = tensors.FromFlatDataAndDimensions(labels, size)
	case d.Y[v.Split] != nil:
		b.Labels = tensors.FromFlatDataAndDimensions(targets, size, 1)
	}
	return b
}

// LineModel is one dense layer.
func LineModel() fastnb.Model {
	return fastnb.FromFunc("line", func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("line"), x, 1)
	}, fastnb.Group{"/line"})
}

// Net is a body of two layer groups with batch norm and a head with dropout.
func Net(classes int) fastnb.Model {
	return fastnb.Model{
		Name: "net",
		Body: func(s *model.Scope, in []*graph.Node) *graph.Node {
			x := nn.ReLU(nn.BatchNorm(s.In("bn1"), nn.Dense(s.In("dense1"), in[0], 32)))
			return nn.ReLU(nn.BatchNorm(s.In("bn2"), nn.Dense(s.In("dense2"), x, 32)))
		},
		Head: func(s *model.Scope, x *graph.Node) *graph.Node {
			head := s.In("head")
			x = nn.Dropout(head.In("drop"), nn.BatchNorm(head.In("bn"), x), 0.25)
			return nn.Dense(head.In("out"), x, classes)
		},
		Groups: []fastnb.Group{{"/dense1", "/bn1"}, {"/dense2", "/bn2"}, {"/head"}},
	}
}
