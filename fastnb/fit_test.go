package fastnb_test

import (
	"errors"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

func backend(t testing.TB) compute.Backend {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	return be
}

// clouds returns a learner of a small net with batch norm, dropout and three layer groups.
func clouds(t testing.TB, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	return cloudsIn(t, t.TempDir(), opts...)
}

func cloudsIn(t testing.TB, dir string, opts ...fastnb.Option) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(backend(t), synth.Clouds(dir, 200, 16, 3), synth.Net(3), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// weights returns every variable's values but the random generator's, by path.
func weights(t testing.TB, l *fastnb.Learner) map[string][]float32 {
	t.Helper()
	ws := map[string][]float32{}
	for v := range l.Store().IterVariables() {
		if strings.Contains(v.Path(), "#") {
			continue
		}
		flat, err := tensors.CopyFlatData[float32](v.MustValue())
		if err != nil {
			t.Fatal(err)
		}
		ws[v.Path()] = flat
	}
	return ws
}

// changed returns the paths at which two sets of weights differ in any bit.
func changed(a, b map[string][]float32) map[string]bool {
	paths := map[string]bool{}
	for path, ws := range b {
		for i, w := range ws {
			if old, ok := a[path]; !ok || math.Float32bits(old[i]) != math.Float32bits(w) {
				paths[path] = true
			}
		}
	}
	return paths
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFitLearnsALine(t *testing.T) {
	for name, o := range map[string]optim.Optimizer{"sgd": optim.SGD{}, "nesterov": optim.SGD{Nesterov: true}, "adam": optim.Adam{}} {
		t.Run(name, func(t *testing.T) {
			l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 256, 16), synth.LineModel(), fastnb.WithOptimizer(o))
			check(t, err)
			check(t, l.Fit(fastnb.LR(0.1), 30, fastnb.CycleLen(1)))
			ws := weights(t, l)
			if a, b := ws["/line/weight"][0], ws["/line/bias"][0]; math.Abs(float64(a)-2) > 0.02 || math.Abs(float64(b)-3) > 0.02 {
				t.Errorf("y = %gx + %g, want 2x + 3", a, b)
			}
		})
	}
}

func TestFitLearnsClasses(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1), fastnb.CycleMult(2)))
	if n := len(l.Recorder.Epochs); n != 3 {
		t.Errorf("%d epochs, want 3", n)
	}
	last := l.Recorder.Epochs[2]
	if last.Metrics[0] < 0.85 || last.ValidLoss > 0.5 {
		t.Errorf("accuracy %g, loss %g", last.Metrics[0], last.ValidLoss)
	}
	loss, scores, err := l.Validate()
	check(t, err)
	if loss != last.ValidLoss || scores[0] != last.Metrics[0] {
		t.Errorf("Validate says %g, %v; the epoch table %g, %v", loss, scores, last.ValidLoss, last.Metrics)
	}
}

// The rates of REFERENCE (d) 1 reach the recorder, and the weights: 12 batches an epoch.
func TestFitScheduleOfSGDR(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(0.01, 0.02, 0.1), 2, fastnb.CycleLen(1), fastnb.CycleMult(2)))
	lr := l.Recorder.LR
	if len(lr) != 36 {
		t.Fatalf("%d rates, want 36", len(lr))
	}
	for i, v := range lr {
		k, n := i, 12.0
		if i >= 12 {
			k, n = i-12, 24
		}
		want := 0.05 * (1 + math.Cos(math.Pi*float64(k)/n))
		if i == 0 {
			want = 0.001
		}
		if math.Abs(v-want) > 1e-12 {
			t.Errorf("rate %d is %g, want %g", i, v, want)
		}
	}
}

