package nn

import (
	"math"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// activations are the formulas of the papers, each with its derivative at 0 as PyTorch has it.
var activations = map[string]struct {
	f       func(*graph.Node) *graph.Node
	formula func(x float64) float64
	atZero  float64
}{
	"ReLU": {ReLU, func(x float64) float64 { return max(x, 0) }, 0},
	"LeakyReLU": {func(x *graph.Node) *graph.Node { return LeakyReLU(x, .01) },
		func(x float64) float64 { return max(x, 0) + .01*min(x, 0) }, .01},
	"ELU": {func(x *graph.Node) *graph.Node { return ELU(x, .5) },
		func(x float64) float64 { return max(x, 0) + .5*math.Expm1(min(x, 0)) }, .5},
	"SELU": {SELU, func(x float64) float64 {
		return 1.0507009873554805 * (max(x, 0) + 1.6732632423543772*math.Expm1(min(x, 0)))
	}, 1.0507009873554805 * 1.6732632423543772},
	"GELU":        {GELU, func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }, .5},
	"SiLU":        {SiLU, func(x float64) float64 { return x / (1 + math.Exp(-x)) }, .5},
	"HardSigmoid": {HardSigmoid, func(x float64) float64 { return min(max(x+3, 0), 6) / 6 }, 1. / 6},
	"HardSwish":   {HardSwish, func(x float64) float64 { return x * min(max(x+3, 0), 6) / 6 }, .5},
	"Softplus":    {Softplus, softplus, .5},
	"Mish":        {Mish, func(x float64) float64 { return x * math.Tanh(softplus(x)) }, math.Tanh(math.Ln2)},
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Of any x, also where powers of e overflow, the activations are their formulas, and their gradients the formulas' slopes.
func TestActivations(t *testing.T) {
	at := []float64{-1000, -100, -20, -3.5, -1, -.1, 0, .1, 1, 2.5, 20, 100, 1000}
	for name, a := range activations {
		outs, err := graph.CallOnceN(backend(t), func(x *graph.Node) []*graph.Node {
			y := a.f(x)
			y32 := a.f(graph.ConvertDType(x, dtypes.Float32))
			return append(graph.Gradient(graph.Add(graph.ReduceAllSum(y), graph.ConvertDType(graph.ReduceAllSum(y32), dtypes.Float64)), x), y)
		}, at)
		if err != nil {
			t.Fatal(err)
		}
		slopes, values := tensors.MustCopyFlatData[float64](outs[0]), tensors.MustCopyFlatData[float64](outs[1])
		for i, x := range at {
			if want := a.formula(x); !(math.Abs(values[i]-want) <= 1e-12*max(1, math.Abs(x))) {
				t.Errorf("%s(%g) = %.15g, want %.15g", name, x, values[i], want)
			}
			want := 2 * a.atZero // of float64 and of float32
			if x != 0 {
				h := 1e-4 * math.Abs(x)
				want = 2 * (a.formula(x+h) - a.formula(x-h)) / (2 * h)
			}
			if !(math.Abs(slopes[i]-want) <= 1e-5) {
				t.Errorf("the slopes of %s at %g add up to %.9g, want %.9g", name, x, slopes[i], want)
			}
		}
	}
}

// SELU's promise: 20 layers on, the signal still has mean 0 and spread 1. It holds of wide layers that start with Gain(1).
func TestSELUKeepsTheSignal(t *testing.T) {
	store := model.NewStore()
	store.SetRNGStateFromSeed(1)
	outs, err := model.CallOnceN(backend(t), store, func(s *model.Scope, g *graph.Graph) []*graph.Node {
		x := s.RandomNormal(g, wave(1, 500, 300).Shape())
		for i := range 20 {
			x = SELU(Dense(s.In("layer%d", i), x, 300, Gain(1)))
		}
		mean := graph.ReduceAllMean(x)
		return []*graph.Node{mean, graph.Sqrt(graph.ReduceAllMean(graph.Square(graph.Sub(x, mean))))}
	})
	if err != nil {
		t.Fatal(err)
	}
	mean, spread := outs[0].Value().(float64), outs[1].Value().(float64)
	if math.Abs(mean) > .1 || math.Abs(spread-1) > .15 {
		t.Errorf("after 20 layers the mean is %.3f and the spread %.3f (want 0 and 1)", mean, spread)
	}
}

// Weights start with the spread of their gain; without one that is He's, √2.
func TestGain(t *testing.T) {
	const in, out = 400, 500
	for _, test := range []struct {
		opts []DenseOption
		want float64
	}{{nil, math.Sqrt2}, {[]DenseOption{Gain(1)}, 1}, {[]DenseOption{Gain(5. / 3)}, 5. / 3}, {[]DenseOption{Gain(0)}, 0}} {
		store := model.NewStore()
		store.SetRNGStateFromSeed(2)
		if _, err := model.CallOnce(backend(t), store, func(s *model.Scope, x *graph.Node) *graph.Node {
			return Dense(s, x, out, test.opts...)
		}, wave(.3, 1, in)); err != nil {
			t.Fatal(err)
		}
		var squares float64
		for _, w := range tensors.MustCopyFlatData[float64](store.GetVariable("/weight").MustValue()) {
			squares += w * w
		}
		if got := math.Sqrt(squares / out); math.Abs(got-test.want) > .01 {
			t.Errorf("%v: a spread of %.4f/√in, want %.4f", test.opts, got, test.want)
		}
	}
}
