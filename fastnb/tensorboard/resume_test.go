package tensorboard

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

var errKilled = errors.New("killed")

// killer ends a fit after so many batches.
type killer struct{ left int }

func (k *killer) EndBatch(*fastnb.Learner) error {
	if k.left--; k.left < 0 {
		return errKilled
	}
	return nil
}

// A fit that was killed and goes on leaves the events of one that was not, byte for byte, also of the fit before it.
func TestResumeGoesOnWithTheFile(t *testing.T) {
	write := func(kills ...int) string {
		data, runs := t.TempDir(), t.TempDir()
		now := time.Unix(1_700_000_000, 0)
		for _, n := range append(kills, 1000) {
			log := &Log{Dir: runs, now: func() time.Time { return now }}
			be, err := engine.Open()
			check(t, err)
			l, err := fastnb.New(be, synth.Clouds(data, 64, 16, 3), synth.Net(3))
			check(t, err)
			err = l.FineTune(2, .05, fastnb.SaveEvery(1), fastnb.Resume(true), fastnb.Callbacks(&killer{n}, log))
			if err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
		}
		files, err := filepath.Glob(filepath.Join(runs, "*"))
		check(t, err)
		if len(files) != 1 {
			t.Fatalf("there are %v", files)
		}
		text, err := os.ReadFile(files[0])
		check(t, err)
		return string(text)
	}
	whole := write()
	for _, kills := range [][]int{{2}, {6}, {9, 1}} {
		if got := write(kills...); got != whole {
			t.Errorf("killed after %v batches: %d bytes that are not those of a whole fit, %d", kills, len(got), len(whole))
		}
	}
}
