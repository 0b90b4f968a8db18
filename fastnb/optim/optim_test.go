package optim_test

import (
	"math"
	"testing"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A matrix in one layer group and a vector in the other, their gradients, and the hyper-parameters of three steps.
var (
	matrix, vector = []float32{1, -2, 3, .5}, []float32{-1, 2}
	grads          = [][]float32{{.1, .2, -.3, 4}, {.5, -.05}}
	steps          = []hyper{{[]float32{.1, .01}, []float32{.5, .5}, .9}, {[]float32{.2, .02}, []float32{.5, .5}, .8}, {[]float32{.05, 0}, []float32{0, .5}, .95}}
)

type hyper struct {
	lr, wd []float32
	mom    float32
}

// run takes the steps on the device, with one compilation for all of them, and returns matrix and vector.
func run(t *testing.T, o optim.Optimizer, clip float32) [][]float32 {
	t.Helper()
	be, err := engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	s := model.NewStore()
	params := []optim.Param{
		{Var: s.VariableWithValue("/a/weight", tensors.FromFlatDataAndDimensions(matrix, 2, 2))},
		{Var: s.VariableWithValue("/b/bias", tensors.FromFlatDataAndDimensions(vector, 2)), Group: 1},
	}
	exec := model.MustNewExec(be, s, func(_ *model.Scope, a, b, lr, wd, mom *graph.Node) []*graph.Node {
		g := []*graph.Node{a, b}
		if clip > 0 {
			g = optim.ClipNorm(g, graph.Const(a.Graph(), clip))
		}
		o.Update(s, params, g, optim.Hyper{LR: lr, WD: wd, Momentum: mom})
		return []*graph.Node{mom}
	})
	for _, h := range steps {
		exec.MustCall([][]float32{grads[0][:2], grads[0][2:]}, grads[1], h.lr, h.wd, h.mom)
	}
	var got [][]float32
	for _, p := range params {
		got = append(got, tensors.MustCopyFlatData[float32](p.Var.MustValue()))
	}
	return got
}

// rule is an optimizer written down for one number: its state, the gradient and the momentum give the step.
type rule func(state []float64, g, mom float64) float64

func sgd(s []float64, g, mom float64) float64 {
	s[0] = mom*s[0] + g
	return s[0]
}

func nesterov(s []float64, g, mom float64) float64 { return g + mom*sgd(s, g, mom) }

// adam's state: both means, and what a gradient of 1 would have made of them.
func adam(s []float64, g, mom float64) float64 {
	for i, x := range []float64{g, g * g, 1, 1} {
		beta := []float64{mom, .99, mom, .99}[i]
		s[i] = beta*s[i] + (1-beta)*x
	}
	return s[0] / s[2] / (math.Sqrt(s[1]/s[3]) + 1e-5)
}

// follow takes the steps for one number of a group; a matrix decays, by its rate times weight decay.
func (r rule) follow(w, g float64, group int) float64 {
	state := make([]float64, 4)
	for _, h := range steps {
		lr := float64(h.lr[group])
		if group == 0 {
			w *= 1 - lr*float64(h.wd[group])
		}
		w -= lr * r(state, g, float64(h.mom))
	}
	return w
}

// Each group has its own rate and decay, both change with every step, and biases do not decay.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		name string
		o    optim.Optimizer
		rule rule
		clip float64 // 0: none
	}{
		{"SGD", optim.SGD{}, sgd, 0},
		{"SGD, clipped", optim.SGD{}, sgd, .5},
		{"SGD, below the clip", optim.SGD{}, sgd, 100},
		{"Nesterov", optim.SGD{Nesterov: true}, nesterov, 0},
		{"Adam", optim.Adam{}, adam, 0},
		{"Adam, clipped", optim.Adam{}, adam, .5},
	} {
		scale := 1.0
		if norm := math.Sqrt(.1*.1 + .2*.2 + .3*.3 + 4*4 + .5*.5 + .05*.05); c.clip > 0 {
			scale = min(1, c.clip/norm)
		}
		for group, got := range run(t, c.o, float32(c.clip)) {
			for i, w := range [][]float32{matrix, vector}[group] {
				want := c.rule.follow(float64(w), scale*float64(grads[group][i]), group)
				if math.Abs(float64(got[i])-want) > 1e-5 {
					t.Errorf("%s: group %d, number %d is %g, want %g", c.name, group, i, got[i], want)
				}
			}
		}
	}
}
