package arch_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// A net of your own whose weights were trained with PyTorch: a convolution, and the classifier that a learner replaces.
func ExampleArch() {
	small := arch.Arch{
		Name: "small", Size: 64, Features: 4,
		Body: func(s *model.Scope, x *graph.Node) *graph.Node { return nn.Conv(s.In("conv1"), x, 4, 3, nn.NoBias) },
		Top:  func(s *model.Scope, x *graph.Node) *graph.Node { return nn.Dense(s.In("fc"), nn.GlobalAvg(x), 10) },
		Names: pretrained.Table{
			{From: "conv1.weight", To: "/conv1/weight", Layout: pretrained.ConvOIHW},
			{From: "fc.weight", To: "/fc/weight", Layout: pretrained.DenseOI, Top: true},
			{From: "fc.bias", To: "/fc/bias", Top: true},
		},
	}
	dir := nb.Must(os.MkdirTemp("", "arch"))
	defer os.RemoveAll(dir)
	weights := written(filepath.Join(dir, "small.safetensors"))
	be, body, whole := nb.Must(engine.Open()), model.NewStore(), model.NewStore()
	fmt.Println(small.Load(be, body, weights), small.LoadWithTop(be, whole, weights))
	fmt.Println(pretrained.Shapes(body))
	fmt.Println(pretrained.Shapes(whole))
	// Output:
	// <nil> <nil>
	// map[/conv1/weight:[3 3 3 4]]
	// map[/conv1/weight:[3 3 3 4] /fc/bias:[10] /fc/weight:[4 10]]
}

// written are weights as PyTorch keeps them.
func written(path string) pretrained.Source {
	err := safetensors.WriteFile(path, &safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.FromFloat32("conv1.weight", []int{4, 3, 3, 3}, make([]float32, 108)),
		safetensors.FromFloat32("fc.weight", []int{10, 4}, make([]float32, 40)),
		safetensors.FromFloat32("fc.bias", []int{10}, make([]float32, 10)),
	}})
	if err != nil {
		log.Fatal(err)
	}
	return pretrained.File(path)
}

// The nets with public weights: the size of image that they were trained for, how many features they find, and where
// they begin.
func ExampleArch_public() {
	for _, a := range []arch.Arch{
		arch.ResNet18, arch.ResNet34, arch.ResNet50, arch.ResNet101, arch.ResNet152,
		arch.EfficientNetLite0, arch.EfficientNetLite1, arch.EfficientNetLite2,
	} {
		fmt.Println(a.Name, a.Size, a.Features, a.Groups[0][0])
	}
	// Output:
	// resnet18 224 512 /conv1
	// resnet34 224 512 /conv1
	// resnet50 224 2048 /conv1
	// resnet101 224 2048 /conv1
	// resnet152 224 2048 /conv1
	// efficientnet_lite0 224 1280 /_conv_stem
	// efficientnet_lite1 240 1280 /_conv_stem
	// efficientnet_lite2 260 1280 /_conv_stem
}

// A net by its name, as a flag or a file has it, and as torchvision, timm and fast.ai 0.7 call it.
func ExampleByName() {
	net := nb.Must(arch.ByName("dn121"))
	fmt.Println(net.Name, net.Features)
	_, err := arch.ByName("resnet50.tv_in1k")
	fmt.Println(strings.SplitAfter(err.Error(), "; ")[0])
	// Output:
	// densenet121 1024
	// arch: ByName: "resnet50.tv_in1k" names weights, too;
}

// What the list tells of a net: its parameters, the size of image that it wants, and the least that it takes.
func ExampleList() {
	for _, a := range arch.List() {
		if a.Family == "vgg" {
			fmt.Println(a.Name, a.Params, a.Size, a.MinSize)
		}
	}
	// Output:
	// vgg16 138357544 224 32
	// vgg19 143667240 224 32
}
