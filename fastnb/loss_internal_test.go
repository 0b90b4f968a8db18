package fastnb

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/gomlx/gomlx/core/graph"
)

// lossTruth is testdata/torch_losses.json: PyTorch's losses and their gradients by the logits.
type lossTruth struct {
	Classes int
	Labels  []int32
	Targets [][]float32
	Weights []float64
	Losses  map[string]struct {
		Loss float64
		Grad []float64
	}
}

func (truth lossTruth) logits() [][]float32 {
	rows := make([][]float32, len(truth.Labels))
	for i := range rows {
		for k := range truth.Classes {
			x := float64(i*truth.Classes + k)
			rows[i] = append(rows[i], float32(3*math.Cos(1.1*x+x*x/7)))
		}
	}
	return rows
}

// Losses are PyTorch's to the rounding of float32, and so are the gradients by which a net learns.
func TestLossesAsPyTorch(t *testing.T) {
	text, err := os.ReadFile("../testdata/torch_losses.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth lossTruth
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	losses := map[string]Loss{
		"LabelSmoothing(.1)":           LabelSmoothing(.1),
		"Focal(2)":                     Focal(2),
		"Focal(.5)":                    Focal(.5),
		"BinaryFocal(2)":               BinaryFocal(2),
		"BinaryFocal(.5)":              BinaryFocal(.5),
		"Weighted(CrossEntropy)":       Weighted(CrossEntropy, truth.Weights),
		"Weighted(Focal(2))":           Weighted(Focal(2), truth.Weights),
		"Weighted(BinaryCrossEntropy)": Weighted(BinaryCrossEntropy, truth.Weights),
	}
	if len(losses) != len(truth.Losses) {
		t.Errorf("%d losses, PyTorch has %d", len(losses), len(truth.Losses))
	}
	for name, l := range losses {
		want := truth.Losses[name]
		loss, grad := lossOf(t, l, truth)
		if !(math.Abs(loss-want.Loss) <= 1e-6*(1+want.Loss)) {
			t.Errorf("%s is %.7f, PyTorch's %.7f", name, loss, want.Loss)
		}
		for i, g := range grad {
			if !(math.Abs(float64(g)-want.Grad[i]) <= 1e-6) {
				t.Errorf("%s: gradient %d is %.7f, PyTorch's %.7f", name, i, g, want.Grad[i])
			}
		}
	}
}

// lossOf returns the mean of a batch that training minimises, and its gradient by the logits.
func lossOf(t *testing.T, l Loss, truth lossTruth) (loss float64, grad []float32) {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	var labels any = truth.Labels
	if l.of == severalLabels {
		labels = truth.Targets
	}
	outs := graph.MustExecOnceN(be, func(logits, labels *graph.Node) []*graph.Node {
		mean := l.mean(logits, labels)
		return []*graph.Node{mean, graph.Reshape(graph.Gradient(mean, logits)[0], -1)}
	}, truth.logits(), labels)
	return float64(outs[0].Value().(float32)), outs[1].Value().([]float32)
}

// A row that is right beyond doubt has no loss and no gradient, whatever the power.
func TestFocalOfTheCertain(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains for long")
	}
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, gamma := range []float64{0, .5, 1, 2, 20} {
		for name, loss := range map[string]Loss{"one class": Focal(gamma), "labels": BinaryFocal(gamma)} {
			var labels any = []int32{0}
			if loss.of == severalLabels {
				labels = [][]float32{{1, 0}}
			}
			outs := graph.MustExecOnceN(be, func(logits, labels *graph.Node) []*graph.Node {
				mean := loss.mean(logits, labels)
				return []*graph.Node{mean, graph.ReduceAllMax(graph.Abs(graph.Gradient(mean, logits)[0]))}
			}, [][]float32{{200, -200}}, labels)
			if a, b := outs[0].Value().(float32), outs[1].Value().(float32); a != 0 || b != 0 {
				t.Errorf("%s, gamma %g: loss %g, gradient %g", name, gamma, a, b)
			}
		}
	}
}
