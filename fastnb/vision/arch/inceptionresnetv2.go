package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// InceptionResNetV2 is the net of Szegedy et al. 2016, arXiv:1602.07261, under timm's names: blocks of branches whose
// result, made small, is added to what comes in. As in fast.ai 0.7 the second layer group begins with mixed_6a.
var InceptionResNetV2 = Arch{
	Name: "inception_resnet_v2", Family: "inception", Params: 55843464,
	Aliases: []string{"inceptionresnet_2", "inceptionresnetv2", "ens_adv_inception_resnet_v2"},
	Size:    inceptionSize, MinSize: inceptionMinSize, Features: 1536,
	Mean: inceptionMean, Std: inceptionStd,
	Body: inceptionResNetBody, Top: dense("classif"),
	Groups: [2][]string{
		{"/conv2d_1a", "/conv2d_2a", "/conv2d_2b", "/conv2d_3b", "/conv2d_4a", "/mixed_5b", "/repeat"},
		{"/mixed_6a", "/repeat_1", "/mixed_7a", "/repeat_2", "/block8", "/conv2d_7b"},
	},
	Names: inceptionNames("classif",
		pretrained.Rule{From: "*.conv2d.*", To: "/*/conv2d/*", Layout: pretrained.ConvOIHW},
		pretrained.Rule{From: "*.*.conv2d.*", To: "/*/*/conv2d/*", Layout: pretrained.ConvOIHW}),
	Weights: pretrained.Hub("timm/inception_resnet_v2.tf_in1k", "model.safetensors", ""),
}

func inceptionResNetBody(s *model.Scope, x *graph.Node) *graph.Node {
	x = halving(32).forward(s.In("conv2d_1a"), x)
	x = within(32).forward(s.In("conv2d_2a"), x)
	x = halved(square(64, 3).forward(s.In("conv2d_2b"), x))
	x = square(80, 1).forward(s.In("conv2d_3b"), x)
	x = halved(within(192).forward(s.In("conv2d_4a"), x))
	x = mixed5(s.In("mixed_5b"), x)
	x = repeated(s.In("repeat"), x, 10, block35)
	x = mixed6(s.In("mixed_6a"), x)
	x = repeated(s.In("repeat_1"), x, 20, block17)
	x = mixed7(s.In("mixed_7a"), x)
	x = repeated(s.In("repeat_2"), x, 9, block8)
	x = eight(s.In("block8"), x, 1)
	return square(1536, 1).forward(s.In("conv2d_7b"), x)
}

// repeated is n blocks with a ReLU each.
func repeated(s *model.Scope, x *graph.Node, n int, block func(s *model.Scope, x *graph.Node) *graph.Node) *graph.Node {
	for i := range n {
		x = nn.ReLU(block(s.In("%d", i), x))
	}
	return x
}

func mixed5(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		square(96, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(48, 1), square(64, 5)),
		sequence(s.In("branch2"), x, square(64, 1), square(96, 3), square(96, 3)),
		pooled(s, x, 64),
	)
}

func mixed6(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		halving(384).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(256, 1), square(256, 3), halving(384)),
		halved(x),
	)
}

func mixed7(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		sequence(s.In("branch0"), x, square(256, 1), halving(384)),
		sequence(s.In("branch1"), x, square(256, 1), halving(288)),
		sequence(s.In("branch2"), x, square(256, 1), square(288, 3), halving(320)),
		halved(x),
	)
}

// added is x and the branches' result times scale, after a convolution that gives it x's channels.
func added(s *model.Scope, x *graph.Node, scale float64, branches ...*graph.Node) *graph.Node {
	y := nn.Conv(s.In("conv2d"), concat(branches...), x.Shape().Dim(-1), 1)
	return graph.Add(graph.MulScalar(y, scale), x)
}

func block35(s *model.Scope, x *graph.Node) *graph.Node {
	return added(s, x, .17,
		square(32, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(32, 1), square(32, 3)),
		sequence(s.In("branch2"), x, square(32, 1), square(48, 3), square(64, 3)),
	)
}

func block17(s *model.Scope, x *graph.Node) *graph.Node {
	return added(s, x, .1,
		square(192, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(128, 1), row(160, 7), column(192, 7)),
	)
}

func block8(s *model.Scope, x *graph.Node) *graph.Node { return eight(s, x, .2) }

// eight is block8; the last one has another scale, and no ReLU.
func eight(s *model.Scope, x *graph.Node, scale float64) *graph.Node {
	return added(s, x, scale,
		square(192, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(192, 1), row(224, 3), column(256, 3)),
	)
}
