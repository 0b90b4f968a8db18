package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The nets of Simonyan and Zisserman 2014, arXiv:1409.1556, as torchvision builds them, with and without batch norm
// after each convolution. The body is torchvision's "features", the layer groups are those before and from its item 22
// on, as in fast.ai 0.7.
var (
	VGG16   = vgg("vgg16", "vgg", 138357544, false, 2, 2, 3, 3, 3)
	VGG19   = vgg("vgg19", "vgg", 143667240, false, 2, 2, 4, 4, 4)
	VGG16BN = vgg("vgg16_bn", "vgg_bn", 138365992, true, 2, 2, 3, 3, 3)
	VGG19BN = vgg("vgg19_bn", "vgg_bn", 143678248, true, 2, 2, 4, 4, 4)

	vggs   = []Arch{VGG16, VGG19}
	vggBNs = []Arch{VGG16BN, VGG19BN}
)

// vggNames is for the files of torchvision and timm, which keeps the dense layers as convolutions.
var vggNames = pretrained.Table{
	{From: "features.*.num_batches_tracked"},
	{From: "features.*.*", To: "/features/*/*", Layout: pretrained.ConvOIHW}, // vectors stay as they are
	{From: "pre_logits.fc1.weight", To: "/classifier/0/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "pre_logits.fc2.weight", To: "/classifier/3/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "pre_logits.fc1.bias", To: "/classifier/0/bias", Top: true},
	{From: "pre_logits.fc2.bias", To: "/classifier/3/bias", Top: true},
	{From: "head.fc.weight", To: "/classifier/6/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "head.fc.bias", To: "/classifier/6/bias", Top: true},
	{From: "classifier.*.weight", To: "/classifier/*/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "classifier.*.bias", To: "/classifier/*/bias", Top: true},
}

const (
	vggSplit = 22   // the item of the body at which the second layer group begins
	vggPool  = 7    // height and width of what the classifier sees
	vggDense = 4096 // outputs of its hidden layers
)

func vgg(name, family string, params int, norms bool, depths ...int) Arch {
	return Arch{
		Name: name, Family: family, Params: params, Size: 224, MinSize: 32, Features: 512,
		Mean: imageNetMean, Std: imageNetStd,
		Body:   func(s *model.Scope, x *graph.Node) *graph.Node { return vggBody(s, x, norms, depths) },
		Top:    vggTop,
		Groups: vggGroups(norms, depths),
		Names:  vggNames, Weights: timm(name, "tv_in1k"),
	}
}

// vggItem is an item of the body: a convolution, a batch norm, a ReLU or a pool.
type vggItem func(s *model.Scope, x *graph.Node) *graph.Node

func vggItems(norms bool, depths []int) (items []vggItem) {
	relu := func(_ *model.Scope, x *graph.Node) *graph.Node { return nn.ReLU(x) }
	norm := func(s *model.Scope, x *graph.Node) *graph.Node { return nn.BatchNorm(s, x) }
	halve := func(_ *model.Scope, x *graph.Node) *graph.Node { return nn.MaxPool(x, 2) }
	for i, depth := range depths {
		width := min(64<<i, 512)
		for range depth {
			items = append(items, func(s *model.Scope, x *graph.Node) *graph.Node {
				return nn.Conv(s, x, width, 3, nn.Pad(1))
			})
			if norms {
				items = append(items, norm)
			}
			items = append(items, relu)
		}
		items = append(items, halve)
	}
	return items
}

func vggBody(s *model.Scope, x *graph.Node, norms bool, depths []int) *graph.Node {
	s = s.In("features")
	for i, item := range vggItems(norms, depths) {
		x = item(s.In("%d", i), x)
	}
	return x
}

// vggGroups have every item, also those without variables.
func vggGroups(norms bool, depths []int) (groups [2][]string) {
	for i := range vggItems(norms, depths) {
		k := 0
		if i >= vggSplit {
			k = 1
		}
		groups[k] = append(groups[k], fmt.Sprintf("/features/%d", i))
	}
	return groups
}

func vggTop(s *model.Scope, x *graph.Node) *graph.Node {
	s = s.In("classifier")
	x = graph.TransposeAllAxes(adaptiveAvg(x, vggPool), 0, 3, 1, 2) // PyTorch's order of channels, rows and columns
	x = graph.Reshape(x, x.Shape().Dim(0), -1)
	x = nn.ReLU(nn.Dense(s.In("0"), x, vggDense))
	x = nn.ReLU(nn.Dense(s.In("3"), x, vggDense))
	return nn.Dense(s.In("6"), x, classes)
}

// adaptiveAvg takes means to n rows and columns: [b, h, w, c] to [b, n, n, c]. It is PyTorch's AdaptiveAvgPool2d, whose
// window i goes from floor(i h/n) to ceil((i+1) h/n).
func adaptiveAvg(x *graph.Node, n int) *graph.Node {
	if x.Shape().Dim(1) == n && x.Shape().Dim(2) == n {
		return x
	}
	x = graph.Einsum("bhwc,jw->bhjc", x, windowMeans(x, 2, n))
	return graph.Einsum("bhwc,ih->biwc", x, windowMeans(x, 1, n))
}

// windowMeans returns the matrix [n, size] that takes the means along an axis of x.
func windowMeans(x *graph.Node, axis, n int) *graph.Node {
	size := x.Shape().Dim(axis)
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, size)
		from, to := i*size/n, ((i+1)*size+n-1)/n
		for j := from; j < to; j++ {
			m[i][j] = 1 / float64(to-from)
		}
	}
	return graph.ConvertDType(graph.Const(x.Graph(), m), x.DType())
}
