package fastnb_test

import (
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/optim"
)

// still is data that augmentation does nothing to.
type still struct{ *synth.Data }

func (d still) Batches(v fastnb.View) iter.Seq2[fastnb.Batch, error] {
	v.Augment = false
	return d.Data.Batches(v)
}

// onDevice is still data that hands over its training items at once.
type onDevice struct{ still }

func (d onDevice) OnDevice() (fastnb.Batch, bool) {
	all := *d.Data
	all.Size = all.Len(fastnb.Train)
	for b := range all.Batches(fastnb.View{Split: fastnb.Train}) {
		return fastnb.Batch{Inputs: b.Inputs, Labels: b.Labels}, true
	}
	return fastnb.Batch{}, false
}

// The steps of data on the device are a loop on the device, also without dropout, and no other graph is compiled for them.
func TestOnDeviceIsALoop(t *testing.T) {
	line := synth.Line(t.TempDir(), 256, 16)
	clouds := synth.Clouds(t.TempDir(), 200, 16, 3)
	for name, test := range map[string]struct {
		data  fastnb.Data
		model fastnb.Model
	}{"dropout": {onDevice{still{clouds}}, synth.Net(3)}, "none": {onDevice{still{line}}, synth.LineModel()}} {
		t.Run(name, func(t *testing.T) {
			n := &notes{}
			l, err := fastnb.New(backend(t), test.data, test.model, fastnb.WithProgress(n))
			check(t, err)
			check(t, l.Fit(fastnb.LR(.01), 2))
			if said := strings.Join(*n, "\n"); strings.Count(said, "compiling the training loop") != 1 || n.compiled() > 0 {
				t.Errorf("it says\n%s", said)
			}
		})
	}
}

func learnerOf(t *testing.T, data fastnb.Data, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(backend(t), data, synth.Net(3), opts...)
	check(t, err)
	return l
}

// A loop of training steps on the device learns what single steps learn: the same rows, rates, dropout and batch norm.
func TestOnDeviceFitsAsBatchesDo(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for name, opts := range map[string][]fastnb.FitOption{
		"plain": nil, "clip and decay": {fastnb.Clip(.1), fastnb.WD(.1)}, "cycles": {fastnb.CycleLen(1), fastnb.CycleMult(2)},
	} {
		t.Run(name, func(t *testing.T) {
			data := still{synth.Clouds(t.TempDir(), 200, 16, 3)}
			one := learnerOf(t, data, fastnb.WithOptimizer(optim.Adam{}))
			many := learnerOf(t, onDevice{data}, fastnb.WithOptimizer(optim.Adam{}))
			for _, l := range []*fastnb.Learner{one, many} {
				check(t, l.Fit(fastnb.LR(.001, .003, .01), 2, opts...))
			}
			near(t, "losses", many.Recorder.RawLoss, one.Recorder.RawLoss, 1e-4)
			near(t, "rates", many.Recorder.LR, one.Recorder.LR, 0)
			want := weights(t, one)
			for path, ws := range weights(t, many) {
				for i, w := range ws {
					if math.Abs(float64(w-want[path][i])) > 1e-3*(1+math.Abs(float64(w))) {
						t.Fatalf("%s[%d] = %g in a loop, %g step by step", path, i, w, want[path][i])
					}
				}
			}
		})
	}
}

func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d %s, want %d", len(got), what, len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tol*(1+math.Abs(want[i]))) {
			t.Fatalf("%s[%d] = %g, want %g", what, i, got[i], want[i])
		}
	}
}

// Frozen groups stay as they are in a loop too.
func TestOnDeviceFrozen(t *testing.T) {
	l := learnerOf(t, onDevice{still{synth.Clouds(t.TempDir(), 200, 16, 3)}})
	check(t, l.Fit(fastnb.LR(.01), 1))
	before := weights(t, l)
	l.FreezeTo(2)
	check(t, l.Fit(fastnb.LR(.01), 2))
	for path := range changed(before, weights(t, l)) {
		if len(path) < 6 || path[:6] != "/head/" && path[:6] != "/optim" {
			t.Errorf("%s changed, its group is frozen", path)
		}
	}
}

// The same seed gives the same weights, however many steps a call does: a callback after each batch makes it one.
func TestOnDeviceIsDeterministic(t *testing.T) {
	run := func(opts ...fastnb.FitOption) map[string][]float32 {
		l := learnerOf(t, onDevice{still{synth.Clouds(t.TempDir(), 200, 16, 3)}})
		check(t, l.Fit(fastnb.LR(.01), 5, opts...))
		return weights(t, l)
	}
	want := run()
	if diff := changed(want, run()); len(diff) > 0 {
		t.Errorf("two runs differ in %v", diff)
	}
	n := 0
	got := run(fastnb.Callbacks(afterBatch(func() { n++ })))
	if diff := changed(want, got); len(diff) > 0 || n != 5*12 {
		t.Errorf("with %d calls after a batch (want 60) the weights differ in %v", n, diff)
	}
}

type afterBatch func()

func (f afterBatch) EndBatch(*fastnb.Learner) error { f(); return nil }

// A callback after the batches of each call sees all of them, in fewer calls than batches; after a BatchEnder's stop too.
func TestOnDeviceEndBatches(t *testing.T) {
	l := learnerOf(t, onDevice{still{synth.Clouds(t.TempDir(), 200, 16, 3)}})
	calls, seen := 0, 0
	count := afterBatches(func() { calls, seen = calls+1, len(l.Recorder.Loss) })
	check(t, l.Fit(fastnb.LR(.01), 5, fastnb.Callbacks(count)))
	if seen != 5*12 || calls >= seen {
		t.Errorf("%d calls, the last after %d batches; want fewer calls than 60, and all batches", calls, seen)
	}
	calls = 0
	check(t, l.Fit(fastnb.LR(.01), 5, fastnb.Callbacks(stopAfter(3), count)))
	if calls != 3 || seen != 3 {
		t.Errorf("%d calls, the last after %d batches; want 3: one a batch, that of the stop too", calls, seen)
	}
}

type afterBatches func()

func (f afterBatches) EndBatches(*fastnb.Learner) error { f(); return nil }

// LRFind leaves no trace on data that is kept on the device.
func TestOnDeviceLRFind(t *testing.T) {
	l := learnerOf(t, onDevice{still{synth.Clouds(t.TempDir(), 200, 16, 3)}})
	check(t, l.Fit(fastnb.LR(.01), 1))
	before := weights(t, l)
	sweep, err := l.LRFind()
	check(t, err)
	if diff := changed(before, weights(t, l)); len(diff) > 0 || len(sweep.LR) < 20 {
		t.Errorf("after a sweep of %d iterations %v changed", len(sweep.LR), diff)
	}
}
