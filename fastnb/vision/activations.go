package vision

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Activation is what a layer of a net makes of an image: how strongly each of its channels answers, and where.
type Activation struct {
	Name  string        // of the image
	Image image.Image   // as the net sees it, Size x Size pixels
	Maps  [][][]float32 // [channels][rows][columns], rows from the top; of a dense layer one row and column
}

// Peak returns the largest value of a channel.
func (a Activation) Peak(channel int) float64 {
	peak := a.Maps[channel][0][0]
	for _, row := range a.Maps[channel] {
		peak = max(peak, slices.Max(row))
	}
	return float64(peak)
}

// Mean returns the mean of a channel: what a global average pool makes of it.
func (a Activation) Mean(channel int) float64 {
	var sum float64
	for _, row := range a.Maps[channel] {
		for _, v := range row {
			sum += float64(v)
		}
	}
	return sum / float64(len(a.Maps[channel])*len(a.Maps[channel][0]))
}

// Heat returns a channel's map for plots.Overlay, [Size][Size]: its least is 0 and its most 1, enlarged to the image
// bilinearly; a map that is the same everywhere is 0 throughout.
func (a Activation) Heat(channel int) [][]float64 {
	rows := a.Maps[channel]
	return enlarged(slices.Concat(rows...), len(rows[0]), a.Image.Bounds().Dx())
}

// Activations returns what a layer makes of items of a split. A layer is called by the path of its scope, as
// Learner.Summary lists them: "/layer1/0/conv1" is a convolution, and "/layer1/0", or "/layer1", stands for the last
// layer in it. It is what the layer gives, before a ReLU or a shortcut that follows it. A learner that trains on cached
// activations is looked at whole.
//
// The error wraps [fastnb.ErrNoSplit] if there is no such split; others name an item or a layer that is not there.
func Activations(l *Learner, split fastnb.Split, items []int, layer string) (all []Activation, err error) {
	defer verb.Name(&err, "vision: Activations")
	all = make([]Activation, 0, len(items))
	err = l.look(split, items, layer, func(x *graph.Node) *graph.Node { return x },
		func(items []int, x, images *tensors.Tensor) {
			maps, pixels := tensors.MustCopyFlatData[float32](x), tensors.MustCopyFlatData[float32](images)
			dims, of := x.Shape().Dimensions, len(pixels)/images.Shape().Dim(0)
			for row, item := range items {
				all = append(all, Activation{
					Name:  l.Data().splits[split].files[item].name,
					Image: l.Data().denormalised(pixels[row*of : (row+1)*of]),
					Maps:  channelsOf(maps[row*len(maps)/dims[0]:(row+1)*len(maps)/dims[0]], dims[1:]),
				})
			}
		})
	return all, err
}

// channelsOf arranges what a layer gives for an image, [rows, columns, channels], or fewer of them, by channel.
func channelsOf(flat []float32, dims []int) [][][]float32 {
	n, width := dims[len(dims)-1], 1
	if len(dims) > 1 {
		width = dims[len(dims)-2]
	}
	maps := make([][][]float32, n)
	for k := range maps {
		maps[k] = make([][]float32, len(flat)/n/width)
		for y := range maps[k] {
			maps[k][y] = make([]float32, width)
			for x := range width {
				maps[k][y][x] = flat[(y*width+x)*n+k]
			}
		}
	}
	return maps
}

// Peaks returns the largest value of each channel of a layer in each item of a split, [items][channels]: a table to
// look for channels in. Layers and errors are as those of [Activations].
func Peaks(l *Learner, split fastnb.Split, layer string) (peaks [][]float32, err error) {
	defer verb.Name(&err, "vision: Peaks")
	return l.peaks(split, layer)
}

func (l *Learner) peaks(split fastnb.Split, layer string) (peaks [][]float32, err error) {
	if err := l.Data().checkSplit(split); err != nil {
		return nil, err
	}
	most := func(x *graph.Node) *graph.Node {
		for x.Rank() > 2 {
			x = graph.ReduceMax(x, 1)
		}
		return x
	}
	err = l.look(split, indices(l.Data().Len(split)), layer, most, func(items []int, x, _ *tensors.Tensor) {
		flat, n := tensors.MustCopyFlatData[float32](x), x.Shape().Dim(1)
		for row := range items {
			peaks = append(peaks, flat[row*n:(row+1)*n])
		}
	})
	return peaks, err
}

// MostExciting returns for each of some channels of a layer the n images of a split with the largest [Peaks],
// [channels][n], the most exciting first, as [Activations] gives them: what a channel looks for.
func MostExciting(
	l *Learner, split fastnb.Split, layer string, channels []int, n int,
) (_ [][]Activation, err error) {
	defer verb.Name(&err, "vision: MostExciting")
	peaks, err := l.peaks(split, layer)
	if err != nil {
		return nil, err
	}
	var items []int
	for _, k := range channels {
		if k < 0 || k >= len(peaks[0]) {
			return nil, fmt.Errorf("channel %d of %s (want 0 to %d)", k, layer, len(peaks[0])-1)
		}
		items = append(items, highest(peaks, k, n)...)
	}
	all, err := Activations(l, split, items, layer)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return slices.Collect(slices.Chunk(all, len(all)/len(channels))), nil
}

