package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// MobileNetV2 is the net of Sandler et al. 2018, arXiv:1801.04381, under torchvision's names. The second layer group
// begins with the twelfth of its 19 modules, the first with 96 channels.
var (
	MobileNetV2 = Arch{
		Name: "mobilenet_v2", Family: "mobilenet_v2", Params: 3504872,
		Size: 224, MinSize: 1, Features: 1280,
		Mean: imageNetMean, Std: imageNetStd,
		Body: mobileNetV2Body,
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("classifier").In("1"), nn.GlobalAvg(x), classes)
		},
		Groups: splitAt("/features/%d", 19, 11),
		Names: pretrained.Table{
			{From: "features.*.*.num_batches_tracked"},
			{From: "features.*.conv.*.num_batches_tracked"},
			{From: "features.*.conv.*.*.num_batches_tracked"},
			{From: "features.*.*.*", To: "/features/*/*/*", Layout: pretrained.ConvOIHW},
			{From: "features.*.conv.*.*", To: "/features/*/conv/*/*", Layout: pretrained.ConvOIHW},
			{From: "features.*.conv.*.*.*", To: "/features/*/conv/*/*/*", Layout: pretrained.ConvOIHW},
			{From: "classifier.1.weight", To: "/classifier/1/weight", Layout: pretrained.DenseOI, Top: true},
			{From: "classifier.1.bias", To: "/classifier/1/bias", Top: true},
		},
		Weights: torchvision("mobilenet_v2-7ebf99e0"),
	}

	mobileNetV2s = []Arch{MobileNetV2}
)

// mobileStages are MobileNetV2's: how often a block is repeated (from the second on with stride 1), and the block.
var mobileStages = []struct {
	repeat int
	block  invertedResidual
}{
	{1, invertedResidual{3, 1, 1, 16}},
	{2, invertedResidual{3, 2, 6, 24}},
	{3, invertedResidual{3, 2, 6, 32}},
	{4, invertedResidual{3, 2, 6, 64}},
	{3, invertedResidual{3, 1, 6, 96}},
	{3, invertedResidual{3, 2, 6, 160}},
	{1, invertedResidual{3, 1, 6, 320}},
}

func mobileNetV2Body(s *model.Scope, x *graph.Node) *graph.Node {
	s = s.In("features")
	x = mobileConv(s.In("0"), x, 32, 3, nn.Stride(2))
	i := 1
	for _, stage := range mobileStages {
		b := stage.block
		for range stage.repeat {
			x = b.mobile(s.In("%d", i).In("conv"), x)
			b.stride = 1
			i++
		}
	}
	return mobileConv(s.In("%d", i), x, 1280, 1)
}

// mobileConv is a padded convolution, the module 0, a batch norm, the module 1, and ReLU6.
func mobileConv(s *model.Scope, x *graph.Node, out, kernel int, opts ...nn.ConvOption) *graph.Node {
	x = nn.Conv(s.In("0"), x, out, kernel, append(opts, nn.Pad(kernel/2), nn.NoBias)...)
	return nn.ReLU6(nn.BatchNorm(s.In("1"), x))
}

// mobile is the block as MobileNetV2 has it.
func (b invertedResidual) mobile(s *model.Scope, x *graph.Node) *graph.Node {
	in, i := x.Shape().Dim(-1), 0
	next := func() *model.Scope {
		i++
		return s.In("%d", i-1)
	}
	y, wide := x, in*b.expand
	if b.expand != 1 {
		y = mobileConv(next(), y, wide, 1)
	}
	y = mobileConv(next(), y, wide, b.kernel, nn.Stride(b.stride), nn.Groups(wide))
	y = nn.Conv(next(), y, b.out, 1, nn.NoBias)
	y = nn.BatchNorm(next(), y)
	if b.stride == 1 && in == b.out {
		y = graph.Add(y, x)
	}
	return y
}
