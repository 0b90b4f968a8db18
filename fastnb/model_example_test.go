package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// A net with a body, which Precompute caches the activations of, and a head.
func ExampleModel() {
	net := fastnb.Model{
		Name: "wide",
		Body: func(s *model.Scope, inputs []*graph.Node) *graph.Node {
			return nn.ReLU(nn.Dense(s.In("wide"), inputs[0], 64))
		},
		Head: func(s *model.Scope, x *graph.Node) *graph.Node {
			return nn.Dense(s.In("head"), x, 3)
		},
		Groups: []fastnb.Group{{"/wide"}, {"/head"}},
	}
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), net))
	learn.Freeze()
	ok(learn.Precompute(true))
	ok(learn.Fit(fastnb.LR(0.05), 1))
	fmt.Println(learn.Model().Name, learn.FrozenTo(), learn.Precomputed())
	// Output: wide 1 true
}

// A model with a loss of its own: here the cube of the error.
func ExampleLosses() {
	line := synth.LineModel()
	head := line.Head
	line.Losses = func(s *model.Scope, x, labels *graph.Node) fastnb.Losses {
		wrong := graph.Abs(graph.Sub(head(s, x), labels)) // [rows, 1]
		rows := graph.Reshape(graph.PowScalar(wrong, 3), x.Shape().Dim(0))
		return fastnb.Losses{Mean: graph.ReduceAllMean(rows), Rows: rows, Weight: graph.OnesLike(rows), Kept: wrong}
	}
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), line))
	before, _, err := learn.Validate()
	ok(err)
	ok(learn.Fit(fastnb.LR(0.01), 5))
	after, _, err := learn.Validate()
	ok(err)
	fmt.Println("less than before:", after < before)
	// Output: less than before: true
}

// What a learner minimises, and what makes predictions of its model's output.
func ExampleLoss_Predictions() {
	learn, cleanUp := points()
	defer cleanUp()
	loss := learn.Loss()
	softmax := must(graph.NewExec(learn.Backend(), loss.Predictions))
	fmt.Println(loss.Name, must(softmax.Call1([][]float32{{0, 0}})))
	// Output: cross-entropy [1][2]float32{{0.5, 0.5}}
}

// The layers of a net, by layer group, and what of it is frozen.
func ExampleLearner_Summary() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	summary := must(learn.Summary())
	all, trained := summary.Params()
	var last fastnb.Layer = summary.Layers[len(summary.Layers)-1]
	fmt.Println(all, trained, last.Name, last.Trained)
	// Output: 1507 163 /head/out true
}
