package fastnb_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/schedule"
	"github.com/fastnb/fastnb/plots"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// must is what nb.Must is in a notebook.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func ok(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// points returns a learner of a small net on three clouds of points, in a folder of its own.
func points() (l *fastnb.Learner, cleanUp func()) {
	dir := must(os.MkdirTemp("", "fastnb"))
	l = must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3)))
	return l, func() { os.RemoveAll(dir) }
}

// A custom model is any graph function with its layer groups.
func ExampleFromFunc() {
	two := fastnb.FromFunc("two-layers", func(s *model.Scope, x *graph.Node) *graph.Node {
		x = nn.ReLU(nn.Dense(s.In("first"), x, 16))
		return nn.Dense(s.In("second"), x, 3)
	}, fastnb.Group{"/first"}, fastnb.Group{"/second"})

	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), two))
	ok(learn.Fit(fastnb.LR(0.05, 0.1), 5))
	fmt.Println(must(learn.Predict(fastnb.Valid)).Accuracy() > 0.8)
	// Output: true
}

func ExampleLearner_Fit() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1), fastnb.CycleMult(2)))
	fmt.Println(len(learn.Recorder.Epochs), "epochs,", len(learn.Recorder.LR), "batches")
	// Output: 3 epochs, 36 batches
}

func ExampleLearner_FitOneCycle() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.FitOneCycle(fastnb.LRSlice(0.001, 0.1), 2))
	fmt.Printf("%.3f at first, %.3f at most\n", learn.Recorder.LR[0], learn.Recorder.LR[6])
	// Output: 0.004 at first, 0.100 at most
}

func ExampleLearner_FitSchedule() {
	learn, cleanUp := points()
	defer cleanUp()
	warmUp := schedule.Linear(0, 1)
	ok(learn.FitSchedule(fastnb.LR(0.1), 1, warmUp, schedule.Const(0.9)))
	fmt.Printf("%.3f %.3f %.3f\n", learn.Recorder.LR[0], learn.Recorder.LR[3], learn.Recorder.LR[6])
	// Output: 0.000 0.025 0.050
}

func ExampleLearner_FineTune() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.FineTune(2, 0.1))
	fmt.Println(learn.FrozenTo(), "layer groups are frozen after", len(learn.Recorder.Epochs), "epochs of everything")
	// Output: 0 layer groups are frozen after 2 epochs of everything
}

func ExampleLearner_LRFind() {
	learn, cleanUp := points()
	defer cleanUp()
	sweep := must(learn.LRFind())
	valley := must(sweep.Valley())
	fmt.Printf("from %g; the valley is between 1e-3 and 1: %t\n", sweep.LR[0], valley > 1e-3 && valley < 1)
	// Output: from 1e-05; the valley is between 1e-3 and 1: true
}

func ExampleLearner_FreezeTo() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.FreezeTo(-1)
	fmt.Println(learn.FrozenTo())
	learn.Unfreeze()
	fmt.Println(learn.FrozenTo())
	// Output:
	// 2
	// 0
}

func ExampleLearner_Precompute() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	ok(learn.Precompute(true))
	ok(learn.Fit(fastnb.LR(0.1), 2))
	files := must(filepath.Glob(filepath.Join(learn.Data().Dir(), "tmp", "*")))
	fmt.Println(len(files), "caches: train and valid")
	// Output: 2 caches: train and valid
}

// A checkpoint carries the learner from one cell of a notebook to the next.
func ExampleLearner_Save() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Save("first"))

	again := must(fastnb.New(learn.Backend(), learn.Data(), synth.Net(3)))
	ok(again.Load("first"))
	a, _, err := learn.Validate()
	ok(err)
	b, _, err := again.Validate()
	ok(err)
	fmt.Println(a == b, len(again.Recorder.Loss), "batches recorded")
	// Output: true 12 batches recorded
}

// The checkpoints are the notebook's past runs; nb.ShowTable shows them, and plots.Runs their losses.
func ExampleLearner_Runs() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.Save("head"))
	learn.Unfreeze()
	ok(learn.Fit(fastnb.LR(0.005, 0.01, 0.05), 2, fastnb.CycleLen(1), fastnb.CycleMult(2)))
	ok(learn.Save("all"))

	for _, run := range must(learn.Runs()) {
		last, _ := run.Last()
		fmt.Printf("%-4s  %s; %d batches\n", run.Name, run.Fit(), last.Batches)
	}
	// Output:
	// head  Fit 1 epoch, lr 0.05, frozen to -1; 12 batches
	// all   Fit 2 cycles of 1, 2 epochs, lr 0.005 to 0.05; 36 batches
}

