package nn

import (
	"math"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func backend(t testing.TB) compute.Backend {
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	return be
}

// wave fills a shape with numbers that look random and are the same everywhere: cos(freq·i + i²/7).
func wave(freq float64, dims ...int) *tensors.Tensor {
	t := tensors.FromShape(shapes.Make(dtypes.Float64, dims...))
	tensors.MustMutableFlatData(t, func(f []float64) {
		for i := range f {
			f[i] = waveAt(freq, i)
		}
	})
	return t
}

func waveAt(freq float64, i int) float64 { return math.Cos(freq*float64(i) + float64(i)*float64(i)/7) }

func waveNode(g *graph.Graph, freq float64, dims ...int) *graph.Node {
	return graph.Const(g, wave(freq, dims...))
}

type layer struct {
	name string
	dims []int
	f    func(s *model.Scope, x *graph.Node) *graph.Node
}

func plain(f func(x *graph.Node) *graph.Node) func(*model.Scope, *graph.Node) *graph.Node {
	return func(_ *model.Scope, x *graph.Node) *graph.Node { return f(x) }
}

func conv(out, kernel int, opts ...ConvOption) func(*model.Scope, *graph.Node) *graph.Node {
	return func(s *model.Scope, x *graph.Node) *graph.Node { return Conv(s, x, out, kernel, opts...) }
}

func frozen(f func(*model.Scope, *graph.Node) *graph.Node) func(*model.Scope, *graph.Node) *graph.Node {
	return func(s *model.Scope, x *graph.Node) *graph.Node {
		s.SetGraphParam(x.Graph(), FrozenParam, true)
		return f(s, x)
	}
}

var image = []int{2, 9, 8, 4}

// sequence is [time, batch, in].
var sequence = []int{6, 2, 3}

// recurring runs a layer with a hidden state [batch, 4] that depends on x, and its weights made small.
func recurring(f func(s *model.Scope, x, h *graph.Node) *graph.Node) func(*model.Scope, *graph.Node) *graph.Node {
	return func(s *model.Scope, x *graph.Node) *graph.Node {
		h := Dense(s.In("start"), graph.Reshape(graph.Slice(x, graph.AxisElem(2)), 2, 3), 4)
		return f(s.In("layer"), x, h)
	}
}

// Every configuration that a net of ours trains, and the neighbours that a user would reach for.
var layers = map[string][]layer{
	"conv": {
		{"1x1", image, conv(6, 1)},
		{"1x1 stride 2", image, conv(6, 1, Stride(2), NoBias)},
		{"1x1 groups 2", image, conv(6, 1, Groups(2))},
		{"3x3 pad 1", image, conv(6, 3, Pad(1), NoBias)},
		{"3x3 stride 2 pad 1", image, conv(6, 3, Stride(2), Pad(1))},
		{"3x3 stride 2 same", image, conv(6, 3, Stride(2), SamePad)},
		{"3x3 stride 3", image, conv(6, 3, Stride(3))},
		{"3x3 dilation 2", image, conv(6, 3, Dilation(2), Pad(2))},
		{"3x3 groups 2 stride 2", image, conv(6, 3, Groups(2), Stride(2), Pad(1))},
		{"5x5 same", image, conv(6, 5, SamePad)},
		{"7x7 stride 2 pad 3", image, conv(6, 7, Stride(2), Pad(3), NoBias)},
		{"1x7 same", image, conv(6, 1, Width(7), SamePad, NoBias)},
		{"5x1 stride 2", image, conv(6, 5, Width(1), Stride(2))},
		{"1x3 groups 2 same", image, conv(6, 1, Width(3), Groups(2), SamePad)},
	},
	"even": {
		{"2x2", image, conv(6, 2)},
		{"2x2 stride 2", image, conv(6, 2, Stride(2))},
		{"2x2 same", image, conv(6, 2, SamePad)},
		{"4x4 stride 2 pad 1", image, conv(6, 4, Stride(2), Pad(1))},
		{"4x4 stride 4", image, conv(6, 4, Stride(4))},
		{"4x4 dilation 2", []int{2, 13, 12, 4}, conv(6, 4, Dilation(2), Pad(3))},
		{"6x6 groups 2", image, conv(6, 6, Groups(2), Pad(2))},
		{"2x3", image, conv(6, 2, Width(3))},
		{"3x4 same", image, conv(6, 3, Width(4), SamePad)},
	},
	"depthwise": {
		{"3x3 same", image, conv(4, 3, Groups(4), SamePad, NoBias)},
		{"3x3 stride 2 same", image, conv(4, 3, Groups(4), Stride(2), SamePad, NoBias)},
		{"5x5 same", image, conv(4, 5, Groups(4), SamePad, NoBias)},
		{"5x5 stride 2 same", image, conv(4, 5, Groups(4), Stride(2), SamePad, NoBias)},
		{"3x3 stride 2 pad 1", image, conv(4, 3, Groups(4), Stride(2), Pad(1))},
		{"3x3 stride 3", image, conv(4, 3, Groups(4), Stride(3))},
		{"2x2 stride 3", image, conv(4, 2, Groups(4), Stride(3))},
		{"4x4 stride 2 pad 1", image, conv(4, 4, Groups(4), Stride(2), Pad(1))},
		{"two outputs a group", image, conv(8, 3, Groups(4), Pad(1))},
		{"dilation 2", image, conv(4, 3, Groups(4), Dilation(2), Pad(2))},
		{"7x7 pad 3", image, conv(4, 7, Groups(4), Pad(3))},
		{"1x3 same", image, conv(4, 1, Width(3), Groups(4), SamePad)},
	},
	"recurrent": {
		{"LSTM", sequence, recurring(func(s *model.Scope, x, h *graph.Node) *graph.Node {
			hs, _, _ := LSTM(s, x, h, graph.Neg(h))
			return hs
		})},
		{"LSTM twice", sequence, recurring(func(s *model.Scope, x, h *graph.Node) *graph.Node {
			hs, _, _ := LSTM(s, x, h, h)
			after, _, _ := LSTM(s.In("after"), hs, h, h)
			return after
		})},
		{"LSTM, 4 steps of 6", sequence, recurring(func(s *model.Scope, x, h *graph.Node) *graph.Node {
			hs, _, _ := LSTM(s, x, h, h, Steps(graph.Const(x.Graph(), int32(4))))
			return hs
		})},
		{"GRU", sequence, recurring(func(s *model.Scope, x, h *graph.Node) *graph.Node {
			hs, _ := GRU(s, x, h)
			return hs
		})},
		{"RNN", sequence, recurring(func(s *model.Scope, x, h *graph.Node) *graph.Node {
			hs, _ := RNN(s, x, h)
			return hs
		})},
	},
	"rest": {
		{"dense", []int{5, 4}, func(s *model.Scope, x *graph.Node) *graph.Node { return Dense(s, x, 3) }},
		{"dense rank 3, no bias", []int{2, 3, 4}, func(s *model.Scope, x *graph.Node) *graph.Node { return Dense(s, x, 3, NoBias) }},
		{"batch norm", image, func(s *model.Scope, x *graph.Node) *graph.Node { return BatchNorm(s, x) }},
		{"batch norm [n, c]", []int{6, 4}, func(s *model.Scope, x *graph.Node) *graph.Node { return BatchNorm(s, x, Eps(1e-3)) }},
		{"batch norm frozen", image, frozen(func(s *model.Scope, x *graph.Node) *graph.Node { return BatchNorm(s, x) })},
		{"batch norm, bn_freeze", image, func(s *model.Scope, x *graph.Node) *graph.Node {
			s.SetGraphParam(x.Graph(), BNFreezeParam, true)
			return BatchNorm(s, x)
		}},
		{"batch norm, bounded, bn_freeze", []int{6, 4}, func(s *model.Scope, x *graph.Node) *graph.Node {
			s.SetGraphParam(x.Graph(), BNFreezeParam, true)
			return BatchNorm(s, graph.MulScalar(x, 3), Bound(1))
		}},
		{"relu", image, plain(ReLU)},
		{"relu6", image, plain(func(x *graph.Node) *graph.Node { return ReLU6(graph.MulScalar(x, 9)) })},
		{"gelu", image, plain(GELU)},
		{"hard sigmoid", image, plain(func(x *graph.Node) *graph.Node { return HardSigmoid(graph.MulScalar(x, 5)) })},
		{"hard swish", image, plain(func(x *graph.Node) *graph.Node { return HardSwish(graph.MulScalar(x, 5)) })},
		{"layer scale", image, func(s *model.Scope, x *graph.Node) *graph.Node { return LayerScale(s, x, .5) }},
		{"attention", []int{2, 5, 12}, attending},
		{"leaky relu", image, plain(func(x *graph.Node) *graph.Node { return LeakyReLU(x, .1) })},
		{"elu", image, plain(func(x *graph.Node) *graph.Node { return ELU(graph.MulScalar(x, 3), .7) })},
		{"selu", image, plain(SELU)},
		{"silu", image, plain(SiLU)},
		{"mish", image, plain(Mish)},
		{"softplus", image, plain(func(x *graph.Node) *graph.Node { return Softplus(graph.MulScalar(x, 9)) })},
		{"max pool 3 stride 2 pad 1", image, plain(func(x *graph.Node) *graph.Node { return MaxPool(x, 3, Stride(2), Pad(1)) })},
		{"max pool 2", image, plain(func(x *graph.Node) *graph.Node { return MaxPool(x, 2) })},
		{"max pool 3 same", image, plain(func(x *graph.Node) *graph.Node { return MaxPool(x, 3, Stride(2), SamePad) })},
		{"average pool 2", image, plain(func(x *graph.Node) *graph.Node { return AvgPool(x, 2) })},
		{"average pool 3 stride 2 pad 1", image, plain(func(x *graph.Node) *graph.Node { return AvgPool(x, 3, Stride(2), Pad(1)) })},
		{"max pool 3 stride 2, ceil mode", image, plain(func(x *graph.Node) *graph.Node {
			return MaxPool(x, 3, Stride(2), CeilMode)
		})},
		{"average pool 3 stride 2 pad 1, ceil mode", image, plain(func(x *graph.Node) *graph.Node {
			return AvgPool(x, 3, Stride(2), Pad(1), CeilMode)
		})},
		{"average pool 3 pad 1, padding not counted", image, plain(func(x *graph.Node) *graph.Node {
			return AvgPool(x, 3, Stride(1), Pad(1), CountIncludePad(false))
		})},
		{"concat pool", image, plain(ConcatPool)},
		{"cross entropy", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return CrossEntropy(x, labels(x)) })},
		{"cross entropy, smooth", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return CrossEntropy(x, labels(x), LabelSmoothing(.1)) })},
		{"binary cross entropy", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return BCEWithLogits(x, graph.Square(x)) })},
		{"focal", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return Focal(x, labels(x), 2) })},
		{"focal of a root", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return Focal(graph.MulScalar(x, 9), labels(x), .5) })},
		{"binary focal", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return BinaryFocal(x, present(x), 2) })},
		{"mean squared error", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return MSE(x, graph.Square(x)) })},
		{"L1", []int{3, 5}, plain(func(x *graph.Node) *graph.Node { return L1(x, graph.AddScalar(graph.Square(x), .3)) })},
	},
}