// With plain SGD a group's step is its rate times the gradient: groups with rate 0 don't move, and doubling the rate
// of one group doubles its first step exactly.
func TestLearningRatesPerGroup(t *testing.T) {
	step := func(rates ...float64) map[string][]float32 {
		l := clouds(t)
		before := start(t, l)
		check(t, l.Fit(fastnb.LR(rates...), 1, fastnb.Momentum(0), fastnb.Callbacks(stopAfter(1))))
		after := weights(t, l)
		diff := map[string][]float32{}
		for path, ws := range before {
			for i := range ws {
				diff[path] = append(diff[path], after[path][i]-ws[i])
			}
		}
		return diff
	}
	one, two := step(0, 0.5, 0.25), step(0, 1, 0.25)
	for path := range one {
		for i := range one[path] {
			a, b := one[path][i], two[path][i]
			switch {
			case strings.Contains(path, "running"):
			case strings.HasPrefix(path, "/dense1") || strings.HasPrefix(path, "/bn1"):
				if a != 0 || b != 0 {
					t.Fatalf("%s moved at rate 0", path)
				}
			case strings.HasPrefix(path, "/dense2/weight"):
				if math.Abs(float64(b-2*a)) > 1e-6 {
					t.Fatalf("%s: step %g at 0.5, %g at 1", path, a, b)
				}
			case strings.HasPrefix(path, "/head"):
				if a != b {
					t.Fatalf("%s depends on another group's rate", path)
				}
			}
		}
	}
}

// start makes the learner create its variables and returns them.
func start(t testing.TB, l *fastnb.Learner) map[string][]float32 {
	t.Helper()
	_, err := l.Predict(fastnb.Valid)
	check(t, err)
	return weights(t, l)
}

// stopAfter ends a fit after so many batches.
type stopAfter int

func (n stopAfter) EndBatch(l *fastnb.Learner) error {
	if len(l.Recorder.Loss) >= int(n) {
		return fastnb.ErrStop
	}
	return nil
}

func TestFrozenMeansFrozen(t *testing.T) {
	for name, tt := range map[string]struct {
		to     int
		frozen []string
	}{
		"freeze":      {-1, []string{"/dense1/", "/bn1/", "/dense2/", "/bn2/"}},
		"freeze to 1": {1, []string{"/dense1/", "/bn1/"}},
		"unfreeze":    {0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := clouds(t)
			before := start(t, l)
			l.FreezeTo(tt.to)
			check(t, l.Fit(fastnb.LR(0.1), 2, fastnb.WD(0.1)))
			diff := changed(before, weights(t, l))
			for path := range before {
				frozen := false
				for _, prefix := range tt.frozen {
					frozen = frozen || strings.HasPrefix(path, prefix)
				}
				if diff[path] == frozen {
					t.Errorf("%s: frozen %v, changed %v", path, frozen, diff[path])
				}
			}
		})
	}
}

func TestBNFreezeKeepsStatistics(t *testing.T) {
	l := clouds(t)
	before := start(t, l)
	l.BNFreeze(true)
	check(t, l.Fit(fastnb.LR(0.1), 1))
	for path := range changed(before, weights(t, l)) {
		if strings.Contains(path, "running") {
			t.Errorf("%s changed", path)
		}
	}
}

func TestDeterminism(t *testing.T) {
	fit := func(seed uint64) map[string][]float32 {
		l := clouds(t, fastnb.Seed(seed))
		check(t, l.Fit(fastnb.LR(0.05), 2, fastnb.CycleLen(1)))
		return weights(t, l)
	}
	a, b, other := fit(1), fit(1), fit(2)
	if d := changed(a, b); len(d) > 0 {
		t.Errorf("the same seed gives other weights: %v", d)
	}
	if d := changed(a, other); len(d) == 0 {
		t.Error("another seed gives the same weights")
	}
}

