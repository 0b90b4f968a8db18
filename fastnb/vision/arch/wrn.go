package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// WRN22 is fast.ai's wrn_22, with which it trained CIFAR-10 for DAWNBench: a wide ResNet (Zagoruyko and Komodakis 2016,
// arXiv:1605.07146) of three times three blocks, six times as wide as ResNet-20, with batch norm and ReLU before each
// convolution, and a fifth of each residual. There are no public weights.
var (
	WRN22 = wrn("wrn_22", 9658458, 3, 6)

	wrns = []Arch{WRN22}
)

var wrnNames = pretrained.Table{
	{From: "features.*.num_batches_tracked"},
	{From: "features.*.*.num_batches_tracked"},
	{From: "features.*.*.*.num_batches_tracked"},
	{From: "features.14.weight", To: "/features/14/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "features.14.bias", To: "/features/14/bias", Top: true},
	{From: "features.*.*", To: "/features/*/*", Layout: pretrained.ConvOIHW}, // vectors stay as they are
	{From: "features.*.*.*", To: "/features/*/*/*", Layout: pretrained.ConvOIHW},
	{From: "features.*.*.*.*", To: "/features/*/*/*/*", Layout: pretrained.ConvOIHW},
}

const (
	wrnStages = 3
	wrnScale  = .2 // of each residual
)

func wrn(name string, params, depth, k int) Arch {
	last := 1 + wrnStages*depth // of the body: the batch norm after the blocks
	return Arch{
		Name: name, Family: "wrn", Aliases: []string{"wrn22"}, Params: params,
		Size: 32, MinSize: 1, Features: 4 * k * cifarWidth, Mean: cifarMean, Std: cifarStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return wrnBody(s.In("features"), x, depth, k) },
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.At("features").In("%d", last+4), nn.GlobalAvg(x), cifarClasses)
		},
		Groups: [2][]string{items("/features", 0, last-depth), items("/features", last-depth, last+1)},
		Names:  wrnNames,
	}
}

// items are the scopes from, ..., to-1 within a scope.
func items(scope string, from, to int) (scopes []string) {
	for i := from; i < to; i++ {
		scopes = append(scopes, fmt.Sprintf("%s/%d", scope, i))
	}
	return scopes
}

func wrnBody(s *model.Scope, x *graph.Node, depth, k int) *graph.Node {
	x = nn.Conv(s.In("0"), x, cifarWidth, 3, nn.Pad(1), nn.NoBias)
	for i := range wrnStages * depth {
		stage, stride := i/depth, 1
		if stage > 0 && i%depth == 0 {
			stride = 2
		}
		x = wrnBlock(s.In("%d", i+1), x, cifarWidth*k<<stage, stride)
	}
	return nn.ReLU(nn.BatchNorm(s.In("%d", 1+wrnStages*depth), x))
}

func wrnBlock(s *model.Scope, x *graph.Node, width, stride int) *graph.Node {
	in := x.Shape().Dim(-1)
	x = nn.ReLU(nn.BatchNorm(s.In("bn"), x))
	y := nn.Conv(s.In("conv1"), x, width, 3, nn.Stride(stride), nn.Pad(1), nn.NoBias)
	second := s.In("conv2")
	y = nn.ReLU(nn.BatchNorm(second.In("0"), y))
	y = nn.Conv(second.In("2"), y, width, 3, nn.Pad(1), nn.NoBias)
	if in != width {
		x = nn.Conv(s.In("shortcut"), x, width, 1, nn.Stride(stride), nn.NoBias)
	}
	return graph.Add(graph.MulScalar(y, wrnScale), x)
}
