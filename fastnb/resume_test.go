package fastnb_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
)

var errKilled = errors.New("killed")

// killer ends a fit with an error after so many calls of the device, as if its process had died there.
type killer struct {
	left int
	had  int // batches that were done when the fit began, or went on
}

func (k *killer) BeginFit(l *fastnb.Learner) error {
	k.had = max(k.had, len(l.Recorder.RawLoss))
	return nil
}

func (k *killer) EndBatches(*fastnb.Learner) error {
	if k.left--; k.left < 0 {
		return errKilled
	}
	return nil
}

// EndEpoch counts too: a fit may die in its validation.
func (k *killer) EndEpoch(l *fastnb.Learner) error { return k.EndBatches(l) }

// resumed is a fit as a test kills it: a learner in a folder, and what is called of it.
type resumed struct {
	learner func(t *testing.T, dir string) *fastnb.Learner
	fit     func(l *fastnb.Learner, dir string, opts ...fastnb.SharedFitOption) error
}

func callbacksIn(dir string) []any {
	return []any{
		&callback.SaveBest{Name: "best"}, &callback.EarlyStopping{Patience: 50}, callback.CSVLog(filepath.Join(dir, "log.csv")),
	}
}

// resumedFits are kinds of fits: batches and a loop on the device, cycles, one cycle, FineTune's two, mixtures.
func resumedFits() map[string]resumed {
	photos := func(t *testing.T, dir string) *fastnb.Learner { return cloudsIn(t, dir) }
	return map[string]resumed{
		"SGDR with Adam": {
			func(t *testing.T, dir string) *fastnb.Learner {
				return cloudsIn(t, dir, fastnb.WithOptimizer(optim.Adam{}))
			},
			func(l *fastnb.Learner, dir string, opts ...fastnb.SharedFitOption) error {
				opts = append(opts, fastnb.CycleSave("snap"), fastnb.Callbacks(callbacksIn(dir)...))
				return l.Fit(fastnb.LR(.01), 2, asOptions[fastnb.FitOption](opts, fastnb.CycleLen(1), fastnb.CycleMult(2))...)
			},
		},
		"a loop on the device": {
			func(t *testing.T, dir string) *fastnb.Learner {
				l, err := fastnb.New(backend(t), onDevice{still{synth.Clouds(dir, 200, 16, 3)}}, synth.Net(3))
				check(t, err)
				return l
			},
			func(l *fastnb.Learner, dir string, opts ...fastnb.SharedFitOption) error {
				opts = append(opts, fastnb.Callbacks(callbacksIn(dir)...))
				return l.FitOneCycle(fastnb.LR(.1), 3, asOptions[fastnb.OneCycleOption](opts)...)
			},
		},
		"FineTune with MixUp": {photos, func(l *fastnb.Learner, dir string, opts ...fastnb.SharedFitOption) error {
			opts = append(opts, fastnb.MixUp(.4), fastnb.Callbacks(callbacksIn(dir)...))
			return l.FineTune(2, .1, asOptions[fastnb.FineTuneOption](opts)...)
		}},
	}
}

// asOptions returns options of every fit, and some of one's own, as the options of one fit.
func asOptions[O any](shared []fastnb.SharedFitOption, own ...O) []O {
	for _, o := range shared {
		own = append(own, o.(O))
	}
	return own
}

// A fit that died anywhere, twice, goes on to the same end: weights, history, checkpoints and the table in the file.
func TestResumeIsBitForBit(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for name, f := range resumedFits() {
		t.Run(name, func(t *testing.T) {
			whole := t.TempDir()
			want := f.learner(t, whole)
			check(t, f.fit(want, whole))
			for first := 1; first < 45; first += 11 {
				dir := t.TempDir()
				got := f.dies(t, dir, first, 7)
				sameTraining(t, fmt.Sprintf("killed after %d calls", first), want, got)
				sameFiles(t, whole, dir)
			}
		})
	}
}

