package callback_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// learner returns a learner of three clouds of points.
func learner(t *testing.T, dir string, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	return learnerOf(t, synth.Clouds(dir, 200, 16, 3), opts...)
}

func learnerOf(t *testing.T, data fastnb.Data, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	be, err := engine.Open()
	check(t, err)
	l, err := fastnb.New(be, data, synth.Net(3), opts...)
	check(t, err)
	return l
}

func TestCallbacks(t *testing.T) {
	dir := t.TempDir()
	l := learner(t, dir)
	log := filepath.Join(dir, "log.csv")
	best := &callback.SaveBest{Name: "best", Monitor: "accuracy"}
	check(t, l.Fit(fastnb.LR(0.05), 6, fastnb.Callbacks(best, &callback.EarlyStopping{Patience: 2}, callback.CSVLog(log))))
	top := 0.0
	for _, a := range l.Recorder.Metric("accuracy") {
		top = max(top, a)
	}
	_, scores, err := l.Validate()
	check(t, err)
	if scores[0] != top {
		t.Errorf("accuracy after SaveBest is %g, the best was %g", scores[0], top)
	}
	text, err := os.ReadFile(log)
	check(t, err)
	if lines := strings.Count(string(text), "\n"); lines != 1+len(l.Recorder.Epochs) {
		t.Errorf("%d lines in the log, %d epochs:\n%s", lines, len(l.Recorder.Epochs), text)
	}
	err = l.Fit(fastnb.LR(0.05), 1, fastnb.Callbacks(&callback.SaveBest{Name: "x", Monitor: "f1"}))
	if err == nil || !strings.Contains(err.Error(), `no metric "f1" to watch (have [accuracy])`) || len(l.Recorder.Epochs) > 0 {
		t.Errorf("%v, after %d epochs", err, len(l.Recorder.Epochs))
	}
	d := synth.Clouds(t.TempDir(), 100, 16, 3)
	d.X[fastnb.Valid], d.Class[fastnb.Valid] = nil, nil
	err = learnerOf(t, d).Fit(fastnb.LR(0.05), 1, fastnb.Callbacks(&callback.EarlyStopping{Monitor: "accuracy"}))
	if !errors.Is(err, fastnb.ErrNoSplit) || !strings.Contains(err.Error(), `"accuracy" to watch without a valid split`) {
		t.Error(err)
	}
}

func TestEarlyStopping(t *testing.T) {
	l := learner(t, t.TempDir())
	check(t, l.Fit(fastnb.LR(0), 10, fastnb.Callbacks(&callback.EarlyStopping{Patience: 2, Monitor: "accuracy"})))
	if n := len(l.Recorder.Epochs); n > 6 {
		t.Errorf("%d epochs without progress", n)
	}
}

// constant is a metric that is always v.
func constant(name string, v float64) metric.Metric {
	return metric.Metric{Name: name, Score: func([]float32, int, []int) float64 { return v }}
}

// sequence is a metric that gives one value after the other.
func sequence(lower bool, vs ...float64) metric.Metric {
	n := -1
	return metric.Metric{Name: "own", Lower: lower, Score: func([]float32, int, []int) float64 { n++; return vs[n%len(vs)] }}
}

// NaN is never the best, and what was learned is not lost where there is nothing else.
func TestSaveBestOfNaN(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		lower bool
		vs    []float64
		want  int // epochs of the best one
	}{
		{false, []float64{nan, .3, nan, .5, .4, nan}, 4}, {true, []float64{nan, nan, .5, nan, .4, nan}, 5},
		{false, []float64{nan, nan, nan}, 3}, {false, []float64{nan, -inf, nan}, 2}, {true, []float64{nan, inf, 7}, 3}, {false, []float64{1, nan}, 1},
	} {
		l := learner(t, t.TempDir(), fastnb.WithMetrics(sequence(tt.lower, tt.vs...)))
		check(t, l.Fit(fastnb.LR(.05), len(tt.vs), fastnb.Callbacks(&callback.SaveBest{Name: "best", Monitor: "own"})))
		check(t, l.Load("best"))
		if n := len(l.Recorder.Epochs); n != tt.want {
			t.Errorf("of %v the best is after %d epochs, want %d", tt.vs, n, tt.want)
		}
	}
	l := learner(t, t.TempDir(), fastnb.WithMetrics(sequence(false, nan, .3, nan, .4, nan, nan, .5)))
	check(t, l.Fit(fastnb.LR(.05), 7, fastnb.Callbacks(&callback.EarlyStopping{Patience: 2, Monitor: "own"})))
	if n := len(l.Recorder.Epochs); n != 6 {
		t.Errorf("stops after %d epochs, want 6: two that are no number after the best", n)
	}
}

// The log is one line an epoch whatever it holds, and no number fills the page.
func TestLogOfOddNumbersAndNames(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log.csv")
	l := learner(t, t.TempDir(), fastnb.WithMetrics(constant("a\nb", math.NaN()), constant("caf\xe9", 1e308), constant("c", 3e-9), constant("<d>", .25)))
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(callback.CSVLog(log))))
	text, err := os.ReadFile(log)
	check(t, err)
	lines := strings.Split(string(text), "\n")
	if lines[0] != `epoch,train_loss,valid_loss,a\nb,caf\xe9,c,<d>,time` || !strings.Contains(lines[1], ",NaN,1e+308,3e-09,0.250000,") || len(lines) != 3 {
		t.Errorf("the log is\n%s", text)
	}
}