func labels(x *graph.Node) *graph.Node {
	return graph.Const(x.Graph(), []int32{4, 0, 2}[:x.Shape().Dim(0)])
}

// present has a 1 for every other label.
func present(x *graph.Node) *graph.Node {
	return graph.ModScalar(graph.IotaFull(x.Graph(), x.Shape()), 2)
}

// TestGradients compares each layer's derivative along one direction of input and weights together with its
// finite difference, in float64. All layers of a kind share one compilation.
func TestGradients(t *testing.T) {
	for kind, cases := range layers {
		t.Run(kind, func(t *testing.T) {
			store := model.NewStore()
			store.SetRNGStateFromSeed(1)
			exec := model.MustNewExec(backend(t), store, func(s *model.Scope, g *graph.Graph) []*graph.Node {
				s.Store().SetTraining(g, true)
				var out []*graph.Node
				for i, c := range cases {
					numeric, analytic := c.derivatives(s.In("case%d", i), g)
					out = append(out, numeric, analytic)
				}
				return out
			})
			got := exec.MustCall()
			for i, c := range cases {
				numeric, analytic := got[2*i].Value().(float64), got[2*i+1].Value().(float64)
				if math.Abs(numeric-analytic) > 1e-6*(1+math.Abs(numeric)) {
					t.Errorf("%s: gradient %.9g along the direction, finite difference %.9g", c.name, analytic, numeric)
				}
			}
		})
	}
}

