package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The ConvNeXts of Liu et al. 2022, arXiv:2201.03545, under timm's names; torchvision's files are read as well. The
// second layer group begins with the third stage. The layer norm before the classifier is part of the classifier, as in
// timm, and is replaced with it.
var (
	ConvNeXtTiny  = convNeXt("convnext_tiny", 28589128, 96, 3, 3, 9, 3)
	ConvNeXtSmall = convNeXt("convnext_small", 50223688, 96, 3, 3, 27, 3)
	ConvNeXtBase  = convNeXt("convnext_base", 88591464, 128, 3, 3, 27, 3)

	convNeXts = []Arch{ConvNeXtTiny, ConvNeXtSmall, ConvNeXtBase}
)

var convNeXtNames = append(pretrained.Table{
	{From: "stem.*.*", To: "/stem/*/*", Layout: pretrained.ConvOIHW},
	{From: "stages.*.downsample.*.*", To: "/stages/*/downsample/*/*", Layout: pretrained.ConvOIHW},
	{From: "stages.*.blocks.*.gamma", To: "/stages/*/blocks/*/gamma"},
	{From: "stages.*.blocks.*.conv_dw.*", To: "/stages/*/blocks/*/conv_dw/*", Layout: pretrained.ConvOIHW},
	{From: "stages.*.blocks.*.norm.*", To: "/stages/*/blocks/*/norm/*"},
	{From: "stages.*.blocks.*.mlp.*.*", To: "/stages/*/blocks/*/mlp/*/*", Layout: pretrained.DenseOI},
	{From: "head.norm.*", To: "/head/norm/*", Top: true},
	{From: "head.fc.*", To: "/head/fc/*", Layout: pretrained.DenseOI, Top: true},
	{From: "features.0.*.*", To: "/stem/*/*", Layout: pretrained.ConvOIHW},
	{From: "classifier.0.*", To: "/head/norm/*", Top: true},
	{From: "classifier.2.*", To: "/head/fc/*", Layout: pretrained.DenseOI, Top: true},
}, convNeXtStages()...)

// convNeXtStages are the rules for torchvision's files, in which stages and what lies between them are numbered
// together.
func convNeXtStages() (rules pretrained.Table) {
	stages := [4][2]string{{"features.1.", "/stages/0/"}, {"features.3.", "/stages/1/"}, {"features.5.", "/stages/2/"},
		{"features.7.", "/stages/3/"}}
	for _, s := range stages {
		from, to := s[0]+"*.", s[1]+"blocks/*/"
		rules = append(rules,
			pretrained.Rule{From: from + "layer_scale", To: to + "gamma", Layout: pretrained.Flat},
			pretrained.Rule{From: from + "block.0.*", To: to + "conv_dw/*", Layout: pretrained.ConvOIHW},
			pretrained.Rule{From: from + "block.2.*", To: to + "norm/*"},
			pretrained.Rule{From: from + "block.3.*", To: to + "mlp/fc1/*", Layout: pretrained.DenseOI},
			pretrained.Rule{From: from + "block.5.*", To: to + "mlp/fc2/*", Layout: pretrained.DenseOI},
		)
	}
	for i, from := range []string{"features.2.*.*", "features.4.*.*", "features.6.*.*"} {
		to := stages[i+1][1] + "downsample/*/*"
		rules = append(rules, pretrained.Rule{From: from, To: to, Layout: pretrained.ConvOIHW})
	}
	return rules
}

func convNeXt(name string, params, width int, depths ...int) Arch {
	return Arch{
		Name: name, Family: "convnext", Params: params,
		Size: 224, MinSize: 32, Features: 8 * width,
		Mean: imageNetMean, Std: imageNetStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return convNeXtBody(s, x, width, depths) },
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			s = s.In("head")
			return nn.Dense(s.In("fc"), evened(s.In("norm"), nn.GlobalAvg(x)), classes)
		},
		Groups:  [2][]string{{"/stem", "/stages/0", "/stages/1"}, {"/stages/2", "/stages/3"}},
		Names:   convNeXtNames,
		Weights: pretrained.Hub("timm/"+name+".fb_in1k", "model.safetensors", ""),
	}
}

// evened is a layer norm with the epsilon of ConvNeXt and ViT.
func evened(s *model.Scope, x *graph.Node) *graph.Node { return nn.LayerNorm(s, x, nn.Eps(1e-6)) }

func convNeXtBody(s *model.Scope, x *graph.Node, width int, depths []int) *graph.Node {
	stem, stages := s.In("stem"), s.In("stages")
	x = evened(stem.In("1"), nn.Conv(stem.In("0"), x, width, 4, nn.Stride(4)))
	for i, depth := range depths {
		stage := stages.In("%d", i)
		if i > 0 {
			down := stage.In("downsample")
			x = nn.Conv(down.In("1"), evened(down.In("0"), x), width<<i, 2, nn.Stride(2))
		}
		blocks := stage.In("blocks")
		for j := range depth {
			x = convNeXtBlock(blocks.In("%d", j), x)
		}
	}
	return x
}

func convNeXtBlock(s *model.Scope, x *graph.Node) *graph.Node {
	c := x.Shape().Dim(-1)
	y := nn.Conv(s.In("conv_dw"), x, c, 7, nn.Groups(c), nn.Pad(3))
	y = perceptron(s.In("mlp"), evened(s.In("norm"), y), 4*c)
	return graph.Add(x, nn.LayerScale(s, y, 1e-6))
}

// perceptron is two dense layers with GELU and wide numbers between them, back to as many as there were.
func perceptron(s *model.Scope, x *graph.Node, wide int) *graph.Node {
	c := x.Shape().Dim(-1)
	return nn.Dense(s.In("fc2"), nn.GELU(nn.Dense(s.In("fc1"), x, wide)), c)
}
