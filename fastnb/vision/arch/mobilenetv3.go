package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The MobileNetV3s of Howard et al. 2019, arXiv:1905.02244, under torchvision's names. The second layer group begins
// halfway through the blocks.
var (
	MobileNetV3Small = mobileNetV3("mobilenet_v3_small", 2542856, "047dcff4", 1024, []squeezing{
		{3, 2, 16, 16, true, nn.ReLU},
		{3, 2, 72, 24, false, nn.ReLU},
		{3, 1, 88, 24, false, nn.ReLU},
		{5, 2, 96, 40, true, nn.HardSwish},
		{5, 1, 240, 40, true, nn.HardSwish},
		{5, 1, 240, 40, true, nn.HardSwish},
		{5, 1, 120, 48, true, nn.HardSwish},
		{5, 1, 144, 48, true, nn.HardSwish},
		{5, 2, 288, 96, true, nn.HardSwish},
		{5, 1, 576, 96, true, nn.HardSwish},
		{5, 1, 576, 96, true, nn.HardSwish},
	})
	MobileNetV3Large = mobileNetV3("mobilenet_v3_large", 5483032, "5c1a4163", 1280, []squeezing{
		{3, 1, 16, 16, false, nn.ReLU},
		{3, 2, 64, 24, false, nn.ReLU},
		{3, 1, 72, 24, false, nn.ReLU},
		{5, 2, 72, 40, true, nn.ReLU},
		{5, 1, 120, 40, true, nn.ReLU},
		{5, 1, 120, 40, true, nn.ReLU},
		{3, 2, 240, 80, false, nn.HardSwish},
		{3, 1, 200, 80, false, nn.HardSwish},
		{3, 1, 184, 80, false, nn.HardSwish},
		{3, 1, 184, 80, false, nn.HardSwish},
		{3, 1, 480, 112, true, nn.HardSwish},
		{3, 1, 672, 112, true, nn.HardSwish},
		{5, 2, 672, 160, true, nn.HardSwish},
		{5, 1, 960, 160, true, nn.HardSwish},
		{5, 1, 960, 160, true, nn.HardSwish},
	})

	mobileNetV3s = []Arch{MobileNetV3Small, MobileNetV3Large}
)

var mobileNetV3Names = pretrained.Table{
	{From: "features.*.*.num_batches_tracked"},
	{From: "features.*.block.*.*.num_batches_tracked"},
	{From: "features.*.*.*", To: "/features/*/*/*", Layout: pretrained.ConvOIHW},
	{From: "features.*.block.*.*.*", To: "/features/*/block/*/*/*", Layout: pretrained.ConvOIHW},
	{From: "classifier.*.weight", To: "/classifier/*/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "classifier.*.bias", To: "/classifier/*/bias", Top: true},
}

// squeezing is an inverted residual with wide channels between its convolutions, which squeeze and excite where excites
// is true.
type squeezing struct {
	kernel, stride, wide, out int
	excites                   bool
	activation                func(x *graph.Node) *graph.Node
}

func mobileNetV3(name string, params int, sum string, top int, blocks []squeezing) Arch {
	features := 6 * blocks[len(blocks)-1].out
	return Arch{
		Name: name, Family: "mobilenet_v3", Params: params,
		Size: 224, MinSize: 1, Features: features,
		Mean: imageNetMean, Std: imageNetStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node {
			s = s.In("features")
			x = nn.HardSwish(mobileNorm(s.In("0"), x, 16, 3, nn.Stride(2)))
			for i, b := range blocks {
				x = b.forward(s.In("%d", i+1).In("block"), x)
			}
			return nn.HardSwish(mobileNorm(s.In("%d", len(blocks)+1), x, features, 1))
		},
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			s = s.In("classifier")
			x = nn.HardSwish(nn.Dense(s.In("0"), nn.GlobalAvg(x), top))
			return nn.Dense(s.In("3"), x, classes)
		},
		Groups:  splitAt("/features/%d", len(blocks)+2, 1+(len(blocks)+1)/2),
		Names:   mobileNetV3Names,
		Weights: torchvision(name + "-" + sum),
	}
}

// mobileNorm is a padded convolution, the module 0, and a batch norm, the module 1, whose statistics move by a tenth of
// each batch; see liteNorm.
func mobileNorm(s *model.Scope, x *graph.Node, out, kernel int, opts ...nn.ConvOption) *graph.Node {
	x = nn.Conv(s.In("0"), x, out, kernel, append(opts, nn.Pad(kernel/2), nn.NoBias)...)
	return nn.BatchNorm(s.In("1"), x, nn.Eps(1e-3))
}

func (b squeezing) forward(s *model.Scope, x *graph.Node) *graph.Node {
	in, i := x.Shape().Dim(-1), 0
	next := func() *model.Scope {
		i++
		return s.In("%d", i-1)
	}
	y := x
	if b.wide != in {
		y = b.activation(mobileNorm(next(), y, b.wide, 1))
	}
	y = b.activation(mobileNorm(next(), y, b.wide, b.kernel, nn.Stride(b.stride), nn.Groups(b.wide)))
	if b.excites {
		y = excited(next(), y)
	}
	y = mobileNorm(next(), y, b.out, 1)
	if b.stride == 1 && in == b.out {
		y = graph.Add(y, x)
	}
	return y
}

// excited multiplies each channel by a number that is made of the means of all (Hu et al. 2017, arXiv:1709.01507).
func excited(s *model.Scope, x *graph.Node) *graph.Node {
	wide := x.Shape().Dim(-1)
	means := graph.ExpandAxes(nn.GlobalAvg(x), 1, 2)
	few := nn.ReLU(nn.Conv(s.In("fc1"), means, roundChannels(float64(wide/4)), 1))
	return graph.Mul(x, nn.HardSigmoid(nn.Conv(s.In("fc2"), few, wide, 1)))
}
