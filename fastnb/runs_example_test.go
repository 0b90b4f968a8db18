package fastnb_test

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/plots"
)

// A checkpoint remembers what its last fit was asked for.
func ExampleFitInfo() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	ok(learn.FitOneCycle(fastnb.LR(0.05), 2))
	info := learn.Recorder.Fit
	fmt.Println(info.Verb, info.Epochs, "epochs of", info.Batches, "batches with", info.Optimizer)
	fmt.Println(info.FrozenTo, "of", info.Groups, "layer groups frozen;", info.Train, "items")
	// Output:
	// FitOneCycle 2 epochs of 12 batches with SGD
	// 2 of 3 layer groups frozen; 200 items
}

// A run that was made elsewhere, beside our own.
func ExampleRunCurve() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Save("ours"))
	theirs := fastnb.RunCurve{Name: "theirs", Train: []float64{1.1, .9, .8}, Valid: []float64{.7}, EpochLen: 3}
	curves := append(must(learn.Runs()).Curves(), theirs)
	_, err := plots.Runs(curves)
	fmt.Println(len(curves), "curves,", err)
	// Output: 2 curves, <nil>
}

// The table of past runs, for a page.
func ExampleRuns_HTML() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Save("first"))
	runs := must(learn.Runs())
	fmt.Println(strings.Count(runs.HTML(), "<tr"), "rows; took some time:", runs[0].Time() > 0)
	run := must(fastnb.ReadRun(filepath.Join(learn.Data().Dir(), "models", "first.safetensors")))
	fmt.Println(run.Name, run.Fit())
	// Output:
	// 2 rows; took some time: true
	// first Fit 1 epoch, lr 0.05
}

// What several learning rates come to.
func ExampleLRs() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Save("start"))
	for _, rates := range []fastnb.LRs{fastnb.LR(1e-4), fastnb.LR(0.05), fastnb.LRSlice(0.005, 0.05)} {
		ok(learn.Load("start"))
		ok(learn.Fit(rates, 2))
		fmt.Println(learn.Recorder.ValidLosses()[1] < 0.8)
	}
	// Output:
	// false
	// true
	// true
}
