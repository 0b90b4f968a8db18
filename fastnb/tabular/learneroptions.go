package tabular

import (
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/gomlx/compute"
)

// LearnerOption is an option of NewLearner.
type LearnerOption interface{ learner(*learnerConfig) }

type learnerOption func(*learnerConfig)

func (o learnerOption) learner(c *learnerConfig) { o(c) }

// Layers sets the sizes of the hidden layers; Layers() has none. Default 200, 100.
func Layers(sizes ...int) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.Layers = sizes })
}

// Ps sets the dropout after each hidden layer; one value is used for all. Default 0.
func Ps(p ...float64) LearnerOption { return learnerOption(func(c *learnerConfig) { c.Ps = p }) }

// EmbDrop is the dropout of the embeddings. Default 0.
func EmbDrop(p float64) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.EmbDrop = p })
}

// NoBatchNorm leaves out the batch norm after each hidden layer and that of the numbers. Default false.
func NoBatchNorm(on bool) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.NoBatchNorm = on })
}

// SizeRule gives an embedding's size by the number of its codes, the unknown included. Default, and nil: EmbSize.
func SizeRule(rule func(codes int) int) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.rule = rule })
}

// EmbSizes sets the size of some columns' embeddings, by column.
func EmbSizes(sizes map[string]int) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.sizes = sizes })
}

// YRange bounds the outputs of a regression to low ... high, by a sigmoid. A little more than the range of the targets
// does well: see Data.TargetRange. Default: no bounds.
func YRange(low, high float64) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.YRange = []float64{low, high} })
}

// Setting is an option of NewLearner and of Open.
type Setting interface {
	learner(*learnerConfig)
	open(*domain.Settings)
}

type settingOption domain.Setting

func (o settingOption) learner(c *learnerConfig) { o(&c.Settings) }
func (o settingOption) open(s *domain.Settings)  { o(s) }

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) Setting { return settingOption(domain.On(be)) }

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) Setting { return settingOption(domain.With(opts...)) }

// EmbSize is fast.ai 0.7's rule for the size of an embedding: half as many as there are codes, at most 50.
func EmbSize(codes int) int { return min(50, (codes+1)/2) }

// EmbSizeV2 is fastai v2's rule: 1.6 times the codes to the power of .56, at most 600.
func EmbSizeV2(codes int) int {
	return min(600, int(math.RoundToEven(1.6*math.Pow(float64(codes), .56))))
}

// learnerConfig is what NewLearner was asked for.
type learnerConfig struct {
	net
	rule  func(codes int) int
	sizes map[string]int
	domain.Settings
}

func newLearnerConfig(opts []LearnerOption) learnerConfig {
	c := learnerConfig{net: net{Layers: []int{200, 100}}, rule: EmbSize}
	for _, o := range opts {
		o.learner(&c)
	}
	if c.rule == nil {
		c.rule = EmbSize
	}
	return c
}

// shape fits the net to the data: the sizes of embeddings, inputs and outputs.
func (c *learnerConfig) shape(p *prep) error {
	c.Conts, c.Outputs = len(p.Conts), p.Target.outputs()
	switch {
	case len(c.Ps) == 0:
		c.Ps = make([]float64, len(c.Layers))
	case len(c.Ps) == 1:
		c.Ps = slices.Repeat(c.Ps, len(c.Layers))
	case len(c.Ps) != len(c.Layers):
		return fmt.Errorf("Ps: %d dropouts for %d hidden layers (want 1 or %d)", len(c.Ps), len(c.Layers), len(c.Layers))
	}
	for _, q := range append(slices.Clone(c.Ps), c.EmbDrop) {
		if !(q >= 0 && q < 1) {
			return fmt.Errorf("dropout %g (want 0 or more, below 1)", q)
		}
	}
	if slices.ContainsFunc(c.Layers, func(n int) bool { return n < 1 }) {
		return fmt.Errorf("hidden layers of %v (want sizes of 1 or more)", c.Layers)
	}
	if r := c.YRange; r != nil && (p.Target.Task != regression || !(r[0] < r[1]) || math.IsInf(r[1]-r[0], 0)) {
		return fmt.Errorf("YRange(%g, %g) of a %s (want low below high, both finite, and a regression)",
			r[0], r[1], p.Target.Task)
	}
	return c.embeddings(p)
}

func (c *learnerConfig) embeddings(p *prep) error {
	known := map[string]bool{}
	for _, cat := range p.Cats {
		size, ok := c.sizes[cat.name()]
		if !ok {
			size = c.rule(cat.size())
		}
		if size < 1 {
			return fmt.Errorf("an embedding of %q with %d numbers (want 1 or more)", cat.name(), size)
		}
		known[cat.name()] = true
		c.Embeddings = append(c.Embeddings, [2]int{cat.size(), size})
	}
	for _, column := range sortedKeys(c.sizes) {
		if !known[column] {
			return fmt.Errorf("EmbSizes: no category %q (have %v)", column, sortedKeys(known))
		}
	}
	return nil
}
