package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The Vision Transformers of Dosovitskiy et al. 2020, arXiv:2010.11929, with patches of 16 x 16 pixels. Variables have
// timm's names, but that class token and position embeddings are in the scope of the patches' embedding; torchvision's
// files are read as well. ViTSmall16 and ViTBase16 have timm's weights, which were trained on ImageNet-21k first, on
// pixels of -1 to 1. ViTB16 is ViTBase16 with torchvision's weights, trained on ImageNet alone and on pixels
// normalised like the ResNets'.
//
// Body gives the class token, [n, 1, 1, Features], so that the pools of a learner's head leave it as it is: it is what
// the classifier of the public weights reads, and the only token of the last layer that they were trained by. An
// image's sides are multiples of 16 pixels. For others than 224 the grid of position embeddings is resized as timm
// does it; what is trained and saved stays the grid of 14 x 14.
//
// The first layer group has the embeddings and the first half of the blocks.
var (
	ViTSmall16 = viT("vit_small_patch16_224", 22050664, 384, 6, half,
		pretrained.Hub("timm/vit_small_patch16_224.augreg_in21k_ft_in1k", "model.safetensors", ""))
	ViTBase16 = viT("vit_base_patch16_224", 86567656, 768, 12, half,
		pretrained.Hub("timm/vit_base_patch16_224.augreg2_in21k_ft_in1k", "model.safetensors", ""))
	ViTB16 = viT("vit_b_16", 86567656, 768, 12, imageNet, torchvision("vit_b_16-c867db91"))

	viTs = []Arch{ViTSmall16, ViTBase16, ViTB16}
)

const (
	viTPatch = 16 // pixels
	viTGrid  = 14 // patches of 224 pixels
	viTDepth = 12
)

var viTNames = pretrained.Table{
	{From: "cls_token", To: "/patch_embed/cls_token"},
	{From: "pos_embed", To: "/patch_embed/pos_embed"},
	{From: "patch_embed.proj.*", To: "/patch_embed/proj/*", Layout: pretrained.ConvOIHW},
	{From: "blocks.*.norm1.*", To: "/blocks/*/norm1/*"},
	{From: "blocks.*.norm2.*", To: "/blocks/*/norm2/*"},
	{From: "blocks.*.*.*.*", To: "/blocks/*/*/*/*", Layout: pretrained.DenseOI},
	{From: "norm.*", To: "/norm/*"},
	{From: "head.*", To: "/head/*", Layout: pretrained.DenseOI, Top: true},

	{From: "class_token", To: "/patch_embed/cls_token"},
	{From: "encoder.pos_embedding", To: "/patch_embed/pos_embed"},
	{From: "conv_proj.*", To: "/patch_embed/proj/*", Layout: pretrained.ConvOIHW},
	{From: viTLayer + "ln_1.*", To: "/blocks/*/norm1/*"},
	{From: viTLayer + "ln_2.*", To: "/blocks/*/norm2/*"},
	{From: viTLayer + "self_attention.in_proj_weight", To: "/blocks/*/attn/qkv/weight", Layout: pretrained.DenseOI},
	{From: viTLayer + "self_attention.in_proj_bias", To: "/blocks/*/attn/qkv/bias"},
	{From: viTLayer + "self_attention.out_proj.*", To: "/blocks/*/attn/proj/*", Layout: pretrained.DenseOI},
	{From: viTLayer + "mlp.0.*", To: "/blocks/*/mlp/fc1/*", Layout: pretrained.DenseOI},
	{From: viTLayer + "mlp.3.*", To: "/blocks/*/mlp/fc2/*", Layout: pretrained.DenseOI},
	{From: viTLayer + "mlp.linear_1.*", To: "/blocks/*/mlp/fc1/*", Layout: pretrained.DenseOI},
	{From: viTLayer + "mlp.linear_2.*", To: "/blocks/*/mlp/fc2/*", Layout: pretrained.DenseOI},
	{From: "encoder.ln.*", To: "/norm/*"},
	{From: "heads.head.*", To: "/head/*", Layout: pretrained.DenseOI, Top: true},
}

