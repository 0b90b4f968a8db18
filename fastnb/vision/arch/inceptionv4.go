package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// InceptionV4 is the net of Szegedy et al. 2016, arXiv:1602.07261, under timm's names. Its body is a sequence of 22
// modules; as in fast.ai 0.7 the second layer group begins with the tenth.
var InceptionV4 = Arch{
	Name: "inception_v4", Family: "inception", Aliases: []string{"inception_4", "inceptionv4"}, Params: 42679816,
	Size: inceptionSize, MinSize: inceptionMinSize, Features: 1536,
	Mean: inceptionMean, Std: inceptionStd,
	Body: inceptionV4Body, Top: dense("last_linear"),
	Groups:  splitAt("/features/%d", 22, 9),
	Names:   inceptionNames("last_linear"),
	Weights: pretrained.Hub("timm/inception_v4.tf_in1k", "model.safetensors", ""),
}

// splitAt has the scopes of n modules in two layer groups, the second of which begins with module at.
func splitAt(scope string, n, at int) (groups [2][]string) {
	for i := range n {
		k := 0
		if i >= at {
			k = 1
		}
		groups[k] = append(groups[k], fmt.Sprintf(scope, i))
	}
	return groups
}

func inceptionV4Body(s *model.Scope, x *graph.Node) *graph.Node {
	modules := []func(s *model.Scope, x *graph.Node) *graph.Node{
		halving(32).forward, within(32).forward, square(64, 3).forward, v4Mixed3, v4Mixed4, v4Mixed5,
		v4A, v4A, v4A, v4A, v4ReduceA, v4B, v4B, v4B, v4B, v4B, v4B, v4B, v4ReduceB, v4C, v4C, v4C,
	}
	s = s.In("features")
	for i, module := range modules {
		x = module(s.In("%d", i), x)
	}
	return x
}

func v4Mixed3(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(halved(x), halving(96).forward(s.In("conv"), x))
}

func v4Mixed4(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		sequence(s.In("branch0"), x, square(64, 1), within(96)),
		sequence(s.In("branch1"), x, square(64, 1), row(64, 7), column(64, 7), within(96)),
	)
}

func v4Mixed5(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(halving(192).forward(s.In("conv"), x), halved(x))
}

// pooled is the branch with a pool, the first of its modules.
func pooled(s *model.Scope, x *graph.Node, out int) *graph.Node {
	return square(out, 1).forward(s.In("branch3").In("1"), averaged(x))
}

func v4A(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		square(96, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(64, 1), square(96, 3)),
		sequence(s.In("branch2"), x, square(64, 1), square(96, 3), square(96, 3)),
		pooled(s, x, 96),
	)
}

func v4ReduceA(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		halving(384).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(192, 1), square(224, 3), halving(256)),
		halved(x),
	)
}

func v4B(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		square(384, 1).forward(s.In("branch0"), x),
		sequence(s.In("branch1"), x, square(192, 1), row(224, 7), column(256, 7)),
		sequence(s.In("branch2"), x, square(192, 1), column(192, 7), row(224, 7), column(224, 7), row(256, 7)),
		pooled(s, x, 128),
	)
}

func v4ReduceB(s *model.Scope, x *graph.Node) *graph.Node {
	return concat(
		sequence(s.In("branch0"), x, square(192, 1), halving(192)),
		sequence(s.In("branch1"), x, square(256, 1), row(256, 7), column(320, 7), halving(320)),
		halved(x),
	)
}

func v4C(s *model.Scope, x *graph.Node) *graph.Node {
	one := square(384, 1).forward(s.In("branch1_0"), x)
	two := square(384, 1).forward(s.In("branch2_0"), x)
	two = column(448, 3).forward(s.In("branch2_1"), two)
	two = row(512, 3).forward(s.In("branch2_2"), two)
	return concat(
		square(256, 1).forward(s.In("branch0"), x),
		row(256, 3).forward(s.In("branch1_1a"), one),
		column(256, 3).forward(s.In("branch1_1b"), one),
		row(256, 3).forward(s.In("branch2_3a"), two),
		column(256, 3).forward(s.In("branch2_3b"), two),
		pooled(s, x, 256),
	)
}
