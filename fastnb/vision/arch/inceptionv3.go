package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// InceptionV3 is the net of Szegedy et al. 2015, arXiv:1512.00567, under torchvision's names. Of its two classifiers
// the auxiliary one, which helped to train it from scratch, is left out, and its tensors in a file are not read.
// torchvision gives this net pixels normalised like the ResNets' and changes them to what it was trained with; here
// they are normalised so at once.
var InceptionV3 = Arch{
	Name: "inception_v3", Family: "inception", Params: 23834568,
	Size: inceptionSize, MinSize: inceptionMinSize, Features: 2048,
	Mean: inceptionMean, Std: inceptionStd,
	Body: inceptionV3Body, Top: dense("fc"),
	Groups: [2][]string{
		{
			"/Conv2d_1a_3x3", "/Conv2d_2a_3x3", "/Conv2d_2b_3x3", "/Conv2d_3b_1x1", "/Conv2d_4a_3x3",
			"/Mixed_5b", "/Mixed_5c", "/Mixed_5d",
		},
		{
			"/Mixed_6a", "/Mixed_6b", "/Mixed_6c", "/Mixed_6d", "/Mixed_6e",
			"/Mixed_7a", "/Mixed_7b", "/Mixed_7c",
		},
	},
	Names: inceptionNames("fc",
		pretrained.Rule{From: "AuxLogits.*.*.*"}, pretrained.Rule{From: "AuxLogits.fc.*"}),
	Weights: pretrained.Hub("timm/inception_v3.tv_in1k", "model.safetensors", ""),
}

func inceptionV3Body(s *model.Scope, x *graph.Node) *graph.Node {
	x = halving(32).forward(s.In("Conv2d_1a_3x3"), x)
	x = within(32).forward(s.In("Conv2d_2a_3x3"), x)
	x = halved(square(64, 3).forward(s.In("Conv2d_2b_3x3"), x))
	x = square(80, 1).forward(s.In("Conv2d_3b_1x1"), x)
	x = halved(within(192).forward(s.In("Conv2d_4a_3x3"), x))
	x = v3A(s.In("Mixed_5b"), x, 32)
	x = v3A(s.In("Mixed_5c"), x, 64)
	x = v3A(s.In("Mixed_5d"), x, 64)
	x = v3B(s.In("Mixed_6a"), x)
	x = v3C(s.In("Mixed_6b"), x, 128)
	x = v3C(s.In("Mixed_6c"), x, 160)
	x = v3C(s.In("Mixed_6d"), x, 160)
	x = v3C(s.In("Mixed_6e"), x, 192)
	x = v3D(s.In("Mixed_7a"), x)
	x = v3E(s.In("Mixed_7b"), x)
	return v3E(s.In("Mixed_7c"), x)
}

// numbered is one window after another, in the scopes name_1, name_2 and so on.
func numbered(s *model.Scope, x *graph.Node, name string, windows ...window) *graph.Node {
	for i, w := range windows {
		x = w.forward(s.In("%s_%d", name, i+1), x)
	}
	return x
}

// v3Pool is the branch with a pool, which counts the zeros of the padding.
func v3Pool(s *model.Scope, x *graph.Node, out int) *graph.Node {
	return square(out, 1).forward(s.In("branch_pool"), nn.AvgPool(x, 3, nn.Stride(1), nn.Pad(1)))
}

func v3A(s *model.Scope, x *graph.Node, pool int) *graph.Node {
	return concat(
		square(64, 1).forward(s.In("branch1x1"), x),
		numbered(s, x, "branch5x5", square(48, 1), square(64, 5)),
		numbered(s, x, "branch3x3dbl", square(64, 1), square(96, 3), square(96, 3)),
		v3Pool(s, x, pool),
	)
}

func v3B(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		halving(384).forward(s.In("branch3x3"), x),
		numbered(s, x, "branch3x3dbl", square(64, 1), square(96, 3), halving(96)),
		halved(x),
	)
}

func v3C(s *model.Scope, x *graph.Node, inner int) *graph.Node {
	return concat(
		square(192, 1).forward(s.In("branch1x1"), x),
		numbered(s, x, "branch7x7", square(inner, 1), row(inner, 7), column(192, 7)),
		numbered(s, x, "branch7x7dbl",
			square(inner, 1), column(inner, 7), row(inner, 7), column(inner, 7), row(192, 7)),
		v3Pool(s, x, 192),
	)
}

func v3D(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		numbered(s, x, "branch3x3", square(192, 1), halving(320)),
		numbered(s, x, "branch7x7x3", square(192, 1), row(192, 7), column(192, 7), halving(192)),
		halved(x),
	)
}

func v3E(s *model.Scope, x *graph.Node) *graph.Node {
	three := square(384, 1).forward(s.In("branch3x3_1"), x)
	double := numbered(s, x, "branch3x3dbl", square(448, 1), square(384, 3))
	return concat(
		square(320, 1).forward(s.In("branch1x1"), x),
		row(384, 3).forward(s.In("branch3x3_2a"), three),
		column(384, 3).forward(s.In("branch3x3_2b"), three),
		row(384, 3).forward(s.In("branch3x3dbl_3a"), double),
		column(384, 3).forward(s.In("branch3x3dbl_3b"), double),
		v3Pool(s, x, 192),
	)
}
