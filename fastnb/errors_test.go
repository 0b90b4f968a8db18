package fastnb_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/internal/verb"
)

// train is a verb of another package, whose fit calls a verb in a callback.
func train(l *fastnb.Learner) (err error) {
	defer verb.Name(&err, "pictures: Train")
	load := beforeEpoch(func(l *fastnb.Learner) error { return l.Load("nothing") })
	err = l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(load))
	return fmt.Errorf("the head: %w", err)
}

// An error that went through several verbs names the one that was called, and is still what it was.
func TestErrorsNameTheVerbThatWasCalled(t *testing.T) {
	l, other := clouds(t), synth.Clouds(t.TempDir(), 200, 16, 2)
	models := filepath.Join(l.Data().Dir(), "models")
	for want, err := range map[string]error{
		"fastnb: Load: \"nothing\" in " + models + ": ":                l.Load("nothing"),
		"pictures: Train: the head: \"nothing\" in " + models + ": ":   train(l),
		"fastnb: PredictOn: the new data has 2 classes, the model was": second(l.PredictOn(other, fastnb.Valid)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Count(err.Error(), "fastnb: ") > 1 {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
	if err := train(l); !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("%v is no ErrNoCheckpoint", err)
	}
}
