package fastnb_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/gomlx/core/tensors"
)

// keepBest is SaveBest of a metric, as a user writes it.
type keepBest struct {
	name, metric string
	best         float64
}

func (k *keepBest) BeginFit(l *fastnb.Learner) error {
	k.best = math.Inf(-1)
	return l.CanSave(k.name)
}

func (k *keepBest) EndEpoch(l *fastnb.Learner) error {
	values := l.Recorder.Metric(k.metric)
	if v := values[len(values)-1]; v > k.best {
		k.best = v
		return l.Save(k.name)
	}
	return nil
}

func (k *keepBest) EndFit(l *fastnb.Learner) error { return l.LoadWeights(k.name) }

// stopEarly is EarlyStopping of the validation loss, as a user writes it.
type stopEarly struct {
	patience, waited int
	best             float64
}

func (s *stopEarly) BeginFit(*fastnb.Learner) error {
	s.best, s.waited = math.Inf(1), 0
	return nil
}

func (s *stopEarly) EndEpoch(l *fastnb.Learner) error {
	losses := l.Recorder.ValidLosses()
	if loss := losses[len(losses)-1]; loss < s.best {
		s.best, s.waited = loss, 0
		return nil
	}
	if s.waited++; s.waited >= s.patience {
		return fastnb.ErrStop
	}
	return nil
}

// What a user writes with public names alone does what the library's own callbacks do, and leaves the same learner.
func TestOwnCallbacksDoAsTheLibrarys(t *testing.T) {
	fit := func(callbacks ...any) *fastnb.Learner {
		l := clouds(t)
		check(t, l.Fit(fastnb.LR(0.05), 8, fastnb.Callbacks(callbacks...)))
		return l
	}
	theirs := fit(&callback.SaveBest{Name: "best", Monitor: "accuracy"}, &callback.EarlyStopping{Patience: 2})
	own := fit(&keepBest{name: "best", metric: "accuracy"}, &stopEarly{patience: 2})
	if diff := changed(weights(t, theirs), weights(t, own)); len(diff) > 0 {
		t.Errorf("the weights differ in %v", diff)
	}
	if !slices.Equal(theirs.Recorder.RawLoss, own.Recorder.RawLoss) || len(own.Recorder.Epochs) == 8 {
		t.Errorf("own callbacks ended after %d epochs, the library's after %d (want as many, and less than 8)",
			len(own.Recorder.Epochs), len(theirs.Recorder.Epochs))
	}
}

// The weights of a checkpoint come back alone: history, what is frozen and the randomness stay.
func TestLoadWeights(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(0.05), 1))
	check(t, l.Save("one"))
	want := weights(t, l)
	check(t, l.Fit(fastnb.LR(0.05), 2))
	l.FreezeTo(1)
	check(t, l.LoadWeights("one"))
	if diff := changed(want, weights(t, l)); len(diff) > 0 {
		t.Errorf("%v are not those of the checkpoint", diff)
	}
	if n := len(l.Recorder.Epochs); n != 2 || l.FrozenTo() != 1 {
		t.Errorf("%d epochs in the history, frozen to %d (want 2 and 1, as before)", n, l.FrozenTo())
	}
	if err := l.LoadWeights("none"); !errors.Is(err, fastnb.ErrNoCheckpoint) {
		t.Errorf("weights of a checkpoint that is not there: %v", err)
	}
}

// mixUp trains on mixtures of items, as a user writes it for numbers to be met (Zhang et al. 2018,
// https://arxiv.org/abs/1710.09412).
type mixUp struct{ rng *rand.Rand }

func (m mixUp) BeginBatch(_ *fastnb.Learner, s *fastnb.Step) error {
	share, with := m.rng.Float32(), m.rng.Perm(s.Batch.Labels.Shape().Dim(0))
	var err error
	if s.Batch.Inputs[0], err = mixed(s.Batch.Inputs[0], share, with); err == nil {
		s.Batch.Labels, err = mixed(s.Batch.Labels, share, with)
	}
	return err
}

// mixed returns x with each row a mixture of itself, by so much a share, and of another.
func mixed(x *tensors.Tensor, share float32, with []int) (*tensors.Tensor, error) {
	flat, err := tensors.CopyFlatData[float32](x)
	if err != nil {
		return nil, err
	}
	out, width := make([]float32, len(flat)), len(flat)/len(with)
	for i := range out {
		out[i] = share*flat[i] + (1-share)*flat[with[i/width]*width+i%width]
	}
	return tensors.FromFlatDataAndDimensions(out, x.Shape().Dimensions...), nil
}

// Points between points of a line are on it: a learner that sees those alone learns the line.
func TestOwnMixUp(t *testing.T) {
	data := synth.Line(t.TempDir(), 256, 16)
	for name, d := range map[string]fastnb.Data{"batches": data, "kept on the device": onDevice{still{data}}} {
		t.Run(name, func(t *testing.T) {
			plain, l := lineOf(t, d), lineOf(t, d)
			check(t, plain.Fit(fastnb.LR(.1), 10))
			check(t, l.Fit(fastnb.LR(.1), 10, fastnb.Callbacks(mixUp{rand.New(rand.NewPCG(5, 6))})))
			loss, _, err := l.Validate()
			check(t, err)
			if loss > 1e-3 {
				t.Errorf("validation loss %g (want 1e-3 at most)", loss)
			}
			if slices.Equal(plain.Recorder.RawLoss, l.Recorder.RawLoss) {
				t.Error("the training losses are those without MixUp")
			}
		})
	}
}

