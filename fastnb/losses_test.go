package fastnb_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// weighted is a line whose loss is its own: squares that count as much as |x|, and not at all below .3, where they are no numbers;
// it keeps weight and y of each row. The weights may be penalised.
func weighted(penalty float64) fastnb.Model {
	m := synth.LineModel()
	m.Losses = func(s *model.Scope, x, labels *graph.Node) fastnb.Losses {
		rows := x.Shape().Dim(0)
		weight := graph.Abs(graph.Reshape(x, rows))
		there := graph.GreaterThan(weight, graph.MulScalar(graph.OnesLike(weight), .3))
		weight = graph.Where(there, weight, graph.ZerosLike(weight))
		loss := graph.Square(graph.Reshape(graph.Sub(m.Head(s, x), labels), rows))
		if penalty > 0 {
			nn.Penalize(s, graph.MulScalar(graph.ReduceAllSum(graph.Square(s.Store().GetVariable("/line/weight").NodeValue(x.Graph()))), penalty))
		}
		return fastnb.Losses{
			Mean:   graph.Div(graph.ReduceAllSum(graph.Mul(loss, weight)), graph.ReduceAllSum(weight)),
			Rows:   graph.Where(there, loss, graph.Infinity(x.Graph(), x.DType(), 1)),
			Weight: weight,
			Kept:   graph.Stack([]*graph.Node{weight, graph.Reshape(labels, rows)}, 1),
		}
	}
	return m
}

var meanY = metric.Metric{Name: "mean y", Kept: func(rows []float32, cols int) (mean float64) {
	for row := range slices.Chunk(rows, cols) {
		mean += float64(row[1]) / float64(len(rows)/cols)
	}
	return mean
}}

func weightedLearner(t *testing.T, penalty float64, opts ...fastnb.Option) (*fastnb.Learner, *synth.Data) {
	t.Helper()
	data := synth.Line(t.TempDir(), 180, 16) // 45 for validation: the last batch has 13
	l, err := fastnb.New(backend(t), data, weighted(penalty), append([]fastnb.Option{fastnb.WithMetrics(meanY)}, opts...)...)
	check(t, err)
	return l, data
}

// The loss of a split is the weighted mean over its rows, each once, also those of a ragged last batch; a row without weight is not
// looked at. Metrics are of what is kept.
func TestLossesAreExact(t *testing.T) {
	l, data := weightedLearner(t, 0)
	check(t, l.Fit(fastnb.LR(.05), 1))
	ws := weights(t, l)
	a, b := float64(ws["/line/weight"][0]), float64(ws["/line/bias"][0])
	var loss, sum, mean float64
	for i, x := range data.X[fastnb.Valid] {
		y, w := float64(data.Y[fastnb.Valid][i]), math.Abs(float64(x[0]))
		if mean += y / 45; w > .3 {
			loss, sum = loss+w*math.Pow(a*float64(x[0])+b-y, 2), sum+w
		}
	}
	got, scores, err := l.Validate()
	check(t, err)
	if math.Abs(got-loss/sum) > 1e-5*loss/sum || math.Abs(scores[0]-mean) > 1e-5 {
		t.Errorf("loss %g, mean %g (want %g, %g)", got, scores[0], loss/sum, mean)
	}
	p, err := l.Predict(fastnb.Valid)
	check(t, err)
	if p.Probs != nil || len(p.Kept) != 45 || p.Kept[44][1] != data.Y[fastnb.Valid][44] || p.Loss != got {
		t.Errorf("%d rows are kept, loss %g, probabilities %v", len(p.Kept), p.Loss, p.Probs)
	}
	if !math.IsNaN(p.Accuracy()) || len(p.Predicted()) != 0 {
		t.Errorf("accuracy %g", p.Accuracy())
	}
}

// Where there are no labels the head predicts.
func TestLossesWithoutLabels(t *testing.T) {
	l, data := weightedLearner(t, 0)
	data.X[fastnb.Test] = data.X[fastnb.Valid][:20]
	p, err := l.Predict(fastnb.Test)
	check(t, err)
	a := weights(t, l)["/line/weight"][0]
	if p.Kept != nil || len(p.Probs) != 20 || math.Abs(float64(p.Probs[19][0]-a*data.X[fastnb.Test][19][0])) > 1e-6 {
		t.Errorf("outputs %v, kept %v", p.Probs, p.Kept)
	}
}

