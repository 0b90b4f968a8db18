package vision

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// FromModel returns a learner of a net of your own, a graph function from normalised images [n, h, w, 3] to logits
// [n, classes], with random weights and everything unfrozen: fast.ai 0.7's Learner.from_model_data. fastnb.FromFunc
// makes a Model of the function:
//
//	net := func(s *model.Scope, x *graph.Node) *graph.Node {
//		x = nn.GlobalAvg(nn.ReLU(nn.Conv(s.In("conv"), x, 32, 3, nn.Stride(2))))
//		return nn.Dense(s.In("fc"), x, 2)
//	}
//	learn, err := vision.FromModel(fastnb.FromFunc("three-lines", net), data)
//
// Without layer groups each scope in which the function calls layers is one, in their order: /conv and /fc here. Images
// are normalised as data says, those of SetData and PredictImages too. A checkpoint does not tell the function: it is
// loaded into a learner of FromModel, not by [Open].
func FromModel(m fastnb.Model, data *Data, opts ...NetOption) (_ *Learner, err error) {
	defer verb.Name(&err, "vision: FromModel")
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	var c domain.Settings
	for _, o := range opts {
		o.apply(&c)
	}
	if m.Head == nil {
		return nil, fmt.Errorf("the model %s has no function (want fastnb.FromFunc(name, function))", m.Name)
	}
	if c.Backend == nil {
		if c.Backend, err = engine.Open(); err != nil {
			return nil, err
		}
	}
	if len(m.Groups) == 0 {
		if m.Groups, err = scopesOf(m, data, c); err != nil {
			return nil, err
		}
	}
	d := *data
	d.net = nil // which Open could make anew
	var own []fastnb.Option
	if m.Losses == nil {
		own = usualMetrics(data.kind)
	}
	l, err := c.Learner(&d, m, own...)
	if err != nil {
		return nil, err
	}
	return &Learner{Learner: l, data: &d}, nil
}

// scopesOf returns a layer group of each scope at the top of a model, in the order in which it makes them.
func scopesOf(m fastnb.Model, data *Data, c domain.Settings) (groups []fastnb.Group, err error) {
	forward := func(s *model.Scope, g *graph.Graph) {
		x := graph.Parameter(g, "images", shapes.Make(dtypes.Float32, data.BatchSize(), data.Size(), data.Size(), 3))
		if m.Body != nil {
			x = m.Body(s, []*graph.Node{x})
		}
		m.Head(s, x)
	}
	store, err := pretrained.Net{Name: m.Name, Build: forward}.Variables(c.Backend)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	for v := range store.IterVariables() {
		top, _, scoped := strings.Cut(strings.TrimPrefix(v.Path(), "/"), "/")
		group := fastnb.Group{"/" + top}
		switch {
		case v.Name() == model.RNGStateVariableName:
		case !scoped:
			return nil, fmt.Errorf("model %s has the variable %s in no scope; call its layer with a scope of its own, "+
				"as nn.Conv(s.In(%q), ...)", m.Name, v.Path(), "conv")
		case !slices.ContainsFunc(groups, func(g fastnb.Group) bool { return g[0] == group[0] }):
			groups = append(groups, group)
		}
	}
	if len(groups) == 0 {
		return nil, fmt.Errorf("model %s has no variables; there is nothing to learn", m.Name)
	}
	return groups, nil
}

// HeadFunc maps the features of a body [n, h, w, features] to logits, or to the numbers of a regression, [n, outputs].
type HeadFunc func(s *model.Scope, features *graph.Node, outputs int) *graph.Node

// CustomHead puts a head of your own on the body, fast.ai's custom_head, in place of pools and [Head]; Layers and Ps
// have no effect. It is given its own scope. Its name is part of the model's, so that no other head loads a checkpoint
// of it. [Open] does not know it: such a checkpoint is loaded into a learner of Pretrained. Default: [Head].
func CustomHead(name string, head HeadFunc) LearnerOption {
	return learnerOption(func(c *learnerConfig) { c.custom = &customHead{name, head} })
}

// customHead is a head with its name; nil is Head.
type customHead struct {
	name string
	head HeadFunc
}

// check tells what is wrong with the head.
func (h *customHead) check() error {
	switch {
	case h == nil:
		return nil
	case h.name == "":
		return errors.New("CustomHead: the head has no name; checkpoints need one")
	case h.head == nil:
		return fmt.Errorf("CustomHead: the head %q is nil (want a function)", h.name)
	}
	return nil
}

// pool maps a body's output to what the head takes and Precompute keeps.
func (h *customHead) pool(features *graph.Node) *graph.Node {
	if h == nil {
		return nn.ConcatPool(features)
	}
	return features
}

// modelName names the model: checkpoints of another name are refused.
func (h *customHead) modelName(a arch.Arch, outputs int, usual string) string {
	if h == nil {
		return usual
	}
	return fmt.Sprintf("%s-%s-%d", a.Name, h.name, outputs)
}
