package fastnb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// What a fit changes of the batch norms of a body (bn1) and of a head, by BN and by how much is frozen.
func TestBN(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for _, c := range []struct {
		bn                    fastnb.BN
		frozenTo              int
		bodyStats, bodyScales bool
		headStats             bool
	}{
		{fastnb.BatchBN, 0, true, true, true},
		{fastnb.BatchBN, -1, false, false, true},
		{fastnb.KeepBN, 0, false, true, false},
		{fastnb.KeepBN, -1, false, false, true},
		{fastnb.TrainBN, 0, true, true, true},
		{fastnb.TrainBN, -1, true, true, true},
	} {
		l := clouds(t)
		check(t, l.SetBN(c.bn))
		l.FreezeTo(c.frozenTo)
		before := start(t, l)
		check(t, l.Fit(fastnb.LR(.01), 1))
		after := weights(t, l)
		for path, was := range before {
			moved, want, of := !slices.Equal(was, after[path]), true, path[strings.LastIndex(path, "/")+1:]
			norm, body := strings.Contains(path, "bn"), !strings.HasPrefix(path, "/head")
			switch {
			case !norm:
				want = !body || c.frozenTo == 0
			case strings.HasPrefix(of, "running") && body:
				want = c.bodyStats
			case strings.HasPrefix(of, "running"):
				want = c.headStats
			case body:
				want = c.bodyScales
			}
			if moved != want {
				t.Errorf("%v, frozen to %d: %s has moved: %v, want %v", c.bn, c.frozenTo, path, moved, want)
			}
		}
	}
}

// The choice is saved and loaded; what is no choice is refused.
func TestBNIsKept(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	if l.BN() != fastnb.BatchBN {
		t.Errorf("a new learner has %v", l.BN())
	}
	check(t, l.SetBN(fastnb.TrainBN))
	check(t, l.Save("trained"))
	loaded := cloudsIn(t, dir)
	check(t, loaded.Load("trained"))
	if loaded.BN() != fastnb.TrainBN {
		t.Errorf("loaded %v, saved TrainBN", loaded.BN())
	}
	if err := l.SetBN(7); err == nil || l.BN() != fastnb.TrainBN {
		t.Errorf("SetBN(7): %v, and it is %v", err, l.BN())
	}
	if _, err := fastnb.New(backend(t), synth.Clouds(dir, 200, 16, 3), synth.Net(3), fastnb.BN(7)); err == nil {
		t.Error("New with BN(7) is no error")
	}
}

func ExampleLearner_SetBN() {
	learn, cleanUp := points()
	defer cleanUp()
	learn.Freeze()
	ok(learn.SetBN(fastnb.TrainBN)) // as fastai v2: the norms of the frozen body learn, too
	ok(learn.Fit(fastnb.LR(0.1), 1))
	fmt.Println(learn.Recorder.Fit)
	// Output: Fit 1 epoch, lr 0.1, frozen to -1, all batch norms trained
}