// What a model with a loss of its own cannot do is said, not done.
func TestWrongLosses(t *testing.T) {
	_, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 64, 16), weighted(0), fastnb.WithMetrics(metric.Accuracy))
	if err == nil || !strings.Contains(err.Error(), "metric accuracy does not measure what model line keeps") {
		t.Errorf("error is %v", err)
	}
	l, _ := weightedLearner(t, 0)
	if _, err := l.TTA(fastnb.Valid); err == nil || !strings.Contains(err.Error(), "keeps no probabilities") {
		t.Errorf("TTA: %v", err)
	}
}

// A penalty moves the weights and is not in the loss that is shown, nor in that of validation.
func TestPenalize(t *testing.T) {
	free, _ := weightedLearner(t, 0)
	bound, _ := weightedLearner(t, 50)
	check(t, free.Fit(fastnb.LR(.002), 20))
	check(t, bound.Fit(fastnb.LR(.002), 20))
	a, b := free.Recorder.RawLoss[0], bound.Recorder.RawLoss[0]
	if math.Abs(a-b) > 1e-6*a {
		t.Errorf("first loss %g, with a penalty %g", a, b)
	}
	if w, v := weights(t, free)["/line/weight"][0], weights(t, bound)["/line/weight"][0]; math.Abs(float64(v)) > .1 || w < 1 {
		t.Errorf("weight %g, with a penalty %g", w, v)
	}
	if loss, _, err := bound.Validate(); err != nil || loss > 15 {
		t.Errorf("validation loss %g, %v", loss, err)
	}
}

// Moms are what the momentum is at the start, at its least and at the end of one cycle.
func TestMoms(t *testing.T) {
	l := clouds(t)
	check(t, l.FitOneCycle(fastnb.LR(.01), 3, fastnb.Moms(.8, .7, .75)))
	mom := l.Recorder.Mom
	if mom[0] != .8 || math.Abs(slices.Min(mom)-.7) > 1e-3 || math.Abs(mom[len(mom)-1]-.75) > 1e-3 {
		t.Errorf("momenta from %g down to %g and up to %g", mom[0], slices.Min(mom), mom[len(mom)-1])
	}
	if least := slices.Index(mom, slices.Min(mom)); math.Abs(float64(least)/float64(len(mom))-.25) > .03 {
		t.Errorf("the least momentum is at batch %d of %d", least, len(mom))
	}
	check(t, l.FineTune(1, 0, fastnb.Moms(.8, .7, .75)))
	if m := l.Recorder.Mom[0]; m != .8 {
		t.Errorf("FineTune begins with %g", m)
	}
	for _, m := range [][3]float64{{1, .7, .8}, {.8, -.1, .8}, {.8, .7, math.NaN()}} {
		err := l.FitOneCycle(fastnb.LR(.01), 1, fastnb.Moms(m[0], m[1], m[2]))
		if err == nil || !strings.Contains(err.Error(), "want 0 or more, below 1") {
			t.Errorf("%v: %v", m, err)
		}
	}
}

// Open makes the variables; what is then put into them is what is trained, and a second Open leaves it.
func TestOpen(t *testing.T) {
	l, _ := weightedLearner(t, 0)
	if l.Store().GetVariable("/line/weight") != nil {
		t.Error("there are variables before Open")
	}
	check(t, l.Open())
	w := l.Store().GetVariable("/line/weight")
	check(t, w.SetValue(tensors.FromFlatDataAndDimensions([]float32{7}, 1, 1)))
	check(t, l.Open())
	check(t, l.Fit(fastnb.LR(1e-6), 1))
	if got := weights(t, l)["/line/weight"][0]; math.Abs(float64(got)-7) > .01 {
		t.Errorf("the weight is %g", got)
	}
	m := synth.LineModel()
	m.Head = func(*model.Scope, *graph.Node) *graph.Node { panic(errors.New("no such layer")) }
	broken, err := fastnb.New(backend(t), synth.Line(t.TempDir(), 64, 16), m)
	check(t, err)
	if err := broken.Open(); err == nil || !strings.HasPrefix(err.Error(), "fastnb: Open: ") || !strings.Contains(err.Error(), "no such layer") {
		t.Errorf("error is %v", err)
	}
}
