package fastnb_test

import (
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// plain is data without augmentation.
type plain struct{ *synth.Data }

func (d plain) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	v.Augment = false
	return d.Data.Batches(v)
}

func TestPrecomputeEqualsTheFrozenBody(t *testing.T) {
	fit := func(precompute bool) map[string][]float32 {
		l := newLearner(t, backend(t), plain{synth.Clouds(t.TempDir(), 200, 16, 3)})
		l.Freeze()
		check(t, l.Precompute(precompute))
		check(t, l.Fit(fastnb.LR(0.05), 3, fastnb.CycleLen(1)))
		return weights(t, l)
	}
	body, cached := fit(false), fit(true)
	for path, ws := range body {
		for i, w := range ws {
			if math.Abs(float64(w-cached[path][i])) > 1e-4 {
				t.Fatalf("%s[%d] is %g through the body, %g on cached activations", path, i, w, cached[path][i])
			}
		}
	}
}

func TestPrecomputeCacheOnDisk(t *testing.T) {
	dir := t.TempDir()
	open := func() *fastnb.Learner {
		l := cloudsIn(t, dir)
		l.Freeze()
		check(t, l.Precompute(true))
		return l
	}
	files := func() map[string]time.Time {
		paths, err := filepath.Glob(filepath.Join(dir, "tmp", "activations-*"))
		check(t, err)
		m := map[string]time.Time{}
		for _, p := range paths {
			info, err := os.Stat(p)
			check(t, err)
			m[p] = info.ModTime()
		}
		return m
	}
	check(t, open().Fit(fastnb.LR(0.05), 1))
	cached := files()
	if len(cached) != 2 {
		t.Fatalf("%d caches, want one each for train and valid", len(cached))
	}
	check(t, open().Fit(fastnb.LR(0.05), 1))
	for p, m := range files() {
		if cached[p] != m {
			t.Errorf("%s was computed again", p)
		}
	}
	l := open()
	l.Unfreeze()
	check(t, l.Fit(fastnb.LR(0.05), 1))
	l.Freeze()
	check(t, l.Precompute(true))
	check(t, l.Fit(fastnb.LR(0.05), 1))
	if n := len(files()); n != 4 {
		t.Errorf("%d caches after the body changed, want 4", n)
	}
}

func TestDamagedCacheIsComputedAgain(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	l.Freeze()
	check(t, l.Precompute(true))
	want, err := l.Predict(fastnb.Valid)
	check(t, err)
	paths, err := filepath.Glob(filepath.Join(dir, "tmp", "activations-valid-*"))
	check(t, err)
	whole, err := os.ReadFile(paths[0])
	check(t, err)
	flipped := slices.Clone(whole)
	flipped[len(flipped)-1] ^= 1 << 6 // an exponent
	for name, damaged := range map[string][]byte{"cut": whole[:1000], "a flipped bit": flipped} {
		check(t, os.WriteFile(paths[0], damaged, 0o644))
		l = cloudsIn(t, dir)
		l.Freeze()
		check(t, l.Precompute(true))
		got, err := l.Predict(fastnb.Valid)
		check(t, err)
		if got.Loss != want.Loss {
			t.Errorf("%s: loss %g, before %g", name, got.Loss, want.Loss)
		}
	}
}

func TestPrecomputeTakesOneRate(t *testing.T) {
	l := clouds(t)
	l.Freeze()
	check(t, l.Precompute(true))
	err := l.Fit(fastnb.LR(0.1, 0.1, 0.1), 1)
	if err == nil || !strings.Contains(err.Error(), "3 learning rates for 1 layer group (want 1): Precompute is on, so only the head trains") {
		t.Error(err)
	}
	l.Unfreeze()
	if l.Precomputed() {
		t.Error("Unfreeze left Precompute on")
	}
	check(t, l.Fit(fastnb.LR(0.1, 0.1, 0.1), 1))
}
