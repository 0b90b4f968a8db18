package fastnb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// Other data of the same classes: the weights stay, everything but the head is frozen, Precompute is off.
func TestSetData(t *testing.T) {
	l := clouds(t)
	l.Freeze()
	check(t, l.Precompute(true))
	check(t, l.Fit(fastnb.LR(0.05), 1))
	before := weights(t, l)
	check(t, l.SetData(synth.Clouds(t.TempDir(), 120, 10, 3)))
	if d := changed(before, weights(t, l)); len(d) > 0 {
		t.Errorf("SetData changed %v", d)
	}
	if l.FrozenTo() != 2 || l.Precomputed() {
		t.Errorf("frozen to %d, precompute %v", l.FrozenTo(), l.Precomputed())
	}
	check(t, l.Fit(fastnb.LR(0.05), 1))
	if n := len(l.Recorder.LR); n != 12 {
		t.Errorf("%d batches of the new data, want 12", n)
	}
	for path := range changed(before, weights(t, l)) {
		if !strings.HasPrefix(path, "/head/") && !strings.HasPrefix(path, "/optim/") {
			t.Errorf("%s is frozen and changed", path)
		}
	}
}

func TestSetDataThatDoesNotFit(t *testing.T) {
	l := clouds(t)
	err := l.SetData(synth.Clouds(t.TempDir(), 200, 16, 4))
	if err == nil || !strings.Contains(err.Error(), "the new data has 4 classes, the model was made for 3") {
		t.Error(err)
	}
	if err := l.SetData(synth.Clouds(t.TempDir(), 0, 16, 3)); !errors.Is(err, fastnb.ErrNoSplit) {
		t.Error(err)
	}
	if err := l.SetData(nil); err == nil || !strings.Contains(err.Error(), "the data is nil") {
		t.Error(err)
	}
	check(t, l.Fit(fastnb.LR(0.05), 1))
}
