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
	ResNet18  = resNet("resnet18", 11689512, "resnet18.a1_in1k", basic, 1, 2, 2, 2, 2)
	ResNet34  = resNet("resnet34", 21797672, "resnet34.a1_in1k", basic, 1, 3, 4, 6, 3)
	ResNet50  = resNet("resnet50", 25557032, "resnet50.a1_in1k", bottleneck, 4, 3, 4, 6, 3)
	ResNet101 = resNet("resnet101", 44549160, "resnet101.a1_in1k", bottleneck, 4, 3, 4, 23, 3)
	ResNet152 = resNet("resnet152", 60192808, "resnet152.a1_in1k", bottleneck, 4, 3, 8, 36, 3)

	resNets = []Arch{ResNet18, ResNet34, ResNet50, ResNet101, ResNet152}
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

func resNet(name string, params int, weights string, block residual, expansion int, depths ...int) Arch {
	return Arch{
		Name: name, Family: "resnet", Params: params, Size: 224, MinSize: 1, Features: 512 * expansion,
		Mean: [3]float32{.485 * 255, .456 * 255, .406 * 255},
		Std:  [3]float32{.229 * 255, .224 * 255, .225 * 255},
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return resNetBody(s, x, block, expansion, depths) },
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("fc"), nn.GlobalAvg(x), classes)
		},
		Groups: [2][]string{{"/conv1", "/bn1", "/layer1", "/layer2"}, {"/layer3", "/layer4"}},
		Names:  resNetNames, Weights: pretrained.Hub("timm/"+weights, "model.safetensors", ""),
	}
}

func resNetBody(s *model.Scope, x *graph.Node, block residual, expansion int, depths []int) *graph.Node {
	x = nn.Conv(s.In("conv1"), x, 64, 7, nn.Stride(2), nn.Pad(3), nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
	x = nn.MaxPool(x, 3, nn.Stride(2), nn.Pad(1))
	for i, depth := range depths {
		layer, width := s.In("layer%d", i+1), 64<<i
		for j := range depth {
			stride := 1
			if i > 0 && j == 0 {
				stride = 2
			}
			x = shortcut(layer.In("%d", j), x, block, width, expansion, stride)
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

func bottleneck(s *model.Scope, x *graph.Node, width, stride int) *graph.Node {
	x = nn.Conv(s.In("conv1"), x, width, 1, nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
	x = nn.Conv(s.In("conv2"), x, width, 3, nn.Stride(stride), nn.Pad(1), nn.NoBias)
	x = nn.ReLU(nn.BatchNorm(s.In("bn2"), x))
	x = nn.Conv(s.In("conv3"), x, 4*width, 1, nn.NoBias)
	return nn.BatchNorm(s.In("bn3"), x)
}