func lineOf(t *testing.T, d fastnb.Data) *fastnb.Learner {
	t.Helper()
	l, err := fastnb.New(backend(t), d, synth.LineModel())
	check(t, err)
	return l
}

// beforeBatch is a callback of one function.
type beforeBatch func(s *fastnb.Step) error

func (f beforeBatch) BeginBatch(_ *fastnb.Learner, s *fastnb.Step) error { return f(s) }

// Rates that a callback changes are those of the step, and of that one alone.
func TestBeginBatchChangesRates(t *testing.T) {
	l := clouds(t)
	check(t, l.Fit(fastnb.LR(.05), 1))
	before := weights(t, l)
	n := 0
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(beforeBatch(func(s *fastnb.Step) error {
		n++
		for i := range s.LR {
			s.LR[i] = 0
		}
		return nil
	}))))
	for path := range changed(before, weights(t, l)) {
		if strings.HasSuffix(path, "/weight") && !strings.HasPrefix(path, "/optim") {
			t.Errorf("%s changed at a rate of 0", path)
		}
	}
	if len(l.Recorder.LR) != n || slices.Max(l.Recorder.LR) != 0 {
		t.Errorf("%d calls, the history has the rates %v (want one of 0 for each)", n, l.Recorder.LR)
	}
	check(t, l.Fit(fastnb.LR(.05), 1))
	if l.Recorder.LR[0] != .05 {
		t.Errorf("the rate of the next fit is %g", l.Recorder.LR[0])
	}
}

// A step that can't be done is told before it is, and ErrStop ends the fit before the batch.
func TestBeginBatchEndsAFit(t *testing.T) {
	l := clouds(t)
	err := l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(beforeBatch(func(s *fastnb.Step) error {
		s.LR = s.LR[1:]
		return nil
	})))
	if err == nil || !strings.Contains(err.Error(), "2 learning rates and 3 weight decays") || len(l.Recorder.Loss) > 0 {
		t.Errorf("%v after %d batches", err, len(l.Recorder.Loss))
	}
	before := weights(t, l)
	for want, spoil := range map[string]func(*fastnb.Step){
		"weight decay of NaN":   func(s *fastnb.Step) { s.WD[0] = math.NaN() },
		"learning rate of -1":   func(s *fastnb.Step) { s.LR[0] = -1 },
		"momentum of 1":         func(s *fastnb.Step) { s.Mom = 1 },
		"that hold nothing":     func(s *fastnb.Step) { s.Batch = fastnb.Batch{Inputs: s.Batch.Inputs} },
		"0 inputs (want 2":      func(s *fastnb.Step) { s.Batch.Inputs = nil },
		"in epoch 0, batch 0":   func(s *fastnb.Step) { s.Batch.Inputs[0] = nil },
		"fastnb: Fit: BeginBat": func(s *fastnb.Step) { s.WD = nil },
	} {
		err := l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(beforeBatch(func(s *fastnb.Step) error {
			spoil(s)
			return nil
		})))
		if err == nil || !strings.Contains(err.Error(), want) || len(changed(before, weights(t, l))) > 0 {
			t.Errorf("%v (want %q, and no step)", err, want)
		}
	}
	n := 0
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.Callbacks(beforeBatch(func(*fastnb.Step) error {
		if n++; n > 3 {
			return fastnb.ErrStop
		}
		return nil
	}))))
	if len(l.Recorder.Loss) != 3 {
		t.Errorf("%d batches (want 3)", len(l.Recorder.Loss))
	}
}

// beforeEpoch is a callback of one function.
type beforeEpoch func(l *fastnb.Learner) error

func (f beforeEpoch) BeginEpoch(l *fastnb.Learner) error { return f(l) }

// What the rates and the schedule of a fit are for can't change within it.
func TestFitIsAsPlanned(t *testing.T) {
	for want, change := range map[string]func(*fastnb.Learner) error{
		"Precompute": func(l *fastnb.Learner) error {
			l.Freeze()
			return l.Precompute(true)
		},
		"data of 25 batches": func(l *fastnb.Learner) error { return l.SetData(synth.Clouds(t.TempDir(), 400, 16, 3)) },
	} {
		l := clouds(t)
		epochs := 0
		err := l.Fit(fastnb.LR(.05), 3, fastnb.Callbacks(beforeEpoch(func(l *fastnb.Learner) error {
			if epochs++; epochs < 2 {
				return nil
			}
			return change(l)
		})))
		if err == nil || !strings.Contains(err.Error(), want) || epochs != 2 {
			t.Errorf("%v after %d epochs (want %q after 2)", err, epochs, want)
		}
	}
}

// A callback before an epoch sees those before it, and what it freezes is frozen from there on.
func TestBeginEpoch(t *testing.T) {
	l := clouds(t)
	var seen []int
	var then map[string][]float32
	check(t, l.Fit(fastnb.LR(.05), 3, fastnb.Callbacks(beforeEpoch(func(l *fastnb.Learner) error {
		if seen = append(seen, len(l.Recorder.Epochs)); len(seen) == 3 {
			l.Freeze()
			then = weights(t, l)
		}
		return nil
	}))))
	if !slices.Equal(seen, []int{0, 1, 2}) {
		t.Errorf("epochs before each call: %v", seen)
	}
	for path := range changed(then, weights(t, l)) {
		if !strings.HasPrefix(path, "/head/") && !strings.HasPrefix(path, "/optim") {
			t.Errorf("%s changed, its group was frozen before the epoch", path)
		}
	}
}
