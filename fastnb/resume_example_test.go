package fastnb_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// power is a callback that counts batches and fails at one of them. Its count outlives the fit.
type power struct{ batches, failsAt int }

func (p *power) EndBatch(*fastnb.Learner) error {
	if p.batches++; p.batches == p.failsAt {
		return errors.New("power failure")
	}
	return nil
}

// FitState is what is kept of it whenever the fit is saved.
func (p *power) FitState(*fastnb.Learner) (string, error) { return strconv.Itoa(p.batches), nil }

// ResumeFit takes that up.
func (p *power) ResumeFit(_ *fastnb.Learner, state string) (err error) {
	p.batches, err = strconv.Atoi(state)
	return err
}

var _ fastnb.Resumer = &power{}

// The same call, with Resume, goes on where a fit was last saved.
func ExampleResume() {
	dir := must(os.MkdirTemp("", "fastnb"))
	defer os.RemoveAll(dir)
	fit := func(p *power, opts ...fastnb.FitOption) (batches int, err error) {
		learn := must(fastnb.New(must(engine.Open()), synth.Clouds(dir, 200, 16, 3), synth.Net(3)))
		err = learn.Fit(fastnb.LR(0.05), 3, append(opts, fastnb.Callbacks(p))...)
		return len(learn.Recorder.Loss), err
	}
	fmt.Println(fit(&power{failsAt: 20}, fastnb.SaveEvery(1)))
	again := &power{}
	fmt.Println(fit(again, fastnb.Resume(true)))
	fmt.Println(again.batches, "batches counted")
	fmt.Println(fit(again, fastnb.KeepNothing()))
	// Output:
	// 20 fastnb: Fit: power failure
	// 36 <nil>
	// 36 batches counted
	// 36 <nil>
}
