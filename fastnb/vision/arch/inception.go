package arch

import (
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// What the Inception nets share (Szegedy et al. 2015, arXiv:1512.00567; 2016, arXiv:1602.07261): blocks of branches
// side by side, made of convolutions with a batch norm and a ReLU each. Their weights were trained on pixels of -1 to
// 1.
const (
	inceptionSize    = 299
	inceptionMinSize = 75 // of which one pixel is left
)

var (
	inceptionMean = [3]float32{127.5, 127.5, 127.5}
	inceptionStd  = [3]float32{127.5, 127.5, 127.5}
)

var inceptions = []Arch{InceptionV3, InceptionV4, InceptionResNetV2}

// window is a convolution with a batch norm and a ReLU.
type window struct {
	out, height, width int
	halves             bool // stride 2
	inside             bool // windows lie within the image, which loses its rim; else it is padded
}

// square is a window of k x k pixels that keeps the image's size.
func square(out, k int) window { return window{out: out, height: k, width: k} }

// row and column are windows that are one pixel high and wide.
func row(out, k int) window    { return window{out: out, height: 1, width: k} }
func column(out, k int) window { return window{out: out, height: k, width: 1} }

// within is a window of 3 x 3 pixels that lies within the image; halving one with stride 2.
func within(out int) window { return window{out: out, height: 3, width: 3, inside: true} }
func halving(out int) window {
	return window{out: out, height: 3, width: 3, inside: true, halves: true}
}

func (w window) forward(s *model.Scope, x *graph.Node) *graph.Node {
	opts := []nn.ConvOption{nn.Width(w.width), nn.NoBias}
	if w.halves {
		opts = append(opts, nn.Stride(2))
	}
	if !w.inside {
		opts = append(opts, nn.SamePad)
	}
	x = nn.Conv(s.In("conv"), x, w.out, w.height, opts...)
	return nn.ReLU(nn.BatchNorm(s.In("bn"), x, nn.Eps(1e-3)))
}

// sequence is one window after another, in the scopes 0, 1 and so on.
func sequence(s *model.Scope, x *graph.Node, windows ...window) *graph.Node {
	for i, w := range windows {
		x = w.forward(s.In("%d", i), x)
	}
	return x
}

func concat(branches ...*graph.Node) *graph.Node { return graph.Concatenate(branches, -1) }

// halved is the pool beside halving convolutions.
func halved(x *graph.Node) *graph.Node { return nn.MaxPool(x, 3, nn.Stride(2)) }

// averaged is each pixel's mean with its neighbours in the image.
func averaged(x *graph.Node) *graph.Node {
	return nn.AvgPool(x, 3, nn.Stride(1), nn.Pad(1), nn.CountIncludePad(false))
}

// inceptionNames are rules for windows in up to four scopes, and for the classifier.
func inceptionNames(top string, rules ...pretrained.Rule) pretrained.Table {
	table := pretrained.Table(rules)
	for depth := 1; depth <= 4; depth++ {
		from, to := strings.Repeat("*.", depth), strings.Repeat("/*", depth)
		table = append(table,
			pretrained.Rule{From: from + "bn.num_batches_tracked"},
			pretrained.Rule{From: from + "conv.weight", To: to + "/conv/weight", Layout: pretrained.ConvOIHW},
			pretrained.Rule{From: from + "bn.*", To: to + "/bn/*"},
		)
	}
	return append(table,
		pretrained.Rule{From: top + ".weight", To: "/" + top + "/weight", Layout: pretrained.DenseOI, Top: true},
		pretrained.Rule{From: top + ".bias", To: "/" + top + "/bias", Top: true},
	)
}

// dense is the classifier of most nets: a dense layer of the mean of all pixels, in the scope of that name.
func dense(name string) func(s *model.Scope, x *graph.Node) *graph.Node {
	return func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("%s", name), nn.GlobalAvg(x), classes)
	}
}