// A table of past runs and their losses overlaid, as a notebook's cell shows them.
func ExampleRuns_Curves() {
	learn, cleanUp := points()
	defer cleanUp()
	for _, lr := range []float64{0.01, 0.1} {
		ok(learn.Fit(fastnb.LR(lr), 2))
		ok(learn.Save(fmt.Sprintf("lr-%g", lr)))
	}

	runs := nb.Must(learn.Runs()) // in a cell nb.ShowTable(learn.Runs()) and nb.Show(plots.Runs(runs.Curves())) show them
	p := nb.Must(plots.Runs(runs.Curves()))
	fmt.Println(len(runs.Rows()), "rows; losses over", p.X.Label.Text+"s")
	// Output: 2 rows; losses over epochs
}

// A folder's runs can be read without data or device.
func ExampleReadRuns() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 2))
	ok(learn.Save("first"))

	runs := must(fastnb.ReadRuns(learn.Data().Dir()))
	fmt.Println(runs.Header())
	fmt.Println(runs[0].Name, "learned from", runs[0].Data())
	for _, c := range runs.Curves() {
		fmt.Println(c.Name, len(c.Train), "batches,", len(c.Valid), "epochs")
	}
	// Output:
	// [run saved data fit epochs train_loss valid_loss accuracy time]
	// first learned from 200 + 50 items of 3 classes, batches of 16
	// first 24 batches, 2 epochs
}

func ExampleLearner_TTA() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 3))
	preds := must(learn.TTA(fastnb.Test))
	fmt.Println(len(preds.Views), "views of", len(preds.Probs), "items")
	// Output: 5 views of 50 items
}

func ExampleLearner_LoadPreds() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.SavePreds("start", must(learn.Predict(fastnb.Valid))))
	preds := must(learn.LoadPreds("start"))
	fmt.Println(len(preds.Probs), preds.Classes)
	// Output: 50 [class0 class1 class2]
}

func ExampleAverage() {
	frozen := &fastnb.Preds{Probs: [][]float32{{.9, .1}, {.6, .4}}, Labels: []int{0, 1}, Classes: []string{"cat", "dog"}}
	unfrozen := &fastnb.Preds{Probs: [][]float32{{.3, .7}, {.1, .9}}, Labels: []int{0, 1}, Classes: []string{"cat", "dog"}}
	both := must(fastnb.Average(frozen, unfrozen))
	fmt.Println(frozen.Accuracy(), unfrozen.Accuracy(), both.Accuracy())
	// Output: 0.5 0.5 1
}

func ExamplePreds_Confusion() {
	preds := &fastnb.Preds{
		Probs:   [][]float32{{.9, .1}, {.8, .2}, {.3, .7}, {.6, .4}},
		Labels:  []int{0, 0, 1, 1},
		Classes: []string{"cat", "dog"},
	}
	fmt.Println(preds.Confusion(), preds.Accuracy(), preds.Wrong(), preds.Uncertain()[0])
	// Output: [[2 0] [1 1]] 0.75 [3] 3
}

func ExamplePreds_Submission() {
	preds := &fastnb.Preds{
		Probs:   [][]float32{{.9, .1}, {.25, .75}},
		Classes: []string{"cat", "dog"},
		Names:   []string{"test1/1.jpg", "test1/2.jpg"},
	}
	s := preds.Submission(fastnb.ID("id"), fastnb.ClassIndex("label"), fastnb.ProbOf("dog", "dog"))
	fmt.Println(s.Header, s.Rows)
	// Output: [id label dog] [[1 0 0.1] [2 1 0.75]]
}

// A competition's sample submission says in which order the rows are to be.
func ExampleSubmission_Sort() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	sample := filepath.Join(dir, "sample.csv")
	ok(os.WriteFile(sample, []byte("id,label\n2,0\n10,0\n1,0\n"), 0o666))
	preds := &fastnb.Preds{Probs: [][]float32{{.9, .1}, {.2, .8}, {.3, .7}}, Classes: []string{"cats", "dogs"},
		Names: []string{"test/1.jpg", "test/2.jpg", "test/10.jpg"}}
	table := preds.Submission(fastnb.ID("id"), fastnb.ProbOf("label", "dogs"))
	ok(table.Sort(sample))
	fmt.Println(table.Rows, table.Check(sample))
	// Output: [[2 0.8] [10 0.7] [1 0.1]] <nil>
}
