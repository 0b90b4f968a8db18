package callback_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// The epoch table as a file, of every fit of the learner.
func ExampleCSVLog() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	log := filepath.Join(dir, "log.csv")
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3),
		fastnb.WithCallbacks(callback.CSVLog(log))))
	ok(learn.Fit(fastnb.LR(0.05), 2))
	lines := strings.Split(strings.TrimSpace(string(must(os.ReadFile(log)))), "\n")
	fmt.Println(lines[0])
	fmt.Println(len(lines)-1, "epochs")
	// Output:
	// epoch,train_loss,valid_loss,accuracy,time
	// 2 epochs
}

// A rate of 0 makes nothing better: the fit ends after the first epoch and two of patience.
func ExampleEarlyStopping() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel()))
	ok(learn.Fit(fastnb.LR(0), 20, fastnb.Callbacks(&callback.EarlyStopping{Patience: 2})))
	fmt.Println(len(learn.Recorder.Epochs), "epochs")
	// Output: 3 epochs
}

// The weights of the best epoch are in the learner after the fit.
func ExampleSaveBest() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Line(dir, 200, 20), synth.LineModel()))
	ok(learn.Fit(fastnb.LR(0.05), 4, fastnb.Callbacks(
		&callback.SaveBest{Name: "best"},
		&callback.EarlyStopping{Patience: 2},
	)))
	loss, _, err := learn.Validate()
	ok(err)
	best := loss
	for _, v := range learn.Recorder.ValidLosses() {
		best = min(best, v)
	}
	fmt.Println(loss == best)
	// Output: true
}

// What SaveBest and EarlyStopping watch is the validation loss, or a metric of the epoch table.
func ExampleMonitor() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3),
		fastnb.WithMetrics(metric.Accuracy, metric.FBeta(1))))
	ok(learn.Fit(fastnb.LR(0.05), 3, fastnb.Callbacks(&callback.SaveBest{Name: "best", Monitor: "f1"})))
	fmt.Println(learn.Recorder.Metrics)
	fmt.Println(learn.Fit(fastnb.LR(0.05), 1, fastnb.Callbacks(&callback.SaveBest{Name: "best", Monitor: "f2"})))
	// Output:
	// [accuracy f1]
	// fastnb: Fit: no metric "f2" to watch (have [accuracy f1])
}

func must[T any](v T, err error) T {
	ok(err)
	return v
}

func ok(err error) {
	if err != nil {
		panic(err)
	}
}