// derivatives returns the loss's change along a direction, by finite difference and by its gradient.
func (l layer) derivatives(s *model.Scope, g *graph.Graph) (numeric, analytic *graph.Node) {
	const h = 1e-5
	x := waveNode(g, 1.1, l.dims...)
	l.f(s.ResetVisited(), x) // makes the variables
	vars, at, along := spread(s, g)
	at, along = append(at, x), append(along, waveNode(g, 2.3, l.dims...))
	loss := func(step float64) *graph.Node {
		for i, v := range vars {
			v.SetNodeValue(graph.Add(at[i], graph.MulScalar(along[i], step)))
		}
		last := len(at) - 1
		y := l.f(s.ResetVisited(), graph.Add(at[last], graph.MulScalar(along[last], step)))
		return graph.ReduceAllSum(graph.Mul(y, waveNode(g, 1.7, y.Shape().Dimensions...)))
	}
	numeric = graph.DivScalar(graph.Sub(loss(h), loss(-h)), 2*h)
	analytic = graph.ScalarZero(g, dtypes.Float64)
	for i, grad := range graph.Gradient(loss(0), at...) {
		analytic = graph.Add(analytic, graph.ReduceAllSum(graph.Mul(grad, along[i])))
	}
	return numeric, analytic
}

// spread returns the variables of a scope, values for them away from their initial ones, and a direction, zero for
// running statistics.
func spread(s *model.Scope, g *graph.Graph) (vars []*model.Variable, at, along []*graph.Node) {
	for v := range s.IterVariables() {
		dims := v.Shape().Dimensions
		direction := waveNode(g, 2.9, dims...)
		if !v.Trainable {
			direction = graph.ZerosLike(direction)
		}
		vars = append(vars, v)
		at = append(at, graph.AddScalar(graph.MulScalar(waveNode(g, .7, dims...), .4), .8))
		along = append(along, direction)
	}
	return vars, at, along
}

