package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ResNet9 is the net of nine layers with which David Page trained CIFAR-10 to 94% in 79 seconds on one GPU ("How to
// train your ResNet", 2018), a record of DAWNBench. There are no public weights.
var (
	ResNet9 = Arch{
		Name: "resnet9", Family: "resnet9", Params: 6573120, Size: 32, MinSize: 8, Features: 512,
		Mean: cifarMean, Std: cifarStd,
		Body: resNet9Body,
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			logits := nn.Dense(s.In("linear"), nn.GlobalMax(x), cifarClasses, nn.NoBias)
			return graph.MulScalar(logits, resNet9Scale)
		},
		Groups: [2][]string{{"/prep", "/layer1"}, {"/layer2", "/layer3"}},
		Names:  resNet9Names,
	}

	resNet9s = []Arch{ResNet9}
)

const resNet9Scale = .125 // of the logits

var resNet9Names = pretrained.Table{
	{From: "*.bn.num_batches_tracked"},
	{From: "*.residual.*.bn.num_batches_tracked"},
	{From: "*.conv.weight", To: "/*/conv/weight", Layout: pretrained.ConvOIHW},
	{From: "*.residual.*.conv.weight", To: "/*/residual/*/conv/weight", Layout: pretrained.ConvOIHW},
	{From: "*.bn.*", To: "/*/bn/*"},
	{From: "*.residual.*.bn.*", To: "/*/residual/*/bn/*"},
	{From: "linear.weight", To: "/linear/weight", Layout: pretrained.DenseOI, Top: true},
}

func resNet9Body(s *model.Scope, x *graph.Node) *graph.Node {
	first, last := s.In("layer1"), s.In("layer3")
	x = convNormReLU(s.In("prep"), x, 64)
	x = twoMore(first, nn.MaxPool(convNormReLU(first, x, 128), 2))
	x = nn.MaxPool(convNormReLU(s.In("layer2"), x, 256), 2)
	return twoMore(last, nn.MaxPool(convNormReLU(last, x, 512), 2))
}

func convNormReLU(s *model.Scope, x *graph.Node, width int) *graph.Node {
	x = nn.Conv(s.In("conv"), x, width, 3, nn.Pad(1), nn.NoBias)
	return nn.ReLU(nn.BatchNorm(s.In("bn"), x))
}

// twoMore adds what two more convolutions make of x to it.
func twoMore(s *model.Scope, x *graph.Node) *graph.Node {
	s = s.In("residual")
	width := x.Shape().Dim(-1)
	return graph.Add(x, convNormReLU(s.In("res2"), convNormReLU(s.In("res1"), x, width), width))
}
