package fastnb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Mixed items are other items than those of the data, the same whether the device loops over them or not, and the next
// fit is plain again.
func TestMixUpInAFit(t *testing.T) {
	data := synth.Line(t.TempDir(), 256, 16)
	losses := func(d fastnb.Data, opts ...fastnb.FitOption) []float64 {
		l := lineOf(t, d)
		check(t, l.Fit(fastnb.LR(.1), 2, opts...))
		return l.Recorder.RawLoss
	}
	plain, mixed := losses(data), losses(data, fastnb.MixUp(.4))
	if slices.Equal(plain, mixed) {
		t.Error("the losses are those without MixUp")
	}
	if loop := losses(onDevice{still{data}}, fastnb.MixUp(.4)); !alike(mixed, loop, 1e-5) {
		t.Errorf("in batches %v, in a loop %v", mixed, loop)
	}
	if again := losses(data, fastnb.MixUp(.4)); !slices.Equal(mixed, again) {
		t.Error("two learners of one seed have other losses")
	}
	l := lineOf(t, data)
	check(t, l.Fit(fastnb.LR(0), 1, fastnb.MixUp(.4)))
	if text := l.Recorder.Fit.String(); !strings.Contains(text, "MixUp(0.4)") {
		t.Errorf("the fit says %q", text)
	}
	first := l.Recorder.RawLoss
	check(t, l.Fit(fastnb.LR(0), 1))
	if slices.Equal(first, l.Recorder.RawLoss) || strings.Contains(l.Recorder.Fit.String(), "MixUp") {
		t.Error("a fit without MixUp mixes like the one before")
	}
}

// Mixtures of points on a line lie on it: what is learned from them is the line.
func TestMixUpLearns(t *testing.T) {
	l := lineOf(t, synth.Line(t.TempDir(), 256, 16))
	check(t, l.Fit(fastnb.LR(.1), 10, fastnb.MixUp(.4)))
	loss, _, err := l.Validate()
	check(t, err)
	if loss > 1e-3 {
		t.Errorf("validation loss %g (want 1e-3 at most)", loss)
	}
}

// What can't be mixed is told, and what to do.
func TestMixUpRefuses(t *testing.T) {
	for want, opt := range map[string]fastnb.FitOption{
		"MixUp(-1) (want a finite number above 0":  fastnb.MixUp(-1),
		"CutMix(0) (want a finite number above 0":  fastnb.CutMix(0),
		"CutMix cuts images, the model's input is": fastnb.CutMix(1),
	} {
		err := lineOf(t, synth.Line(t.TempDir(), 64, 16)).Fit(fastnb.LR(.1), 1, opt)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
	codes := fastnb.FromFunc("codes", func(s *model.Scope, x *graph.Node) *graph.Node {
		return synth.LineModel().Head(s, graph.ConvertDType(x, dtypes.Float32))
	}, synth.LineModel().Groups...)
	l, err := fastnb.New(backend(t), whole{synth.Line(t.TempDir(), 64, 16)}, codes)
	check(t, err)
	if err := l.Fit(fastnb.LR(.1), 1, fastnb.MixUp(.4)); err == nil || !strings.Contains(err.Error(), "MixUp mixes numbers") {
		t.Errorf("%v for a model of whole numbers", err)
	}
}

// whole is data whose inputs are whole numbers.
type whole struct{ *synth.Data }

func (whole) Prepare(in []*graph.Node) []*graph.Node {
	return []*graph.Node{graph.ConvertDType(in[0], dtypes.Int32)}
}