// dies is a learner that was trained in three processes, so to speak: the first two died after so many calls.
func (f resumed) dies(t *testing.T, dir string, calls ...int) *fastnb.Learner {
	t.Helper()
	for i, n := range append(calls, math.MaxInt) {
		l, k := f.learner(t, dir), &killer{left: n}
		err := f.fit(l, dir, fastnb.SaveEvery(1), fastnb.Resume(true), fastnb.Callbacks(k))
		if i > 0 && k.had == 0 {
			t.Errorf("killed after %v calls, process %d began anew", calls, i)
		}
		if err == nil {
			return l
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
	}
	return nil
}

// sameTraining tells in what two learners differ that were trained alike.
func sameTraining(t *testing.T, what string, want, got *fastnb.Learner) {
	t.Helper()
	if diff := changed(weights(t, want), weights(t, got)); len(diff) > 0 {
		t.Errorf("%s: the weights differ in %v", what, diff)
	}
	a, b := *want.Recorder, *got.Recorder
	for _, r := range []*fastnb.Recorder{&a, &b} {
		r.Epochs = append([]fastnb.Epoch{}, r.Epochs...)
		for i := range r.Epochs {
			r.Epochs[i].Seconds = 0
		}
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s: the history is\n%v, not\n%v", what, b, a)
	}
}

// sameFiles tells in what the files of two fits differ that are alike: names, and the lines of the table but for the
// seconds in it.
func sameFiles(t *testing.T, want, got string) {
	t.Helper()
	if a, b := checkpointsIn(t, want), checkpointsIn(t, got); !reflect.DeepEqual(a, b) {
		t.Errorf("there are the checkpoints %v, want %v", b, a)
	}
	if a, b := tableIn(t, want), tableIn(t, got); a != b {
		t.Errorf("the table is\n%s, not\n%s", b, a)
	}
}

// checkpointsIn returns the names of the checkpoints of a fit, without those of before.
func checkpointsIn(t *testing.T, dir string) (names []string) {
	for _, name := range filesIn(t, filepath.Join(dir, "models")) {
		if !strings.Contains(name, ".prev") {
			names = append(names, name)
		}
	}
	return names
}

func tableIn(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "log.csv"))
	check(t, err)
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, line[:strings.LastIndex(line, ",")])
	}
	return strings.Join(lines, "\n")
}