// A beginner's mistakes in a layer's arguments are told as such, not as the engine's.
func TestPoolChecks(t *testing.T) {
	for want, f := range map[string]func(x *graph.Node) *graph.Node{
		"MaxPool: input of shape":      func(x *graph.Node) *graph.Node { return MaxPool(graph.Reshape(x, -1), 2) },
		"AvgPool: window 0, stride 0":  func(x *graph.Node) *graph.Node { return AvgPool(x, 0) },
		"MaxPool: window 2, stride -1": func(x *graph.Node) *graph.Node { return MaxPool(x, 2, Stride(-1)) },
	} {
		_, err := graph.CallOnce(backend(t), f, wave(.3, 1, 4, 4, 2))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Batch norm over one value of each channel, a batch of one row, has nothing to learn by: it is an error in training, on
// every net, and none where the running statistics are used.
func TestBatchNormWantsCompany(t *testing.T) {
	for name, c := range map[string]struct {
		dims     []int
		training bool
		param    string
		refused  bool
	}{
		"a row":                 {[]int{1, 3}, true, "", true},
		"a picture of one dot":  {[]int{1, 1, 1, 3}, true, "", true},
		"two rows":              {[]int{2, 3}, true, "", false},
		"a picture":             {[]int{1, 2, 1, 3}, true, "", false},
		"a row, not training":   {[]int{1, 3}, false, "", false},
		"a row, frozen":         {[]int{1, 3}, true, FrozenParam, false},
		"a row, with bn_freeze": {[]int{1, 3}, true, BNFreezeParam, false},
	} {

		err := batchNormOf(t, c.training, c.param, wave(.3, c.dims...))
		if refused := err != nil && strings.Contains(err.Error(), "in /one") && strings.Contains(err.Error(), "BatchSize"); refused != c.refused || (err != nil) != c.refused {
			t.Errorf("%s: %v, want an error: %v", name, err, c.refused)
		}
	}
}

// Where running statistics are used, values are kept within Bound deviations of the mean, 0 and 1 here; there is no bound
// without it, nor on the batch's own statistics.
func TestBatchNormBound(t *testing.T) {
	x := [][]float64{{-300}, {-2}, {.5}, {300}}
	for name, c := range map[string]struct {
		training bool
		opts     []BatchNormOption
		want     []float64 // nil: what the batch's statistics give
	}{
		"bound 16": {false, []BatchNormOption{Bound(16)}, []float64{-16, -2, .5, 16}},
		"none":     {false, nil, []float64{-300, -2, .5, 300}},
		"training": {true, []BatchNormOption{Bound(1)}, []float64{-1.41421, -.00589, .00589, 1.41421}},
	} {
		exec := model.MustNewExec(backend(t), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
			s.Store().SetTraining(x.Graph(), c.training)
			return BatchNorm(s, x, append(c.opts, Eps(0))...)
		})
		for i, row := range exec.MustCall(x)[0].Value().([][]float64) {
			if math.Abs(row[0]-c.want[i]) > 2e-2 {
				t.Errorf("%s: %g is %g, want %g", name, x[i][0], row[0], c.want[i])
			}
		}
	}
}

// batchNormOf runs a batch norm in the scope /one.
func batchNormOf(t *testing.T, training bool, param string, x any) error {
	exec, err := model.NewExec(backend(t), model.NewStore(), func(s *model.Scope, x *graph.Node) *graph.Node {
		s.Store().SetTraining(x.Graph(), training)
		if param != "" {
			s.SetGraphParam(x.Graph(), param, true)
		}
		return BatchNorm(s.In("one"), x)
	})
	if err != nil {
		return err
	}
	_, err = exec.Call(x)
	return err
}
