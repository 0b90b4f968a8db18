//go:build unix

package fastnb_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/kill"
)

const (
	fitIn   = "FASTNB_TEST_FIT_IN"   // the folder in which a process fits until it is done or killed
	fitKind = "FASTNB_TEST_FIT_KIND" // of resumedFits
	kills   = "FASTNB_KILLS"         // how many processes of each kind are killed, 3 by default
)

// TestFitsUntilKilled is what TestKilledFits runs.
func TestFitsUntilKilled(t *testing.T) {
	dir := os.Getenv(fitIn)
	if dir == "" {
		t.Skip("only as a process of TestKilledFits")
	}
	f := resumedFits()[os.Getenv(fitKind)]
	l := f.learner(t, dir)
	check(t, f.fit(l, dir, fastnb.Resume(true), fastnb.SaveEvery(time.Millisecond), fastnb.Callbacks(slow{})))
	check(t, l.Save("final"))
}

// slow makes a fit last long enough to be killed in it.
type slow struct{}

func (slow) EndBatches(*fastnb.Learner) error {
	time.Sleep(5 * time.Millisecond)
	return nil
}

// A fit whose processes are killed at random moments, one after the other, ends as one that nobody disturbed.
// FASTNB_KILLS=100 is the long form.
func TestKilledFits(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	n, err := strconv.Atoi(os.Getenv(kills))
	if err != nil {
		n = 3
	}
	for name, f := range resumedFits() {
		t.Run(name, func(t *testing.T) {
			whole := t.TempDir()
			want := f.learner(t, whole)
			check(t, f.fit(want, whole, fastnb.Callbacks(slow{})))
			check(t, want.Save("final"))
			for seed, killed := uint64(1), 0; killed < n; seed++ {
				dir, random := t.TempDir(), rand.New(rand.NewPCG(seed, 0))
				for done := false; !done; {
					if done = runsFor(t, dir, name, time.Duration(random.Int64N(int64(time.Second)))); !done {
						killed++
					}
				}
				got := f.learner(t, dir)
				check(t, got.Load("final"))
				sameTraining(t, "seed "+strconv.Itoa(int(seed)), want, got)
				sameFiles(t, whole, dir)
			}
		})
	}
}

// runsFor has a process fit, kills it so long after it began to write, and tells whether it came to its end before.
func runsFor(t *testing.T, dir, kind string, after time.Duration) bool {
	t.Helper()
	p := exec.Command(os.Args[0], "-test.run", "^TestFitsUntilKilled$")
	p.Env = append(os.Environ(), fitIn+"="+dir, fitKind+"="+kind, "FASTNB_ENGINE=own")
	killed, err := kill.Run(p, filepath.Join(dir, "models", "unfinished-*.safetensors"), after)
	check(t, err)
	return !killed
}