// indices returns 0 to n-1.
func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// highest returns the n items, or all, with the largest values of a column, the largest first.
func highest(rows [][]float32, column, n int) []int {
	items := indices(len(rows))
	slices.SortStableFunc(items, func(a, b int) int { return cmp.Compare(rows[b][column], rows[a][column]) })
	return items[:min(max(n, 0), len(items))]
}

// look gives a batch after the other of what a layer makes of items, and of the images, to a function.
func (l *Learner) look(
	split fastnb.Split, items []int, layer string, of func(x *graph.Node) *graph.Node,
	each func(items []int, x, images *tensors.Tensor),
) error {
	for _, i := range items {
		if err := l.Data().checkItem(split, i); err != nil {
			return err
		}
	}
	if err := l.checkLayer(layer); err != nil {
		return err
	}
	net := func(s *model.Scope, images *graph.Node) []*graph.Node {
		return []*graph.Node{of(l.layer(s, images, layer)), images}
	}
	return l.eachBatch(l.Data(), split, items, net, func(items []int, outs []*tensors.Tensor) error {
		each(items, outs[0], outs[1])
		return nil
	})
}

// eachBatch gives items of a split, a batch after the other and as a net is given them, to a function that builds a
// graph on them, and what comes of them to another.
func (l *Learner) eachBatch(
	data *Data, split fastnb.Split, items []int, net func(s *model.Scope, images *graph.Node) []*graph.Node,
	each func(items []int, outs []*tensors.Tensor) error,
) error {
	if err := l.Open(); err != nil {
		return err
	}
	exec, err := model.NewExec(l.Backend(), l.Store(), func(s *model.Scope, in []*graph.Node) []*graph.Node {
		return net(s, data.Prepare(in)[0])
	})
	if err != nil {
		return err
	}
	defer exec.Finalize()
	for some := range slices.Chunk(items, data.BatchSize()) {
		b, err := data.batch(fastnb.View{Split: split}, some, data.BatchSize())
		if err != nil {
			return err
		}
		outs, err := exec.Call(b.Inputs[0])
		if err == nil {
			err = each(some, outs)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// layer builds the net on prepared images and returns what the layer of a name gives: the last of that path, or in it.
// It panics where there is none.
func (l *Learner) layer(s *model.Scope, images *graph.Node, name string) (found *graph.Node) {
	nn.Watch(images.Graph(), func(layer string, output *graph.Node) {
		if liesIn(layer, name) {
			found = output
		}
	})
	m, x := l.Model(), images
	if m.Body != nil {
		x = m.Body(s, []*graph.Node{images})
	}
	m.Head(s, x)
	if found == nil {
		panic(fmt.Errorf("layer %q has no convolution, batch norm or dense layer", name))
	}
	return found
}

// liesIn tells whether a layer is the one of that name or lies in it.
func liesIn(layer, name string) bool {
	return layer == name || strings.HasPrefix(layer, strings.TrimSuffix(name, "/")+"/")
}

// checkLayer tells that there is no layer of that name.
func (l *Learner) checkLayer(name string) error {
	s, err := l.Summary()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(s.Layers, func(layer fastnb.Layer) bool { return liesIn(layer.Name, name) }) {
		return fmt.Errorf("no layer %q; Learner.Summary lists them, from %s to %s", name, s.Layers[0].Name,
			s.Layers[len(s.Layers)-1].Name)
	}
	return nil
}

// Filters returns the filters of a net's first convolution as pictures, one for each of its channels, a pixel for each
// weight: grey is 0, and in each the weight furthest from it is 1 or 255. A filter answers to what looks like it. It is
// an error where no convolution takes the three colours.
func Filters(l *Learner) (_ []image.Image, err error) {
	defer verb.Name(&err, "vision: Filters")
	if err := l.Open(); err != nil {
		return nil, err
	}
	for v := range l.Store().IterVariables() {
		if v.Shape().Rank() != 4 || v.Shape().Dim(2) != 3 {
			continue
		}
		weights, err := v.Value()
		if err != nil {
			return nil, err
		}
		return filters(tensors.MustCopyFlatData[float32](weights), v.Shape().Dimensions), nil
	}
	return nil, errors.New("the net has no convolution that takes the three colours")
}

// filters draws weights [rows, columns, 3, channels].
func filters(weights []float32, dims []int) []image.Image {
	all := make([]image.Image, dims[3])
	for k := range all {
		at := func(y, x, colour int) float32 { return weights[((y*dims[1]+x)*3+colour)*dims[3]+k] }
		var most float32
		for i := range dims[0] * dims[1] * 3 {
			most = max(most, weights[i*dims[3]+k], -weights[i*dims[3]+k])
		}
		most = cmp.Or(most, 1)
		img := image.NewRGBA(image.Rect(0, 0, dims[1], dims[0]))
		for y := range dims[0] {
			for x := range dims[1] {
				level := func(colour int) uint8 { return uint8(128.5 + 127*at(y, x, colour)/most) }
				img.SetRGBA(x, y, color.RGBA{level(0), level(1), level(2), 255})
			}
		}
		all[k] = img
	}
	return all
}
