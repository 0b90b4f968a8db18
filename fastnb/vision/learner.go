package vision

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LearnerOption is an option of [Pretrained]. [NetOption] is one, too.
type LearnerOption interface{ learner(*learnerConfig) }

type learnerOption func(*learnerConfig)

func (o learnerOption) learner(c *learnerConfig) { o(c) }

// Precompute trains the head on cached activations of the body; see fastnb.Learner.Precompute. Default false.
func Precompute(on bool) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.precompute = on })
}

// Ps sets the dropout before each dense layer of the head, the last being the one that classifies; one value is
// used for all. Default .25 before each hidden layer and .5 before the last.
func Ps(p ...float64) LearnerOption { return learnerOption(func(c *learnerConfig) { c.ps = p }) }

// Layers sets the sizes of the head's hidden layers; Layers() has none. Default 512.
func Layers(sizes ...int) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.layers = sizes })
}

// Weights sets where the body's weights come from. Default: the architecture's public ones.
func Weights(src pretrained.Source) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.weights = src })
}

// FromScratch starts from random weights, all layer groups unfrozen.
func FromScratch() LearnerOption { return learnerOption(func(c *learnerConfig) { c.scratch = true }) }

// NetOption is an option of [Pretrained] and [Open].
type NetOption struct{ set domain.Setting }

func (o NetOption) apply(s *domain.Settings) {
	if o.set != nil { // that of the zero option is
		o.set(s)
	}
}

func (o NetOption) learner(c *learnerConfig) { o.apply(&c.Settings) }

// On sets the device that computes. Default: the one that engine.Open chooses.
func On(be compute.Backend) NetOption {
	return NetOption{domain.On(be)}
}

// With passes options on to fastnb.New.
func With(opts ...fastnb.Option) NetOption {
	return NetOption{domain.With(opts...)}
}

// Learner is a [fastnb.Learner] of images.
type Learner struct {
	*fastnb.Learner
	data  *Data
	parts parts
	body  arch.Arch // the zero value of a model of one's own
}

// Data returns the images that the learner learns from, as its net wants them.
func (l *Learner) Data() *Data { return domain.Data(l.Learner, l.data) }

// SetData gives the learner other images, larger ones for instance, and freezes everything but the head; see
// fastnb.Learner.SetData. Their classes must be among the net's. They are normalised as its weights were trained; data
// itself stays as it is, and Data returns what came of it.
func (l *Learner) SetData(data *Data) (err error) {
	defer verb.Name(&err, "vision: SetData")
	if data != nil { // what net it is belongs to the learner, whatever net the images were given to before
		d := *data
		d.net, data = l.Data().net, &d
	}
	return domain.SetData(l.Learner, data, func(d *Data) error { return checkSize(l.body, d.Size()) })
}

// YRange bounds the outputs of a regression to low ... high, by a sigmoid: a little more than the range of the numbers
// does well. It is an error for classes. Default: no bounds.
func YRange(low, high float64) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.yRange = []float64{low, high} })
}

type learnerConfig struct {
	domain.Settings
	yRange              []float64 // nil, or low and high
	precompute, scratch bool
	ps                  []float64
	layers              []int
	weights             pretrained.Source
	custom              *customHead
}

// Pretrained returns a learner of a's body with its public weights and a new head for the classes of data, everything
// but the head frozen: fast.ai's ConvLearner.pretrained. The loss and what the epoch table measures follow from what
// the images have: cross-entropy and accuracy of one class, binary cross-entropy and metric.AccuracyThresh(.5) of
// several labels, the squared error and its root of numbers; [With] passes others on. Images are normalised as the
// weights want it, those of SetData and PredictOn too; data itself stays as it is. Batches of one image can't be
// trained on, for the head has batch norms. The three layer groups are the two halves of the body and the head; see
// [Head]. Weights are fetched when they are first needed; a net that has no public ones needs FromScratch, or Weights.
func Pretrained(a arch.Arch, data *Data, opts ...LearnerOption) (_ *Learner, err error) {
	defer verb.Name(&err, "vision: Pretrained")
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	c := learnerConfig{layers: []int{512}, weights: a.Weights}
	for _, o := range opts {
		o.learner(&c)
	}
	if err := c.checkNet(a, data.Size()); err != nil {
		return nil, err
	}
	if c.ps, err = dropouts(c.ps, len(c.layers)); err != nil {
		return nil, err
	}
	if err := errors.Join(c.custom.check(), c.checkRange(data)); err != nil {
		return nil, err
	}
	made, err := c.newLearner(a, data.WithNorm(Norm{Mean: a.Mean, Std: a.Std}))
	if err != nil {
		return nil, err
	}
	if !c.scratch {
		made.Freeze()
	}
	if err := made.Precompute(c.precompute); err != nil {
		return nil, fmt.Errorf("Precompute: %w", err)
	}
	return made, nil
}

