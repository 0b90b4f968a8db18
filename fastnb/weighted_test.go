package fastnb_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/gomlx/gomlx/core/graph"
)

// The loss of a split is the mean by the weights of the classes, each item once, also those of a ragged last batch, and
// a mixture of two items has the weights of both.
func TestWeightedLossIsExact(t *testing.T) {
	weights := []float64{.5, 0, 4}
	l := clouds(t, fastnb.WithLoss(fastnb.Weighted(fastnb.CrossEntropy, weights)))
	check(t, l.Fit(fastnb.LR(.05), 1, fastnb.MixUp(.4)))
	got, _, err := l.Validate()
	check(t, err)
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	var loss, sum float64
	for i, class := range p.Labels {
		loss -= weights[class] * math.Log(float64(p.Probs[i][class]))
		sum += weights[class]
	}
	if math.Abs(got-loss/sum) > 1e-5*loss/sum {
		t.Errorf("loss %g, want %g", got, loss/sum)
	}
}

// Weights of 1 change nothing, mixed or not, and a class that weighs more is predicted more often.
func TestWeightedLearns(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	for _, opts := range [][]fastnb.FitOption{nil, {fastnb.MixUp(.4)}} {
		plain, even := clouds(t), clouds(t, fastnb.WithLoss(fastnb.Weighted(fastnb.CrossEntropy, []float64{1, 1, 1})))
		check(t, plain.Fit(fastnb.LR(.01), 1, opts...))
		check(t, even.Fit(fastnb.LR(.01), 1, opts...))
		if a, b := plain.Recorder.RawLoss, even.Recorder.RawLoss; !alike(a, b, 1e-4) {
			t.Errorf("losses %v, with weights of 1 %v", a, b)
		}
	}
	often := func(weight float64) int {
		l := clouds(t, fastnb.WithLoss(fastnb.Weighted(fastnb.CrossEntropy, []float64{1, weight, 1})))
		check(t, l.Fit(fastnb.LR(.05), 2))
		p, err := l.Predict(fastnb.Valid)
		check(t, err)
		return len(slices.DeleteFunc(p.Predicted(), func(c int) bool { return c != 1 }))
	}
	if few, many := often(0), often(50); few > 15 || many < 19 { // 17 of 50 are of that class
		t.Errorf("a class is predicted %d times without a weight, %d times with 50", few, many)
	}
}

// What is no loss of the data is refused before anything is computed.
func TestWrongLossesOfData(t *testing.T) {
	own := fastnb.Loss{Name: "own", Rows: func(a, b *graph.Node) *graph.Node { return a }}
	for _, c := range []struct {
		loss fastnb.Loss
		want string
	}{
		{fastnb.LabelSmoothing(1), "LabelSmoothing(1): want 0 or more, below 1"},
		{fastnb.LabelSmoothing(-.1), "LabelSmoothing(-0.1)"},
		{fastnb.LabelSmoothing(math.NaN()), "LabelSmoothing(NaN)"},
		{fastnb.Focal(-1), "Focal(-1): want a gamma from 0 to 20"},
		{fastnb.BinaryFocal(math.Inf(1)), "BinaryFocal(+Inf)"},
		{fastnb.BinaryCrossEntropy, "several labels, the data have one class each"},
		{fastnb.Weighted(fastnb.CrossEntropy, []float64{1, 2}), "has 2 weights, the data 3 classes"},
		{fastnb.Weighted(fastnb.CrossEntropy, nil), "there are no weights (want one for each class)"},
		{fastnb.Weighted(fastnb.CrossEntropy, []float64{1, -2, 1}), "weight 1 is -2 (want 0 or more)"},
		{fastnb.Weighted(fastnb.CrossEntropy, []float64{1, 2, math.NaN()}), "weight 2 is NaN"},
		{fastnb.Weighted(fastnb.CrossEntropy, []float64{0, 0, 0}), "all weights are 0"},
		{fastnb.Weighted(fastnb.MeanSquared, []float64{1, 1, 1}), "numbers have no classes to weigh"},
		{fastnb.Weighted(fastnb.Focal(-1), []float64{1, 1, 1}), "Focal(-1)"},
		{fastnb.Weighted(fastnb.Loss{}, []float64{1, 1, 1}), "has no Rows"},
		{fastnb.Loss{}, `loss "" has no Rows`},
		{fastnb.Weighted(own, []float64{1, 1}), "has 2 weights, the data 3 classes"},
	} {
		_, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 32, 16, 3), synth.Net(3), fastnb.WithLoss(c.loss))
		if err == nil || !strings.HasPrefix(err.Error(), "fastnb: New: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.loss.Name, err, c.want)
		}
	}
	// Numbers by a loss of one's own: the graph says it.
	l, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 64, 16), synth.LineModel(),
		fastnb.WithLoss(fastnb.Weighted(own, []float64{1})))
	check(t, err)
	if err := l.Fit(fastnb.LR(.1), 1); err == nil || !strings.Contains(err.Error(), "want a class each") {
		t.Errorf("numbers: %v", err)
	}
}