// Another fit than the one that was not finished is an error that says in what it differs.
func TestResumeRefusesAnotherFit(t *testing.T) {
	dir := t.TempDir()
	fit := func(opts ...fastnb.FitOption) error {
		return cloudsIn(t, dir).Fit(fastnb.LR(.05), 3, append(opts, fastnb.SaveEvery(1), fastnb.Callbacks(&killer{left: 5}))...)
	}
	if err := fit(); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	every := []fastnb.SharedFitOption{fastnb.Resume(true), fastnb.Callbacks(&killer{left: 5})}
	again, cycle := asOptions[fastnb.FitOption](every), asOptions[fastnb.OneCycleOption](every)
	for want, err := range map[string]error{
		"epochs 3 there, 4 here":                 cloudsIn(t, dir).Fit(fastnb.LR(.05), 4, again...),
		"lr [0.05,0.05,0.05] there":              cloudsIn(t, dir).Fit(fastnb.LR(.06), 3, again...),
		"wd [0,0,0] there":                       cloudsIn(t, dir).Fit(fastnb.LR(.05), 3, append(again, fastnb.WD(.1))...),
		"metrics":                                cloudsIn(t, dir, fastnb.WithMetrics(metric.LogLoss)).Fit(fastnb.LR(.05), 3, again...),
		`verb "Fit" there, "FitOneCycle" here`:   cloudsIn(t, dir).FitOneCycle(fastnb.LR(.05), 3, cycle...),
		"types of callbacks":                     cloudsIn(t, dir).Fit(fastnb.LR(.05), 3, fastnb.Resume(true)),
		"optimizer":                              cloudsIn(t, dir, fastnb.WithOptimizer(optim.Adam{})).Fit(fastnb.LR(.05), 3, again...),
		"optimizer settings":                     cloudsIn(t, dir, fastnb.WithOptimizer(optim.SGD{Nesterov: true})).Fit(fastnb.LR(.05), 3, again...),
		"frozen to 0 there, 2 here":              frozen(cloudsIn(t, dir)).Fit(fastnb.LR(.05), 3, again...),
		"Resume(false) to begin anew":            cloudsIn(t, dir).Fit(fastnb.LR(.05), 4, again...),
		"in epoch 0 of 3, after 5 of 12 batches": cloudsIn(t, dir).Fit(fastnb.LR(.05), 4, again...),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
	if err := fit(fastnb.Resume(true)); !errors.Is(err, errKilled) {
		t.Errorf("the same fit: %v", err)
	}
}

func frozen(l *fastnb.Learner) *fastnb.Learner {
	l.Freeze()
	return l
}

// A fit that was begun and not finished is offered, and not taken without being asked for; one that has come to its end
// leaves nothing to go on with.
func TestResumeIsOffered(t *testing.T) {
	dir, n := t.TempDir(), &notes{}
	l := cloudsIn(t, dir)
	err := l.Fit(fastnb.LR(.05), 2, fastnb.SaveEvery(1), fastnb.Callbacks(&killer{left: 5}))
	if !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	l = cloudsIn(t, dir, fastnb.WithProgress(n))
	check(t, l.Fit(fastnb.LR(.05), 2, fastnb.Callbacks(&killer{left: 1000})))
	if said := strings.Join(*n, "\n"); !strings.Contains(said, "Resume(true) goes on with it") || len(l.Recorder.Loss) != 24 {
		t.Errorf("%d batches, and it says\n%s", len(l.Recorder.Loss), said)
	}
	*n = nil
	l = cloudsIn(t, dir, fastnb.WithProgress(n))
	check(t, l.Fit(fastnb.LR(.05), 2, fastnb.Resume(true), fastnb.Callbacks(&killer{left: 1000})))
	if said := strings.Join(*n, "\n"); strings.Contains(said, "not finished") || len(filesIn(t, filepath.Join(dir, "models"))) > 0 {
		t.Errorf("after its end there is %v, and it says\n%s", filesIn(t, filepath.Join(dir, "models")), said)
	}
}

// A short fit, and one with KeepNothing, write nothing.
func TestFitsKeepNothing(t *testing.T) {
	for name, opt := range map[string]fastnb.FitOption{
		"short": fastnb.SaveEvery(time.Hour), "KeepNothing": fastnb.KeepNothing(), "default": fastnb.Resume(false),
	} {
		dir := t.TempDir()
		check(t, cloudsIn(t, dir).Fit(fastnb.LR(.05), 1, opt))
		if _, err := os.Stat(filepath.Join(dir, "models")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// counter is a callback with a state of its own.
type counter struct{ batches, resumed int }

func (c *counter) EndBatch(*fastnb.Learner) error { c.batches++; return nil }

func (c *counter) FitState(*fastnb.Learner) (string, error) { return fmt.Sprint(c.batches), nil }

func (c *counter) ResumeFit(_ *fastnb.Learner, state string) error {
	c.resumed++
	_, err := fmt.Sscan(state, &c.batches)
	return err
}

// A callback's own state comes back.
func TestResumeGivesCallbacksTheirState(t *testing.T) {
	dir := t.TempDir()
	err := cloudsIn(t, dir).Fit(fastnb.LR(.05), 2, fastnb.SaveEvery(1), fastnb.Callbacks(&counter{}, &killer{left: 5}))
	if !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	c := &counter{}
	check(t, cloudsIn(t, dir).Fit(fastnb.LR(.05), 2, fastnb.Resume(true), fastnb.Callbacks(c, &killer{left: 1000})))
	if c.batches != 24 || c.resumed != 1 {
		t.Errorf("%d batches counted (want 24), resumed %d times", c.batches, c.resumed)
	}
}

// A notebook that is run again from its first line trains what it had trained, and goes on in the fit that was not
// finished: also of two calls that are the same.
func TestResumeFromTheFirstLine(t *testing.T) {
	whole, dir := cloudsIn(t, t.TempDir()), t.TempDir()
	notebook := func(l *fastnb.Learner, k *killer) error {
		opts := []fastnb.FitOption{fastnb.Resume(true), fastnb.SaveEvery(1), fastnb.Callbacks(k)}
		if err := l.Fit(fastnb.LR(.05), 1, opts...); err != nil {
			return err
		}
		k.had = 0
		return l.Fit(fastnb.LR(.05), 1, opts...)
	}
	check(t, notebook(whole, &killer{left: 1000}))
	if err := notebook(cloudsIn(t, dir), &killer{left: 18}); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	again, k := cloudsIn(t, dir), &killer{left: 1000}
	check(t, notebook(again, k))
	if k.had == 0 {
		t.Error("the second fit began anew")
	}
	sameTraining(t, "from the first line", whole, again)
	if left := filesIn(t, filepath.Join(dir, "models")); len(left) > 0 {
		t.Errorf("after its end there is %v", left)
	}
}

// A fit that the user stopped goes on, and leaves "interrupted", which is the user's.
func TestResumeAfterAStop(t *testing.T) {
	dir := t.TempDir()
	whole := cloudsIn(t, t.TempDir())
	check(t, whole.FineTune(2, .05))
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	err := cloudsIn(t, dir).FineTune(2, .05, fastnb.Until(ctx), fastnb.Callbacks(beforeBatch(func(*fastnb.Step) error {
		if n++; n == 20 {
			stop()
		}
		return nil
	})))
	if !errors.Is(err, fastnb.ErrInterrupted) || !strings.Contains(err.Error(), "Resume(true)") {
		t.Fatal(err)
	}
	nothing := fastnb.Callbacks(beforeBatch(func(*fastnb.Step) error { return nil }))
	l := cloudsIn(t, dir)
	check(t, l.FineTune(2, .05, fastnb.Resume(true), nothing))
	sameTraining(t, "stopped", whole, l)
	want := []string{"interrupted.safetensors"}
	if left := filesIn(t, filepath.Join(dir, "models")); !slices.Equal(left, want) {
		t.Errorf("there is %v, want %v", left, want)
	}
	l = cloudsIn(t, dir)
	check(t, l.FineTune(2, .05, fastnb.Resume(true), nothing))
	sameTraining(t, "once more", whole, l)
}

// Data that a callback set in the course of a fit are not those of the learner that is to go on.
func TestResumeRefusesDataOfACallback(t *testing.T) {
	dir, epochs := t.TempDir(), 0
	larger := fastnb.Callbacks(beforeEpoch(func(l *fastnb.Learner) error {
		if epochs++; epochs == 2 {
			return l.SetData(synth.Clouds(dir, 201, 16, 3))
		}
		return nil
	}), &killer{left: 20})
	opts := []fastnb.FitOption{fastnb.SaveEvery(1), fastnb.Resume(true), larger}
	if err := cloudsIn(t, dir).Fit(fastnb.LR(.05), 3, opts...); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	err := cloudsIn(t, dir).Fit(fastnb.LR(.05), 3, opts...)
	if err == nil || !strings.Contains(err.Error(), "a callback had set other data") {
		t.Errorf("%v", err)
	}
}

// A save that is damaged is an error where it is asked for, and none where it is not.
func TestResumeOfADamagedFile(t *testing.T) {
	dir := t.TempDir()
	fit := func(opts ...fastnb.FitOption) error {
		opts = append(opts, fastnb.SaveEvery(1))
		return cloudsIn(t, dir).Fit(fastnb.LR(.05), 1, append(opts, fastnb.Callbacks(&killer{left: 5}))...)
	}
	if err := fit(); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "models", "unfinished-*.safetensors"))
	check(t, err)
	for _, f := range files {
		check(t, os.Truncate(f, 100))
	}
	if err := fit(fastnb.Resume(true)); !errors.Is(err, fastnb.ErrBadCheckpoint) {
		t.Errorf("%v, want ErrBadCheckpoint", err)
	}
	if err := fit(); !errors.Is(err, errKilled) {
		t.Errorf("without Resume: %v", err)
	}
}
