package vision

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// HeatMap says where a net looks in an image when it scores a class. plots.Overlay lays it on the image.
type HeatMap struct {
	Name  string      // of the image
	Image image.Image // as the net sees it, Size x Size pixels
	Heat  [][]float64 // [Size][Size], rows from the top: how much what is there speaks for the class, 0 to 1
	Class string      // whose score it is
	Prob  float64     // what the net gives the class
}

// GradCAMOption is an option of [GradCAM] and [GradCAMImages].
type GradCAMOption interface{ gradCAM(*gradCAM) }

type gradCAMOption func(*gradCAM)

func (o gradCAMOption) gradCAM(c *gradCAM) { o(c) }

// ForClass asks what speaks for a class of this name, or a label, or a number of that column. Default: the most likely
// class of each image, its largest number.
func ForClass(name string) GradCAMOption { return gradCAMOption(func(c *gradCAM) { c.class = &name }) }

// GradCAM returns for items of a split where the net looks (Selvaraju et al. 2017, arXiv:1610.02391): the channels of
// the body's last features, each weighed by the mean of the gradient of the class's score along it, summed, without
// what speaks against the class. An item's heat is scaled so that its least is 0 and its most 1, and enlarged to the
// image bilinearly; a net that nothing speaks for is 0 throughout. A learner that trains on cached activations is
// looked at whole.
//
// It is an error if the features are one pixel, as of very small images, or one vector of the whole image, as of a ViT.
// The error wraps [fastnb.ErrNoSplit] if there is no such split; others name an item or a class that is not there.
func GradCAM(l *Learner, split fastnb.Split, items []int, opts ...GradCAMOption) (_ []HeatMap, err error) {
	defer verb.Name(&err, "vision: GradCAM")
	for _, i := range items {
		if err := l.Data().checkItem(split, i); err != nil {
			return nil, err
		}
	}
	return l.gradCAM(l.Data(), split, items, opts)
}

// GradCAMImages is [GradCAM] of images that are in no data, given as to [Learner.PredictImages].
func GradCAMImages(l *Learner, images []any, opts ...GradCAMOption) (_ []HeatMap, err error) {
	defer verb.Name(&err, "vision: GradCAMImages")
	data, err := l.Data().given(flat(images))
	if err != nil {
		return nil, err
	}
	return l.gradCAM(data, fastnb.Test, indices(data.Len(fastnb.Test)), opts)
}

// gradCAM is what heat maps are made with.
type gradCAM struct {
	class *string // nil: the most likely
	data  *Data
}

func (l *Learner) gradCAM(
	data *Data, split fastnb.Split, items []int, opts []GradCAMOption,
) (maps []HeatMap, err error) {
	c := gradCAM{data: data}
	for _, o := range opts {
		o.gradCAM(&c)
	}
	class, err := c.label()
	switch {
	case err != nil:
		return nil, err
	case l.parts == nil:
		return nil, errors.New("the learner is none of Pretrained's or Open's, so that its body is not known")
	}
	err = l.eachBatch(data, split, items, heat(l.parts, class, l.Loss()),
		func(items []int, outs []*tensors.Tensor) error {
			more, err := c.maps(split, items, outs)
			maps = append(maps, more...)
			return err
		})
	if err != nil {
		return nil, err
	}
	return maps, nil
}

// label returns the class that is asked for, -1 for the most likely.
func (c gradCAM) label() (int, error) {
	if c.class == nil {
		return -1, nil
	}
	names := c.data.outputNames()
	if i := slices.Index(names, *c.class); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("ForClass(%q): no such class (there are %q)", *c.class, names)
}

// outputNames are the names of what a net of the data scores: classes, labels or numbers.
func (d *Data) outputNames() []string {
	if d.kind == numbers {
		return d.Columns()
	}
	return d.Classes()
}

