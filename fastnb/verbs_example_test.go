package fastnb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
)

// A learner has a device, data and a net; options say what measures and trains it.
func ExampleNew() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3),
		fastnb.WithOptimizer(optim.Adam{}),
		fastnb.WithMetrics(metric.ErrorRate, metric.LogLoss),
		fastnb.Seed(7)))
	ok(learn.Fit(fastnb.LR(0.01), 3))
	fmt.Println(learn.Recorder.Metrics, learn.Recorder.Metric("error_rate")[2] < 0.2)
	// Output: [error_rate log_loss] true
}

// A regression that minds outliers less than with MeanSquared, its default.
func ExampleWithLoss() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel(),
		fastnb.WithLoss(fastnb.Absolute)))
	ok(learn.FitOneCycle(fastnb.LR(0.1), 20))
	losses := learn.Recorder.ValidLosses()
	fmt.Println("the mean error is below a tenth:", losses[len(losses)-1] < 0.1)
	// Output: the mean error is below a tenth: true
}

func ExampleLearner_Predict() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 3))
	preds := must(learn.Predict(fastnb.Valid))
	fmt.Println(len(preds.Probs), "items,", len(preds.Probs[0]), "probabilities each,", len(preds.Labels), "labels")

	preds = must(learn.Predict(fastnb.Test)) // what is to be predicted has no labels
	fmt.Println(len(preds.Predicted()), "classes,", len(preds.Labels), "labels")
	// Output:
	// 50 items, 3 probabilities each, 50 labels
	// 50 classes, 0 labels
}

func ExampleLearner_Validate() {
	learn, cleanUp := points()
	defer cleanUp()
	before, _, err := learn.Validate()
	ok(err)
	ok(learn.Fit(fastnb.LR(0.05), 3))
	after, metrics, err := learn.Validate()
	ok(err)
	fmt.Println(after < before, learn.Recorder.Metrics, metrics[0] == learn.Recorder.Metric("accuracy")[2])
	// Output: true [accuracy] true
}

// A learner that was opened anew goes on where the saved one was.
func ExampleLearner_Load() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	ok(learn.Save("head"))

	again := must(fastnb.New(learn.Backend(), learn.Data(), synth.Net(3)))
	ok(again.Load("head"))
	fmt.Println(again.FrozenTo(), "layer groups are frozen")
	fmt.Println(errors.Is(again.Load("tail"), fastnb.ErrNoCheckpoint))
	// Output:
	// 2 layer groups are frozen
	// true
}

// A checkpoint of another folder.
// What a callback does that keeps the best weights: it asks before the first batch whether it will be able to.
func ExampleLearner_LoadWeights() {
	learn, cleanUp := points()
	defer cleanUp()
	fmt.Println(learn.CanSave("a/b") == nil, learn.CanSave("best") == nil)

	ok(learn.Save("best"))
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.LoadWeights("best"))
	fmt.Println(len(learn.Recorder.Epochs), "epoch in the history")
	// Output:
	// false true
	// 1 epoch in the history
}

func ExampleLearner_LoadFile() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Save("first"))

	other, cleanUp := points()
	defer cleanUp()
	ok(other.LoadFile(filepath.Join(learn.Data().Dir(), "models", "first.safetensors")))
	fmt.Println(len(other.Recorder.Loss), "batches recorded")
	// Output: 12 batches recorded
}

func ExampleLearner_Freeze() {
	learn, cleanUp := points()
	defer cleanUp()
	groups := len(learn.Model().Groups)
	learn.Freeze()
	fmt.Println(learn.FrozenTo(), "of", groups, "layer groups are frozen")
	learn.Unfreeze()
	fmt.Println(learn.FrozenTo(), "of", groups)
	// Output:
	// 2 of 3 layer groups are frozen
	// 0 of 3
}

// The activations of the frozen body are computed once; a fit trains on them until Unfreeze.
func ExampleLearner_Precomputed() {
	learn, cleanUp := points()
	defer cleanUp()
	fmt.Println(learn.Precompute(true))
	learn.Freeze()
	ok(learn.Precompute(true))
	fmt.Println(learn.Precomputed())
	learn.Unfreeze()
	fmt.Println(learn.Precomputed())
	// Output:
	// fastnb: Precompute: the body is not frozen; call Freeze first
	// true
	// false
}

// With BNFreeze the running statistics of every batch norm stay as they are.
func ExampleLearner_BNFreeze() {
	learn, cleanUp := points()
	defer cleanUp()
	mean := func() string { return fmt.Sprint(learn.Store().GetVariable("/bn1/running_mean").MustValue()) }
	ok(learn.Open())
	start := mean()
	learn.BNFreeze(true)
	ok(learn.Fit(fastnb.LR(0.05), 1))
	fmt.Println(mean() == start)
	learn.BNFreeze(false)
	ok(learn.Fit(fastnb.LR(0.05), 1))
	fmt.Println(mean() == start)
	// Output:
	// true
	// false
}

// Which batch norms train: fast.ai 0.7's way is the default, fastai v2's is TrainBN.
func ExampleBN() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3), fastnb.KeepBN))
	fmt.Println(learn.BN())
	ok(learn.SetBN(fastnb.TrainBN))
	fmt.Println(learn.BN())
	// Output:
	// keep
	// train
}

// The variables by path, as PyTorch names them.
func ExampleLearner_Store() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Open()) // before a learner is used its store is empty
	weight := learn.Store().GetVariable("/dense1/weight")
	fmt.Println(weight.Shape())
	// Output: (Float32)[4, 32]
}

// Three ways of reading a learning rate off a sweep.
func ExampleSweep() {
	learn, cleanUp := points()
	defer cleanUp()
	sweep := must(learn.LRFind(fastnb.StartLR(1e-4), fastnb.EndLR(10), fastnb.Iterations(80)))
	valley, steep, tenth := must(sweep.Valley()), must(sweep.Steep()), must(sweep.Minimum())
	for _, lr := range []float64{valley, steep, tenth} {
		fmt.Println(lr > 1e-4 && lr < 10)
	}
	// Output:
	// true
	// true
	// true
}

// A sweep of differential learning rates keeps their ratios, and shows the last group's.
func ExampleLearner_LRFind_groups() {
	learn, cleanUp := points()
	defer cleanUp()
	sweep := must(learn.LRFind(fastnb.LRSlice(1e-4, 1e-2), fastnb.Iterations(20)))
	fmt.Printf("%d rates from %.0e\n", len(sweep.LR), sweep.LR[0])

	_, err := must(learn.LRFind(fastnb.Iterations(3))).Valley()
	fmt.Println(errors.Is(err, fastnb.ErrShortSweep))
	// Output:
	// 20 rates from 1e-05
	// true
}

// What becomes of the views of test-time augmentation is a choice: here the clean one counts half.
func ExampleCleanWeight() {
	learn, cleanUp := points()
	defer cleanUp()
	preds := must(learn.TTA(fastnb.Valid, fastnb.Augmented(2), fastnb.CleanWeight(0.5)))
	fmt.Println(len(preds.Views), "views, the first is clean")
	// Output: 3 views, the first is clean
}
