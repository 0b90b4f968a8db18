package fastnb_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// listener is a Progress that writes down what it is told of epochs.
type listener struct{ said []string }

func (*listener) Begin(int, int, []string) {}
func (*listener) Batch(int, int, float64)  {}
func (*listener) End(error)                {}

func (p *listener) Epoch(row []string) { p.said = append(p.said, fmt.Sprint(row[:len(row)-1])) }

func (p *listener) Scores(loss float64, names []string, metrics []float64) {
	p.said = append(p.said, fmt.Sprintf("%.6f %v %.6f", loss, names, metrics))
}

func TestProgressIsToldScores(t *testing.T) {
	p := &listener{}
	l := clouds(t, fastnb.WithProgress(p))
	check(t, l.Fit(fastnb.LR(.05), 2))
	var want []string
	for i, e := range l.Recorder.Epochs {
		want = append(want, fmt.Sprintf("%.6f [accuracy] %.6f", e.ValidLoss, e.Metrics),
			fmt.Sprintf("[%d %.6f %.6f %.6f]", i, e.TrainLoss, e.ValidLoss, e.Metrics[0]))
	}
	if !slices.Equal(p.said, want) {
		t.Errorf("is told %q, want %q", p.said, want)
	}
}

func TestNoScoresWithoutValidation(t *testing.T) {
	data := synth.Line(t.TempDir(), 64, 16)
	delete(data.X, fastnb.Valid)
	p := &listener{}
	l, err := fastnb.New(backend(t), data, synth.LineModel(), fastnb.WithProgress(p))
	check(t, err)
	check(t, l.Fit(fastnb.LR(.05), 1))
	if len(p.said) != 1 {
		t.Errorf("is told %q, want a row alone", p.said)
	}
}
