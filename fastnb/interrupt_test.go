package fastnb_test

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// stopping is data that stops a fit at the second batch of an unshuffled pass over a split.
type stopping struct {
	*synth.Data
	at   fastnb.Split
	stop func()
}

func (d stopping) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	return func(yield func(fastnb.Batch, error) bool) {
		n := 0
		for b, err := range d.Data.Batches(v) {
			if n++; n == 2 && v.Split == d.at && !v.Shuffle {
				d.stop()
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// A fit is also stopped while it validates, and while it precomputes; what is half done is not kept.
func TestInterruptOutsideOfTraining(t *testing.T) {
	for name, tt := range map[string]struct {
		at         fastnb.Split
		precompute bool
		want       string
	}{
		"validation": {fastnb.Valid, false, "in epoch 0 after 12 of 12 batches"},
		"precompute": {fastnb.Train, true, "in epoch 0 after 0 of 12 batches"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			dir := t.TempDir()
			l := newLearner(t, backend(t), stopping{synth.Clouds(dir, 200, 16, 3), tt.at, stop})
			l.Freeze()
			check(t, l.Precompute(tt.precompute))
			err := l.Fit(fastnb.LR(0.05), 5, fastnb.Until(ctx))
			if !errors.Is(err, fastnb.ErrInterrupted) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v (want %s)", err, tt.want)
			}
			if n := len(l.Recorder.Epochs); n != 0 {
				t.Errorf("%d epochs are recorded", n)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "tmp", "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