// usualMetrics measures numbers by the root of their squared error; fastnb knows what measures the others.
func usualMetrics(of kind) []fastnb.Option {
	if of == numbers {
		return []fastnb.Option{fastnb.WithMetrics(metric.RMSE)}
	}
	return nil
}

// newLearner returns a learner of a's body with a head, everything unfrozen.
func (c learnerConfig) newLearner(a arch.Arch, data *Data) (*Learner, error) {
	var own []fastnb.Option
	if !c.scratch {
		own = append(own, fastnb.KeepBN)
	}
	d := *data
	d.net = &net{Arch: a.Name, Layers: append([]int{}, c.layers...), Ps: c.ps, YRange: c.yRange}
	if c.custom != nil {
		d.net = nil
	}
	m := c.model(a, &d)
	l, err := c.Settings.Learner(&d, m, append(own, usualMetrics(d.kind)...)...)
	if err != nil {
		return nil, err
	}
	return &Learner{l, &d, c.parts(a, m), a}, nil
}

// name names the model: checkpoints of another name are refused.
func (c learnerConfig) name(a arch.Arch, d *Data) string {
	name := c.custom.modelName(a, d.outputs(), fmt.Sprintf("%s-%v-%d", a.Name, c.layers, d.outputs()))
	if d.kind != oneClass {
		name += "-" + string(d.kind)
	}
	if c.yRange != nil {
		name += fmt.Sprintf("-y%v", c.yRange)
	}
	return name
}

// bound keeps outputs within YRange.
func (c learnerConfig) bound(y *graph.Node) *graph.Node {
	if c.yRange == nil {
		return y
	}
	return graph.AddScalar(graph.MulScalar(graph.Sigmoid(y), c.yRange[1]-c.yRange[0]), c.yRange[0])
}

// checkRange tells what is wrong with YRange.
func (c learnerConfig) checkRange(d *Data) error {
	switch y := c.yRange; {
	case y == nil:
		return nil
	case d.kind != numbers:
		return fmt.Errorf("YRange bounds numbers, the images have %s; leave it out", d.kind)
	case !(y[0] < y[1]) || math.IsInf(y[1]-y[0], 0):
		return fmt.Errorf("YRange(%g, %g) (want two finite numbers, the lower one first)", y[0], y[1])
	}
	return nil
}

// dropouts returns the head's dropouts: one before each hidden layer and one before the last.
func dropouts(ps []float64, hidden int) ([]float64, error) {
	n := hidden + 1
	for _, p := range ps {
		if !(p >= 0 && p < 1) {
			return nil, fmt.Errorf("Ps: dropout %g (want 0 or more, below 1)", p)
		}
	}
	switch len(ps) {
	case 0:
		return append(slices.Repeat([]float64{.25}, hidden), .5), nil
	case 1:
		return slices.Repeat(ps, n), nil
	case n:
		return ps, nil
	}
	return nil, fmt.Errorf("Ps: %d dropouts for %d dense layers (want 1 or %d)", len(ps), n, n)
}

// parts is a's body and the head of m, the body's output before it is pooled.
func (c learnerConfig) parts(a arch.Arch, m fastnb.Model) parts {
	return func(s *model.Scope, x *graph.Node) (features, output *graph.Node) {
		features = a.Body(s, x)
		return features, m.Head(s, c.custom.pool(features))
	}
}

// model puts body and head together.
func (c learnerConfig) model(a arch.Arch, d *Data) fastnb.Model {
	outputs := d.outputs()
	m := fastnb.Model{
		Name: c.name(a, d),
		Body: func(s *model.Scope, in []*graph.Node) *graph.Node { return c.custom.pool(a.Body(s, in[0])) },
		Head: func(s *model.Scope, x *graph.Node) *graph.Node {
			return c.bound(Head(s.In("head"), x, c.layers, c.ps, outputs))
		},
		Groups: []fastnb.Group{a.Groups[0], a.Groups[1], {"/head"}},

		MinBatch: 2, // the head's batch norms see one value per image
	}
	if c.custom != nil {
		m.MinBatch = 0
		m.Head = func(s *model.Scope, x *graph.Node) *graph.Node {
			return c.bound(c.custom.head(s.In("head"), x, outputs))
		}
	}
	if !c.scratch {
		m.Init = func(be compute.Backend, store *model.Store) error { return a.Load(be, store, c.weights) }
	}
	return m
}
