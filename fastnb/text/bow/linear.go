package bow

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/fastnb/fastnb/internal/verb"
)

type linearConfig struct {
	loss      Loss
	scale     []float64
	prior     float64
	c         float64
	passes    int
	tolerance float64
	seed      uint64
	ownC      bool // given, not a method's
	ownPrior  bool
}

func defaultLinear() linearConfig { return linearConfig{c: 1, passes: 1000, tolerance: 1e-3, seed: 42} }

// Linear trains a linear model of one class against the rest: the weights w of the terms and b that make half their
// squared distance from [Prior] and 0, and C (default 1) times the sum of the documents' [Loss] least. A document's
// score is b and the sum of w over its terms, each times its scale; it is of the class if that is above 0.
//
// The method is coordinate descent in the dual, a document at a time (Hsieh et al. 2008, Yu et al. 2011): what
// scikit-learn's liblinear solvers do, of which C, too, is the same. It ends when no document's own step moved its
// score by over Tolerance in a pass; to need more than Passes is an error. L-BFGS (gonum/optimize) takes 2.7 times as
// long on IMDB and several copies of the weights.
func Linear(x *Matrix, labels []int, class int, opts ...LinearOption) (w []float64, b float64, err error) {
	defer verb.Name(&err, "bow: Linear")
	conf := defaultLinear()
	for _, o := range opts {
		o.linear(&conf)
	}
	if err := cmp.Or(checkClass(x, labels, class), conf.check(), conf.checkScale(x.Cols)); err != nil {
		return nil, 0, err
	}
	return linear(x, labels, class, conf)
}

func (c linearConfig) check() error {
	switch {
	case c.loss != LogLoss && c.loss != SquaredHinge:
		return fmt.Errorf("no loss %d (want LogLoss or SquaredHinge)", c.loss)
	case math.IsNaN(c.prior) || math.IsInf(c.prior, 0):
		return fmt.Errorf("Prior(%g) (want a finite number)", c.prior)
	case !(c.c > 0) || math.IsInf(c.c, 0):
		return fmt.Errorf("C(%g) (want a finite number above 0)", c.c)
	case c.passes < 1:
		return fmt.Errorf("Passes(%d) (want 1 or more)", c.passes)
	case !(c.tolerance > 0):
		return fmt.Errorf("Tolerance(%g) (want a number above 0)", c.tolerance)
	}
	return nil
}

func (c linearConfig) checkScale(terms int) error {
	if c.scale != nil && len(c.scale) != terms {
		return fmt.Errorf("a scale of %d numbers for %d terms (want as many)", len(c.scale), terms)
	}
	for j, s := range c.scale {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return fmt.Errorf("scale[%d] is %g (want finite numbers)", j, s)
		}
	}
	return nil
}

func linear(x *Matrix, labels []int, class int, conf linearConfig) (w []float64, b float64, err error) {
	p := newProblem(x, labels, class, conf)
	moved, rng := math.Inf(1), rand.New(rand.NewPCG(conf.seed, 0))
	for pass := 0; moved > conf.tolerance; pass++ {
		if pass == conf.passes {
			return nil, 0, fmt.Errorf("not settled after Passes(%d), a score moved by %.2g in the last: lower C(%g), or raise "+
				"Passes or Tolerance(%g)", pass, moved, conf.c, conf.tolerance)
		}
		moved = p.pass(rng.Perm(len(labels)))
		if math.IsNaN(moved) || math.IsInf(moved, 0) {
			return nil, 0, errors.New("the numbers grow beyond all bounds: lower C, or the values and scales")
		}
	}
	w = make([]float64, x.Cols)
	for j := range w {
		w[j] = p.weights[j].of
	}
	return w, p.bias, nil
}

// problem is a linear model in training.
type problem struct {
	linearConfig
	x       *Matrix
	sign    []float64 // 1 for documents of the class, -1 for others
	size    []float64 // squared length of each row, 1 for the bias in it
	alpha   []float64 // dual variable of each document
	weights []weight
	bias    float64
}

// weight is a term's weight beside its scale, as both are needed at once.
type weight struct{ of, scale float64 }

func newProblem(x *Matrix, labels []int, class int, conf linearConfig) *problem {
	n := len(labels)
	p := &problem{conf, x, make([]float64, n), make([]float64, n), make([]float64, n), make([]weight, x.Cols), 0}
	for j := range p.weights {
		p.weights[j] = weight{conf.prior, 1}
		if conf.scale != nil {
			p.weights[j].scale = conf.scale[j]
		}
	}
	for i, label := range labels {
		p.sign[i] = -1
		if label == class {
			p.sign[i] = 1
		}
		p.size[i] = p.squared(i)
	}
	return p
}

// squared returns the squared length of a row, 1 for the bias in it.
func (p *problem) squared(row int) float64 {
	sum := 1.
	cols, values := p.x.Row(row)
	for k, j := range cols {
		v := p.weights[j].scale
		if values != nil {
			v *= float64(values[k])
		}
		sum += v * v
	}
	return sum
}

// pass makes the best step for each document in turn, and returns by how much one moved its score at most.
func (p *problem) pass(order []int) (moved float64) {
	for _, i := range order {
		alpha := p.loss.best(p.alpha[i], p.sign[i]*p.score(i), p.size[i], p.c)
		step := alpha - p.alpha[i]
		if step != 0 {
			p.alpha[i] = alpha
			p.add(i, step*p.sign[i])
		}
		moved = max(moved, math.Abs(step)*p.size[i])
	}
	return moved
}

func (p *problem) score(row int) float64 {
	sum := p.bias
	cols, values := p.x.Row(row)
	for k, j := range cols {
		v := p.weights[j].of * p.weights[j].scale
		if values != nil {
			v *= float64(values[k])
		}
		sum += v
	}
	return sum
}

// add adds a row times a factor to the weights.
func (p *problem) add(row int, factor float64) {
	p.bias += factor
	cols, values := p.x.Row(row)
	for k, j := range cols {
		v := factor * p.weights[j].scale
		if values != nil {
			v *= float64(values[k])
		}
		p.weights[j].of += v
	}
}