const viTLayer = "encoder.layers.encoder_layer_*."

// normalisation is a net's Mean and Std.
type normalisation struct{ mean, std [3]float32 }

var (
	half     = normalisation{inceptionMean, inceptionStd}
	imageNet = normalisation{imageNetMean, imageNetStd}
)

func viT(name string, params, width, heads int, norm normalisation, weights pretrained.Source) Arch {
	groups := splitAt("/blocks/%d", viTDepth, viTDepth/2)
	groups[0] = append([]string{"/patch_embed"}, groups[0]...)
	groups[1] = append(groups[1], "/norm")
	return Arch{
		Name: name, Family: "vit", Params: params,
		Size: 224, MinSize: viTPatch, Multiple: viTPatch, Features: width,
		Mean: norm.mean, Std: norm.std,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return viTBody(s, x, width, heads) },
		Top:  dense("head"), Groups: groups, Names: viTNames, Weights: weights,
	}
}

func viTBody(s *model.Scope, x *graph.Node, width, heads int) *graph.Node {
	n, h, w := x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2)
	if h%viTPatch != 0 || w%viTPatch != 0 {
		panic(fmt.Errorf("fastnb: arch: a ViT takes images whose sides are multiples of %d pixels, not %d x %d "+
			"(want Size(%d), or 224, which it was trained with)", viTPatch, h, w, max(h/viTPatch, 1)*viTPatch))
	}
	embed, blocks := s.In("patch_embed"), s.In("blocks")
	x = nn.Conv(embed.In("proj"), x, width, viTPatch, nn.Stride(viTPatch))
	x = graph.Reshape(x, n, -1, width)
	first := graph.BroadcastToDims(nn.Param(embed, "cls_token", x, nn.Normal(.02), 1, 1, width), n, 1, width)
	x = graph.Concatenate([]*graph.Node{first, x}, 1)
	x = graph.Add(x, viTPositions(embed, x, h/viTPatch, w/viTPatch))
	for i := range viTDepth {
		x = viTBlock(blocks.In("%d", i), x, heads)
	}
	x = graph.Slice(x, graph.AxisRange(), graph.AxisElem(0), graph.AxisRange())
	return graph.Reshape(evened(s.In("norm"), x), n, 1, 1, width)
}

// viTPositions is what is added to the tokens of a grid of patches, [1, 1+rows*cols, width].
func viTPositions(s *model.Scope, x *graph.Node, rows, cols int) *graph.Node {
	width := x.Shape().Dim(-1)
	all := nn.Param(s, "pos_embed", x, nn.Normal(.02), 1, 1+viTGrid*viTGrid, width)
	if rows == viTGrid && cols == viTGrid {
		return all
	}
	first := graph.Slice(all, graph.AxisRange(), graph.AxisElem(0), graph.AxisRange())
	grid := graph.Slice(all, graph.AxisRange(), graph.AxisRange(1), graph.AxisRange())
	grid = bicubic(graph.Reshape(grid, viTGrid, viTGrid, width), rows, cols)
	return graph.Concatenate([]*graph.Node{first, graph.Reshape(grid, 1, rows*cols, width)}, 1)
}

func viTBlock(s *model.Scope, x *graph.Node, heads int) *graph.Node {
	width, attn := x.Shape().Dim(-1), s.In("attn")
	y := nn.Dense(attn.In("qkv"), evened(s.In("norm1"), x), 3*width)
	part := func(i int) *graph.Node {
		return graph.Slice(y, graph.AxisRange(), graph.AxisRange(), graph.AxisRange(i*width, (i+1)*width))
	}
	y = nn.Attention(attn, part(0), part(1), part(2), heads)
	x = graph.Add(x, nn.Dense(attn.In("proj"), y, width))
	return graph.Add(x, perceptron(s.In("mlp"), evened(s.In("norm2"), x), 4*width))
}
