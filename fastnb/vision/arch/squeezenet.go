package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The SqueezeNets of Iandola et al. 2016, arXiv:1602.07360, under torchvision's names: the accuracy of AlexNet with a
// fiftieth of its weights. They have no batch norms. 1.1 takes less than half of the time of 1.0. As in fastai the
// second layer group begins with the sixth module.
var (
	SqueezeNet10 = squeezeNet("squeezenet1_0", 1248424, 21, "b66bff10", 96, 7, []fireModule{
		{}, {16, 64}, {16, 64}, {32, 128}, {}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {}, {64, 256},
	})
	SqueezeNet11 = squeezeNet("squeezenet1_1", 1235496, 17, "b8a52dc0", 64, 3, []fireModule{
		{}, {16, 64}, {16, 64}, {}, {32, 128}, {32, 128}, {}, {48, 192}, {48, 192}, {64, 256}, {64, 256},
	})

	squeezeNets = []Arch{SqueezeNet11, SqueezeNet10}
)

var squeezeNetNames = pretrained.Table{
	{From: "features.*.*", To: "/features/*/*", Layout: pretrained.ConvOIHW},
	{From: "features.*.*.*", To: "/features/*/*/*", Layout: pretrained.ConvOIHW},
	{From: "classifier.1.*", To: "/classifier/1/*", Layout: pretrained.ConvOIHW, Top: true},
}

// fireModule squeezes its input into few channels, and expands these by windows of 1 and of 9 pixels into as many
// channels each; the zero one is a pool.
type fireModule struct{ squeeze, expand int }

func squeezeNet(name string, params, smallest int, sum string, stem, kernel int, modules []fireModule) Arch {
	return Arch{
		Name: name, Family: "squeezenet", Params: params,
		Size: 224, MinSize: smallest, Features: 512,
		Mean: imageNetMean, Std: imageNetStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node {
			s = s.In("features")
			x = nn.ReLU(nn.Conv(s.In("0"), x, stem, kernel, nn.Stride(2)))
			for i, m := range modules {
				x = m.forward(s.In("%d", i+2), x) // 1 is the ReLU
			}
			return x
		},
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.GlobalAvg(nn.ReLU(nn.Conv(s.In("classifier").In("1"), x, classes, 1)))
		},
		Groups:  splitAt("/features/%d", len(modules)+2, 5),
		Names:   squeezeNetNames,
		Weights: torchvision(name + "-" + sum),
	}
}

func (m fireModule) forward(s *model.Scope, x *graph.Node) *graph.Node {
	if m == (fireModule{}) {
		return nn.MaxPool(x, 3, nn.Stride(2), nn.CeilMode)
	}
	x = nn.ReLU(nn.Conv(s.In("squeeze"), x, m.squeeze, 1))
	return concat(
		nn.ReLU(nn.Conv(s.In("expand1x1"), x, m.expand, 1)),
		nn.ReLU(nn.Conv(s.In("expand3x3"), x, m.expand, 3, nn.Pad(1))),
	)
}