func TestWrongUse(t *testing.T) {
	l := clouds(t)
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"rates":  {l.Fit(fastnb.LR(0.1, 0.1), 1), "fastnb: Fit: 2 learning rates for 3 layer groups (want 1 or 3)"},
		"cycles": {l.Fit(fastnb.LR(0.1), 0), "fastnb: Fit: 0 cycles (want 1 or more)"},
		"nan":    {l.Fit(fastnb.LR(math.NaN()), 1), "fastnb: Fit: learning rate NaN (want a finite number, 0 or more)"},
		"mult":   {l.Fit(fastnb.LR(0.1), 1, fastnb.CycleMult(2)), "fastnb: Fit: CycleMult and CycleSave need CycleLen"},
		"load":   {l.Load("nothing"), "(none was saved yet; run the cell that calls Save)"},
		"name":   {l.Save("../x"), "is no name for a checkpoint"},
		"tta":    {second(l.TTA(fastnb.Valid, fastnb.Augmented(0))), "want 1 or more views"},
		"value":  {l.Fit(fastnb.LR(0.1), 1, fastnb.Callbacks(keepBest{name: "x"})), "a fastnb_test.keepBest is no callback"},
		"body":   {precomputeUnfrozen(l), "the body is not frozen; call Freeze first"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, tt.err, tt.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func precomputeUnfrozen(l *fastnb.Learner) error { return l.Precompute(true) }

func TestNaNEndsTheFit(t *testing.T) {
	l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 64, 16), synth.LineModel())
	check(t, err)
	err = l.Fit(fastnb.LR(1e30), 3)
	if !errors.Is(err, fastnb.ErrNaN) || !strings.Contains(err.Error(), "try a lower one") {
		t.Error(err)
	}
	check(t, l.Save("diverged"))
}

// The steps are finite, and the weights after the last of them are so large that the predictions overflow.
func TestNaNInValidationEndsTheFit(t *testing.T) {
	l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 16, 16), synth.LineModel())
	check(t, err)
	best := &callback.SaveBest{Name: "best"}
	err = l.Fit(fastnb.LR(1e30), 1, fastnb.Callbacks(best))
	if !errors.Is(err, fastnb.ErrNaN) || !strings.Contains(err.Error(), "the validation loss of epoch 0") {
		t.Error(err)
	}
	if !strings.Contains(err.Error(), `weights and history are in the checkpoint "diverged"`) || l.Load("diverged") != nil {
		t.Errorf("what was learned is lost: %v", err)
	}
	if err := l.Load("best"); !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("SaveBest kept the diverged weights: %v", err)
	}
}

func TestVariableInNoGroup(t *testing.T) {
	m := synth.Net(3)
	m.Groups[1] = fastnb.Group{"/dense2"}
	l, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 200, 16, 3), m)
	check(t, err)
	for range 2 { // the error stays
		err := l.Fit(fastnb.LR(0.1), 1)
		if err == nil || !strings.Contains(err.Error(), "/bn2/weight of model net is in no layer group") && !strings.Contains(err.Error(), "/bn2/bias of model net is in no layer group") {
			t.Error(err)
		}
	}
}

// A scope without its slash would hold no variable.
func TestScopeWithoutSlash(t *testing.T) {
	m := synth.Net(3)
	m.Groups[1] = fastnb.Group{"dense2"}
	_, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 200, 16, 3), m)
	if err == nil || !strings.Contains(err.Error(), `the scope "dense2" (want "/dense2")`) {
		t.Error(err)
	}
}

func TestInterruptKeepsWhatWasLearned(t *testing.T) {
	dir := t.TempDir()
	l := cloudsIn(t, dir)
	err := l.Fit(fastnb.LR(0.05), 1000, fastnb.Callbacks(interruptAfter(5)))
	if !errors.Is(err, fastnb.ErrInterrupted) {
		t.Fatal(err)
	}
	if n := len(l.Recorder.Loss); n < 5 || n > 500 {
		t.Errorf("%d batches were recorded", n)
	}
	again := cloudsIn(t, dir)
	check(t, again.Load("interrupted"))
	if d := changed(weights(t, l), weights(t, again)); len(d) > 0 {
		t.Errorf("the checkpoint has other weights: %v", d)
	}
	check(t, l.Fit(fastnb.LR(0.05), 1))
}

// interruptAfter presses the stop button after so many batches.
type interruptAfter int

func (n interruptAfter) EndBatch(l *fastnb.Learner) error {
	if len(l.Recorder.Loss) == int(n) {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}
