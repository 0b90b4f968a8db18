package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The ResNets of He et al. 2015, arXiv:1512.03385, as torchvision builds them: in a bottleneck it is the 3x3
// convolution that has the stride ("v1.5").
var (
	ResNet18  = resNet("resnet", "resnet18", 11689512, "a1_in1k", basic, 1, 2, 2, 2, 2)
	ResNet34  = resNet("resnet", "resnet34", 21797672, "a1_in1k", basic, 1, 3, 4, 6, 3)
	ResNet50  = resNet("resnet", "resnet50", 25557032, "a1_in1k", bottleneck(1, 64), 4, 3, 4, 6, 3)
	ResNet101 = resNet("resnet", "resnet101", 44549160, "a1_in1k", bottleneck(1, 64), 4, 3, 4, 23, 3)
	ResNet152 = resNet("resnet", "resnet152", 60192808, "a1_in1k", bottleneck(1, 64), 4, 3, 8, 36, 3)

	resNets = []Arch{ResNet18, ResNet34, ResNet50, ResNet101, ResNet152}
)

// The ResNeXts of Xie et al. 2016, arXiv:1611.05431: ResNets whose 3x3 convolutions are in 32 or 64 groups of 4 or
// more channels each. ByName knows them by fast.ai 0.7's names too.
var (
	ResNeXt50x32x4d = resNet("resnext", "resnext50_32x4d", 25028904, "a1_in1k",
		bottleneck(32, 4), 4, 3, 4, 6, 3).called("resnext50")
	ResNeXt101x32x4d = resNet("resnext", "resnext101_32x4d", 44177704, "gluon_in1k",
		bottleneck(32, 4), 4, 3, 4, 23, 3).called("resnext101")
	ResNeXt101x64x4d = resNet("resnext", "resnext101_64x4d", 83455272, "tv_in1k",
		bottleneck(64, 4), 4, 3, 4, 23, 3).called("resnext101_64")

	resNeXts = []Arch{ResNeXt50x32x4d, ResNeXt101x32x4d, ResNeXt101x64x4d}
)

// WideResNet50x2 is the wide ResNet of Zagoruyko and Komodakis 2016, arXiv:1605.07146, for ImageNet: ResNet-50 with
// twice the channels in its 3x3 convolutions.
var (
	WideResNet50x2 = resNet("wide_resnet", "wide_resnet50_2", 68883240, "tv2_in1k",
		bottleneck(1, 128), 4, 3, 4, 6, 3).called("wrn_50_2f", "wrn")

	wideResNets = []Arch{WideResNet50x2}
)

// resNetNames is for the files of torchvision and timm.
var resNetNames = pretrained.Table{
	{From: "*.num_batches_tracked"},
	{From: "layer*.*.bn*.num_batches_tracked"},
	{From: "layer*.*.downsample.1.num_batches_tracked"},
	{From: "conv1.weight", To: "/conv1/weight", Layout: pretrained.ConvOIHW},
	{From: "bn1.*", To: "/bn1/*"},
	{From: "layer*.*.conv*.weight", To: "/layer*/*/conv*/weight", Layout: pretrained.ConvOIHW},
	{From: "layer*.*.bn*.*", To: "/layer*/*/bn*/*"},
	{From: "layer*.*.downsample.0.weight", To: "/layer*/*/downsample/0/weight", Layout: pretrained.ConvOIHW},
	{From: "layer*.*.downsample.1.*", To: "/layer*/*/downsample/1/*"},
	{From: "fc.weight", To: "/fc/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "fc.bias", To: "/fc/bias", Top: true},
}

// residual is the part of a block beside its shortcut: width channels inside, the stride on its 3x3.
type residual func(s *model.Scope, x *graph.Node, width, stride int) *graph.Node

// resNet has its weights in timm's repository of its name and their tag.
func resNet(family, name string, params int, tag string, block residual, expansion int, depths ...int) Arch {
	return Arch{
		Name: name, Family: family, Params: params, Size: 224, MinSize: 1, Features: 512 * expansion,
		Mean: imageNetMean, Std: imageNetStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return resNetBody(s, x, block, expansion, depths) },
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("fc"), nn.GlobalAvg(x), classes)
		},
		Groups: [2][]string{{"/conv1", "/bn1", "/layer1", "/layer2"}, {"/layer3", "/layer4"}},
		Names:  resNetNames, Weights: timm(name, tag),
	}
}

func resNetBody(s *model.Scope, x *graph.Node, block residual, expansion int, depths []int) *graph.Node {
	x = nn.Conv(s.In("conv1"), x, 64, 7, nn.Stride(2), nn.Pad(3), nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
	x = nn.MaxPool(x, 3, nn.Stride(2), nn.Pad(1))
	return resNetLayers(s, x, block, 64, expansion, depths)
}

// resNetLayers are the layers of blocks; width is that of the first, each later one is twice as wide and halves height
// and width.
func resNetLayers(s *model.Scope, x *graph.Node, block residual, width, expansion int, depths []int) *graph.Node {
	for i, depth := range depths {
		layer := s.In("layer%d", i+1)
		for j := range depth {
			stride := 1
			if i > 0 && j == 0 {
				stride = 2
			}
			x = shortcut(layer.In("%d", j), x, block, width<<i, expansion, stride)
		}
	}
	return x
}

// shortcut adds a block's input to its residual, through a 1x1 convolution where their shapes differ.
func shortcut(s *model.Scope, x *graph.Node, block residual, width, expansion, stride int) *graph.Node {
	y, out := block(s, x, width, stride), width*expansion
	if stride != 1 || x.Shape().Dim(-1) != out {
		down := s.In("downsample")
		x = nn.Conv(down.In("0"), x, out, 1, nn.Stride(stride), nn.NoBias)
		x = nn.BatchNorm(down.In("1"), x)
	}
	return nn.ReLU(graph.Add(y, x))
}

func basic(s *model.Scope, x *graph.Node, width, stride int) *graph.Node {
	x = nn.Conv(s.In("conv1"), x, width, 3, nn.Stride(stride), nn.Pad(1), nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
	x = nn.Conv(s.In("conv2"), x, width, 3, nn.Pad(1), nn.NoBias)
	return nn.BatchNorm(s.In("bn2"), x)
}

// bottleneck returns a block whose 3x3 convolution is in groups, of base channels each where width is 64: 1 group of 64
// is ResNet's own, more groups are ResNeXt's, more channels the wide net's.
func bottleneck(groups, base int) residual {
	return func(s *model.Scope, x *graph.Node, width, stride int) *graph.Node {
		inner := width * base / 64 * groups
		x = nn.Conv(s.In("conv1"), x, inner, 1, nn.NoBias)
		x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
		x = nn.Conv(s.In("conv2"), x, inner, 3, nn.Stride(stride), nn.Pad(1), nn.Groups(groups), nn.NoBias)
		x = nn.ReLU(nn.BatchNorm(s.In("bn2"), x))
		x = nn.Conv(s.In("conv3"), x, 4*width, 1, nn.NoBias)
		return nn.BatchNorm(s.In("bn3"), x)
	}
}