// parts is a net in two: the features that heat maps are made of, and the output.
type parts func(s *model.Scope, images *graph.Node) (features, output *graph.Node)

// heat returns the heat [n, h, w] of a batch of images, of the class that it also returns, [n], or the most likely one
// where class is below 0, what the net gives that class, [n], and the images as it sees them.
func heat(net parts, class int, activate fastnb.Loss) func(s *model.Scope, images *graph.Node) []*graph.Node {
	return func(s *model.Scope, images *graph.Node) []*graph.Node {
		features, scores := net(s, images)
		of := graph.ArgMax(scores, -1)
		if class >= 0 {
			of = graph.AddScalar(graph.ZerosLike(of), float64(class))
		}
		one := graph.OneHot(of, scores.Shape().Dim(-1), scores.DType())
		slope := graph.Gradient(graph.ReduceAllSum(graph.Mul(scores, one)), features)[0]
		weight := graph.ReduceAndKeep(slope, graph.ReduceMean, 1, 2)
		heat := graph.ReduceSum(graph.Mul(features, weight), -1)
		prob := graph.ReduceSum(graph.Mul(activate.Predictions(scores), one), -1)
		return []*graph.Node{graph.Max(heat, graph.ZerosLike(heat)), of, prob, images}
	}
}

// maps returns the heat maps of some items of a split, of what comes of a batch of them.
func (c gradCAM) maps(split fastnb.Split, items []int, outs []*tensors.Tensor) ([]HeatMap, error) {
	if shape := outs[0].Shape(); shape.Dim(1)*shape.Dim(2) == 1 {
		return nil, fmt.Errorf("the net's last features are one pixel of an image of %d x %d, so they don't say where "+
			"it looks; want larger images, and a net whose features are pixels, as those of a ViT are not",
			c.data.Size(), c.data.Size())
	}
	heat, of := tensors.MustCopyFlatData[float32](outs[0]), tensors.MustCopyFlatData[int32](outs[1])
	probs, images := tensors.MustCopyFlatData[float32](outs[2]), tensors.MustCopyFlatData[float32](outs[3])
	cells, pixels := len(heat)/len(of), len(images)/len(of) // of each image
	width, names := outs[0].Shape().Dim(2), c.data.outputNames()
	maps := make([]HeatMap, len(items))
	for row, item := range items {
		maps[row] = HeatMap{
			Name:  c.data.splits[split].files[item].name,
			Image: c.data.denormalised(images[row*pixels : (row+1)*pixels]),
			Heat:  enlarged(heat[row*cells:(row+1)*cells], width, c.data.Size()),
			Class: names[of[row]], Prob: float64(probs[row]),
		}
	}
	return maps, nil
}

// enlarged scales rows of width numbers to 0 to 1, and to a square of size bilinearly, their centres kept.
func enlarged(heat []float32, width, size int) [][]float64 {
	low, high := slices.Min(heat), slices.Max(heat)
	if high <= low {
		high = low + 1 // the same everywhere is 0 everywhere
	}
	height := len(heat) / width
	at := func(y, x int) float64 {
		y, x = min(max(y, 0), height-1), min(max(x, 0), width-1)
		return float64(heat[y*width+x]-low) / float64(high-low)
	}
	square := make([][]float64, size)
	for i := range square {
		square[i] = make([]float64, size)
		y, down := between(i, height, size)
		for j := range square[i] {
			x, right := between(j, width, size)
			upper := at(y, x)*(1-right) + at(y, x+1)*right
			lower := at(y+1, x)*(1-right) + at(y+1, x+1)*right
			square[i][j] = upper*(1-down) + lower*down
		}
	}
	return square
}

// between returns between which of n cells, this and the next, and how far from the one to the other, the centre of
// pixel i of size lies.
func between(i, n, size int) (cell int, share float64) {
	p := (float64(i)+.5)*float64(n)/float64(size) - .5
	return int(math.Floor(p)), p - math.Floor(p)
}
