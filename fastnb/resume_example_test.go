package fastnb_test

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// powerCut ends a fit after some batches.
type powerCut struct{ after int }

func (p *powerCut) EndBatch(*fastnb.Learner) error {
	if p.after--; p.after < 0 {
		return errors.New("power cut")
	}
	return nil
}

// The cell that was killed is run again, and goes on where the fit was saved last.
func ExampleResume() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	cell := func(until int) error {
		learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 20, 3), synth.Net(3)))
		err := learn.FitOneCycle(fastnb.LR(0.05), 4, fastnb.Resume(true), fastnb.SaveEvery(1), fastnb.Callbacks(&powerCut{until}))
		fmt.Println(len(learn.Recorder.Loss), "batches of 40,", len(learn.Recorder.Epochs), "epochs of 4")
		return err
	}
	fmt.Println(cell(13))
	fmt.Println(cell(1000))
	// Output:
	// 14 batches of 40, 1 epochs of 4
	// fastnb: FitOneCycle: power cut
	// 40 batches of 40, 4 epochs of 4
	// <nil>
}

// A fit whose weights are too large for the disk is not saved in its course.
func ExampleKeepNothing() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 2, fastnb.KeepNothing()))
	_, err := os.Stat(learn.Data().Dir() + "/models")
	fmt.Println(os.IsNotExist(err))
	// Output: true
}

// worst is a callback that remembers the largest loss of a batch, also of a fit that goes on in another process.
type worst struct{ loss float64 }

func (w *worst) EndBatch(l *fastnb.Learner) error {
	w.loss = max(w.loss, l.Recorder.RawLoss[len(l.Recorder.RawLoss)-1])
	return nil
}

func (w *worst) FitState(*fastnb.Learner) (string, error) { return fmt.Sprint(w.loss), nil }

func (w *worst) ResumeFit(_ *fastnb.Learner, state string) error {
	_, err := fmt.Sscan(state, &w.loss)
	return err
}

func ExampleResumer() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	fit := func(until int) *worst {
		w, learn := &worst{}, must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 20, 3), synth.Net(3)))
		opts := []fastnb.FitOption{fastnb.SaveEvery(1), fastnb.Resume(true), fastnb.Callbacks(w, &powerCut{until})}
		_ = learn.Fit(fastnb.LR(0.05), 2, opts...)
		return w
	}
	before, after := fit(5), fit(1000)
	fmt.Println(after.loss >= before.loss && before.loss > 0)
	// Output: true
}

// An image pasted into another needs images.
func ExampleCutMix() {
	learn, cleanUp := points()
	defer cleanUp()
	err := learn.Fit(fastnb.LR(0.05), 1, fastnb.CutMix(1))
	fmt.Println(strings.Contains(err.Error(), "MixUp mixes any numbers"))
	// Output: true
}

// oneLine is a Progress that prints the end of a fit alone.
type oneLine struct{ epochs int }

func (o *oneLine) Begin(int, int, []string) { o.epochs = 0 }
func (o *oneLine) Batch(int, int, float64)  {}
func (o *oneLine) Epoch([]string)           { o.epochs++ }
func (o *oneLine) End(err error)            { fmt.Println(o.epochs, "epochs,", err) }

// Learners of images, tables, texts and ratings that are made from here on show their fits in a program's own way.
func ExampleShowWith() {
	fastnb.ShowWith(func() fastnb.Progress { return &oneLine{} })
	defer fastnb.ShowWith(nil)
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 20, 3), synth.Net(3),
		fastnb.WithProgress(fastnb.DefaultProgress())))
	ok(learn.Fit(fastnb.LR(0.05), 2))
	// Output: 2 epochs, <nil>
}
