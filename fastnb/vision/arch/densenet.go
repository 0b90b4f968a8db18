package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The DenseNets of Huang et al. 2016, arXiv:1608.06993, as torchvision builds them. The body is torchvision's
// "features", which end with a batch norm, and the ReLU after it belongs to the public net's own classifier, as in
// fast.ai. ByName knows fast.ai 0.7's names too, such as "dn121".
var (
	DenseNet121 = denseNet("densenet121", "ra_in1k", 7978856, 32, 64, 6, 12, 24, 16).called("dn121")
	DenseNet169 = denseNet("densenet169", "tv_in1k", 14149480, 32, 64, 6, 12, 32, 32).called("dn169")
	DenseNet201 = denseNet("densenet201", "tv_in1k", 20013928, 32, 64, 6, 12, 48, 32).called("dn201")
	DenseNet161 = denseNet("densenet161", "tv_in1k", 28681000, 48, 96, 6, 12, 36, 24).called("dn161")

	denseNets = []Arch{DenseNet121, DenseNet169, DenseNet201, DenseNet161}
)

// denseNetNames is for the files of timm and torchvision, whose own of 2017 have a dot before a layer's numbers.
var denseNetNames = pretrained.Table{
	{From: "features.*.num_batches_tracked"},
	{From: "features.*.*.num_batches_tracked"},
	{From: "features.*.*.*.num_batches_tracked"},
	{From: "features.conv0.weight", To: "/features/conv0/weight", Layout: pretrained.ConvOIHW},
	{From: "features.norm*.*", To: "/features/norm*/*"},
	{From: "features.*.*.conv*.weight", To: "/features/*/*/conv*/weight", Layout: pretrained.ConvOIHW},
	{From: "features.*.*.conv.*.weight", To: "/features/*/*/conv*/weight", Layout: pretrained.ConvOIHW},
	{From: "features.*.*.norm*.*", To: "/features/*/*/norm*/*"},
	{From: "features.*.*.norm.*.*", To: "/features/*/*/norm*/*"},
	{From: "features.transition*.conv.weight", To: "/features/transition*/conv/weight", Layout: pretrained.ConvOIHW},
	{From: "features.transition*.norm.*", To: "/features/transition*/norm/*"},
	{From: "classifier.weight", To: "/classifier/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "classifier.bias", To: "/classifier/bias", Top: true},
}

func denseNet(name, tag string, params, growth, stem int, depths ...int) Arch {
	return Arch{
		Name: name, Family: "densenet", Params: params, Size: 224, MinSize: 29, Features: denseFeatures(growth, stem, depths),
		Mean: imageNetMean, Std: imageNetStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node {
			return denseBody(s.In("features"), x, growth, stem, depths)
		},
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("classifier"), nn.GlobalAvg(nn.ReLU(x)), classes)
		},
		Groups: [2][]string{
			{"/features/conv0", "/features/norm0", "/features/denseblock1", "/features/transition1", "/features/denseblock2"},
			{"/features/transition2", "/features/denseblock3", "/features/transition3", "/features/denseblock4",
				"/features/norm5"},
		},
		Names: denseNetNames, Weights: timm(name, tag),
	}
}

// denseFeatures are the channels of the last block: each layer adds growth of them, each transition halves them.
func denseFeatures(growth, channels int, depths []int) int {
	for i, depth := range depths {
		if i > 0 {
			channels /= 2
		}
		channels += growth * depth
	}
	return channels
}

func denseBody(s *model.Scope, x *graph.Node, growth, stem int, depths []int) *graph.Node {
	x = nn.Conv(s.In("conv0"), x, stem, 7, nn.Stride(2), nn.Pad(3), nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("norm0"), x))
	x = nn.MaxPool(x, 3, nn.Stride(2), nn.Pad(1))
	for i, depth := range depths {
		if i > 0 {
			x = denseTransition(s.In("transition%d", i), x)
		}
		block := s.In("denseblock%d", i+1)
		for j := range depth {
			y := denseLayer(block.In("denselayer%d", j+1), x, growth)
			x = graph.Concatenate([]*graph.Node{x, y}, -1)
		}
	}
	return nn.BatchNorm(s.In("norm5"), x)
}

// denseLayer finds growth new channels, by way of four times as many.
func denseLayer(s *model.Scope, x *graph.Node, growth int) *graph.Node {
	x = nn.ReLU(nn.BatchNorm(s.In("norm1"), x))
	x = nn.Conv(s.In("conv1"), x, 4*growth, 1, nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("norm2"), x))
	return nn.Conv(s.In("conv2"), x, growth, 3, nn.Pad(1), nn.NoBias)
}

// denseTransition halves channels, height and width.
func denseTransition(s *model.Scope, x *graph.Node) *graph.Node {
	x = nn.ReLU(nn.BatchNorm(s.In("norm"), x))
	x = nn.Conv(s.In("conv"), x, x.Shape().Dim(-1)/2, 1, nn.NoBias)
	return nn.AvgPool(x, 2)
}
