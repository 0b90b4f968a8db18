package fastnb_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nn"
)

func TestSaveAndLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	dir := t.TempDir()
	l := cloudsIn(t, dir, fastnb.Seed(7))
	l.FreezeTo(1)
	check(t, l.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1)))
	check(t, l.Save("one"))
	again := cloudsIn(t, dir)
	check(t, again.Load("one"))
	if d := changed(weights(t, l), weights(t, again)); len(d) > 0 {
		t.Errorf("other weights: %v", d)
	}
	if again.FrozenTo() != 1 || len(again.Recorder.Loss) != 24 || len(again.Recorder.Epochs) != 2 {
		t.Errorf("frozen to %d, %d batches and %d epochs recorded", again.FrozenTo(), len(again.Recorder.Loss), len(again.Recorder.Epochs))
	}
	for _, l := range []*fastnb.Learner{l, again} {
		check(t, l.Fit(fastnb.LR(0.05), 1, fastnb.Clip(0.1)))
	}
	if d := changed(weights(t, l), weights(t, again)); len(d) > 0 {
		t.Errorf("the next fit differs: %v", d)
	}
}

func TestLoadIntoAUsedLearner(t *testing.T) {
	l := clouds(t)
	check(t, l.Save("start"))
	before := weights(t, l)
	check(t, l.Fit(fastnb.LR(0.05), 1))
	check(t, l.Load("start"))
	after := weights(t, l)
	for path := range changed(before, after) {
		if !strings.HasPrefix(path, "/optim/") {
			t.Errorf("%s is not as it was saved", path)
		}
	}
}

func TestCheckpointIsWholeOrAbsent(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	check(t, l.Save("a"))
	first := weights(t, l)
	check(t, l.Fit(fastnb.LR(0.05), 1))
	check(t, l.Save("a"))
	path := filepath.Join(dir, "models", "a.safetensors")
	whole, err := os.ReadFile(path)
	check(t, err)
	for name, damage := range map[string]func([]byte) []byte{
		"truncated":      func(b []byte) []byte { return b[:len(b)/2] },
		"empty":          func(b []byte) []byte { return nil },
		"a flipped bit":  func(b []byte) []byte { b[len(b)-5] ^= 1; return b },
		"other contents": func(b []byte) []byte { return []byte("hello, this is not a checkpoint") },
	} {
		check(t, os.WriteFile(path, damage(append([]byte(nil), whole...)), 0o644))
		before := weights(t, l)
		err := l.Load("a")
		if !errors.Is(err, fastnb.ErrBadCheckpoint) || !strings.Contains(err.Error(), `"a.prev"`) {
			t.Errorf("%s: %v", name, err)
		}
		if d := changed(before, weights(t, l)); len(d) > 0 {
			t.Errorf("%s: Load changed %v", name, d)
		}
	}
	check(t, l.Load("a.prev"))
	if d := changed(first, weights(t, l)); d["/head/out/weight"] {
		t.Error("a.prev is not the checkpoint before")
	}
	left, err := filepath.Glob(filepath.Join(dir, "models", ".*"))
	check(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLoadOfAnotherModel(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	dir := t.TempDir()
	check(t, cloudsIn(t, dir).Save("three"))
	other := synth.Net(3)
	other.Name = "other"
	l, err := fastnb.New(backend(t), synth.Clouds(dir, 200, 16, 3), other)
	check(t, err)
	if err := l.Load("three"); !errors.Is(err, fastnb.ErrBadCheckpoint) || !strings.Contains(err.Error(), "it is of model net, this learner's is other") {
		t.Error(err)
	}
	wide := synth.Net(3)
	wide.Head = func(s *model.Scope, x *graph.Node) *graph.Node {
		return nn.Dense(s.In("head").In("out"), graph.Concatenate([]*graph.Node{x, x}, -1), 3)
	}
	l, err = fastnb.New(backend(t), synth.Clouds(dir, 200, 16, 3), wide)
	check(t, err)
	if err := l.Load("three"); !errors.Is(err, fastnb.ErrBadCheckpoint) || !strings.Contains(err.Error(), "/head/out/weight") {
		t.Error(err)
	}
	check(t, l.Fit(fastnb.LR(0.1), 1))
}

// A model whose scores are not one for each class would train on, and count the rows of the other classes as nothing.
func TestModelOfAnotherNumberOfClasses(t *testing.T) {
	l, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 200, 16, 3), synth.Net(2))
	check(t, err)
	if err := l.Fit(fastnb.LR(0.1), 1); err == nil || !strings.Contains(err.Error(), "model net gives [16 2] for a batch of 16 items (want [16 3]") {
		t.Errorf("2 scores for 3 classes: %v", err)
	}
}

func TestCycleSave(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	check(t, l.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1), fastnb.CycleMult(2), fastnb.CycleSave("snap")))
	after := weights(t, l)
	check(t, l.Load("snap_cyc_1"))
	if d := changed(after, weights(t, l)); len(d) > 0 {
		t.Errorf("the last cycle's snapshot is not the end of the fit: %v", d)
	}
	check(t, l.Load("snap_cyc_0"))
	if n := len(l.Recorder.Epochs); n != 1 {
		t.Errorf("the first snapshot has %d epochs", n)
	}
}
