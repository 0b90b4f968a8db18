package arch

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// EfficientNet-Lite (Tan and Le 2019, arXiv:1905.11946, without squeeze-and-excite and with ReLU6), under the names of
// the PyPI package efficientnet-lite-pytorch: no change of width in stem and head.
var (
	EfficientNetLite0 = efficientNetLite("efficientnet_lite0", 4652008, 224, 1, 1, pretrained.EfficientNetLite0)
	EfficientNetLite1 = efficientNetLite("efficientnet_lite1", 5416680, 240, 1, 1.1, pretrained.EfficientNetLite1)
	EfficientNetLite2 = efficientNetLite("efficientnet_lite2", 6092072, 260, 1.1, 1.2, pretrained.EfficientNetLite2)

	efficientNetLites = []Arch{EfficientNetLite0, EfficientNetLite1, EfficientNetLite2}
)

// invertedResidual is an MBConv block: widen by expand, convolve each channel by itself, narrow to out channels.
type invertedResidual struct{ kernel, stride, expand, out int }

// liteStages are Lite0's: how often a block is repeated (from the second on with stride 1), and the block.
var liteStages = []struct {
	repeat int
	block  invertedResidual
}{
	{1, invertedResidual{3, 1, 1, 16}},
	{2, invertedResidual{3, 2, 6, 24}},
	{2, invertedResidual{5, 2, 6, 40}},
	{3, invertedResidual{3, 2, 6, 80}},
	{3, invertedResidual{5, 1, 6, 112}},
	{4, invertedResidual{5, 2, 6, 192}},
	{1, invertedResidual{3, 1, 6, 320}},
}

var liteNames = pretrained.Table{
	{From: "_bn*.num_batches_tracked"},
	{From: "_blocks.*._bn*.num_batches_tracked"},
	{From: "_conv_stem.weight", To: "/_conv_stem/weight", Layout: pretrained.ConvOIHW},
	{From: "_conv_head.weight", To: "/_conv_head/weight", Layout: pretrained.ConvOIHW},
	{From: "_bn*.*", To: "/_bn*/*"},
	{From: "_blocks.*._*_conv.weight", To: "/_blocks/*/_*_conv/weight", Layout: pretrained.ConvOIHW},
	{From: "_blocks.*._bn*.*", To: "/_blocks/*/_bn*/*"},
	{From: "_fc.weight", To: "/_fc/weight", Layout: pretrained.DenseOI, Top: true},
	{From: "_fc.bias", To: "/_fc/bias", Top: true},
}

const (
	liteStem     = 32
	liteFeatures = 1280
	liteSplit    = 4 // the stage at which the second layer group begins, halfway through the blocks
)

// liteNorm is batch norm with the net's own epsilon. The net was trained with statistics that move by a hundredth of
// each batch; where they are to follow weights that are fine-tuned that is too slow, so they move by a tenth, as in
// timm.
func liteNorm(s *model.Scope, x *graph.Node) *graph.Node { return nn.BatchNorm(s, x, nn.Eps(1e-3)) }

func efficientNetLite(name string, params, size int, width, depth float64, weights pretrained.Source) Arch {
	blocks, split := liteBlocks(width, depth)
	return Arch{
		Name: name, Family: "efficientnet_lite", Aliases: []string{"tf_" + name}, Params: params,
		Size: size, MinSize: 1, Features: liteFeatures,
		Mean: [3]float32{127, 127, 127}, Std: [3]float32{128, 128, 128},
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return liteBody(s, x, blocks) },
		Top: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("_fc"), nn.GlobalAvg(x), classes)
		},
		Groups: liteGroups(len(blocks), split),
		Names:  liteNames, Weights: weights,
	}
}

// liteBlocks scales the stages by width and depth and returns all blocks and the index of the first of the second
// layer group. First and last stage keep their depth.
func liteBlocks(width, depth float64) (blocks []invertedResidual, split int) {
	for i, stage := range liteStages {
		b, repeat := stage.block, stage.repeat
		b.out = roundChannels(float64(b.out) * width)
		if i > 0 && i < len(liteStages)-1 {
			repeat = int(math.Ceil(float64(repeat) * depth))
		}
		if i == liteSplit {
			split = len(blocks)
		}
		for range repeat {
			blocks = append(blocks, b)
			b.stride = 1
		}
	}
	return blocks, split
}

// roundChannels rounds to a multiple of 8, never by more than a tenth down.
func roundChannels(c float64) int {
	n := max(8, int(c+4)/8*8)
	if float64(n) < .9*c {
		n += 8
	}
	return n
}

func liteGroups(blocks, split int) (groups [2][]string) {
	groups[0] = []string{"/_conv_stem", "/_bn0"}
	for i := range blocks {
		k := 0
		if i >= split {
			k = 1
		}
		groups[k] = append(groups[k], fmt.Sprintf("/_blocks/%d", i))
	}
	groups[1] = append(groups[1], "/_conv_head", "/_bn1")
	return groups
}

func liteBody(s *model.Scope, x *graph.Node, blocks []invertedResidual) *graph.Node {
	x = nn.Conv(s.In("_conv_stem"), x, liteStem, 3, nn.Stride(2), nn.SamePad, nn.NoBias)
	x = nn.ReLU6(liteNorm(s.In("_bn0"), x))
	scope := s.In("_blocks")
	for i, b := range blocks {
		x = b.forward(scope.In("%d", i), x)
	}
	x = nn.Conv(s.In("_conv_head"), x, liteFeatures, 1, nn.NoBias)
	return nn.ReLU6(liteNorm(s.In("_bn1"), x))
}

func (b invertedResidual) forward(s *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dim(-1)
	wide := in * b.expand
	y := x
	if b.expand != 1 {
		y = nn.Conv(s.In("_expand_conv"), y, wide, 1, nn.NoBias)
		y = nn.ReLU6(liteNorm(s.In("_bn0"), y))
	}
	y = nn.Conv(s.In("_depthwise_conv"), y, wide, b.kernel, nn.Stride(b.stride), nn.SamePad, nn.Groups(wide), nn.NoBias)
	y = nn.ReLU6(liteNorm(s.In("_bn1"), y))
	y = nn.Conv(s.In("_project_conv"), y, b.out, 1, nn.NoBias)
	y = liteNorm(s.In("_bn2"), y)
	if b.stride == 1 && in == b.out {
		y = graph.Add(y, x)
	}
	return y
}
