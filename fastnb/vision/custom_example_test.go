package vision_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// A net of your own in three lines.
func ExampleFromModel() {
	net := func(s *model.Scope, x *graph.Node) *graph.Node {
		x = nn.GlobalAvg(nn.ReLU(nn.Conv(s.In("conv"), x, 32, 3, nn.Stride(2))))
		return nn.Dense(s.In("fc"), x, 2)
	}
	data := nb.Must(vision.FromPaths("testdata/pets", vision.Size(32), vision.BatchSize(4), work()))
	learn := nb.Must(vision.FromModel(fastnb.FromFunc("three-lines", net), data, quiet))
	nb.Check(learn.Fit(fastnb.LR(0.01), 1))
	fmt.Println(learn.Model().Groups)
	// Output: [[/conv] [/fc]]
}

// A head of your own on a pretrained body: a mean over all places and a dense layer.
func ExampleCustomHead() {
	var linear vision.HeadFunc = func(s *model.Scope, features *graph.Node, outputs int) *graph.Node {
		return nn.Dense(s.In("fc"), nn.GlobalAvg(features), outputs)
	}
	learn := tiny(vision.CustomHead("linear", linear))
	summary := nb.Must(learn.Summary())
	head := summary.Layers[len(summary.Layers)-1]
	fmt.Println(learn.Model().Name, head.Name)
	// Output: tiny-linear-2 /head/fc
}
