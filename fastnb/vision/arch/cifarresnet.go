package arch

import (
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The ResNets for pictures of 32 x 32 pixels of He et al. 2015, arXiv:1512.03385, section 4.2, with weights for
// CIFAR-10 by Yaofo Chen (BSD-3-Clause). As in these, a block that halves its input has a convolution in its shortcut,
// "option B" of the paper; the paper's own numbers are of option A, which pads with zeros.
var (
	ResNet20 = cifarResNet("resnet20", 272474, 3,
		"4118986f0df73003d572b0e397f0ac7b3f60af1f31aff3d2da164536e36f6ec8")
	ResNet56 = cifarResNet("resnet56", 855770, 9,
		"187c023aee0c9cf3093a682d9447a538cbaf5489f7ae78a7df4edf2246ce380b")

	cifarResNets = []Arch{ResNet20, ResNet56}
)

const (
	cifarClasses = 10
	cifarWidth   = 16 // channels of the first layer of blocks
	cifarWeights = "https://github.com/chenyaofo/pytorch-cifar-models/releases/download/resnet/cifar10_"
)

func cifarResNet(name string, params, depth int, sha256 string) Arch {
	return Arch{
		Name: name, Family: "cifar_resnet", Aliases: []string{"cifar10_" + name}, Params: params,
		Size: 32, MinSize: 1, Features: 4 * cifarWidth, Mean: cifarMean, Std: cifarStd,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node {
			x = nn.Conv(s.In("conv1"), x, cifarWidth, 3, nn.Pad(1), nn.NoBias)
			x = nn.ReLU(nn.BatchNorm(s.In("bn1"), x))
			return resNetLayers(s, x, basic, cifarWidth, 1, []int{depth, depth, depth})
		},
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("fc"), nn.GlobalAvg(x), cifarClasses)
		},
		Groups: [2][]string{{"/conv1", "/bn1", "/layer1", "/layer2"}, {"/layer3"}},
		Names:  resNetNames, Weights: pretrained.URL(cifarWeights+name+"-"+sha256[:8]+".pt", sha256),
	}
}
