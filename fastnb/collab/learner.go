package collab

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Learner is a [fastnb.Learner] of ratings, which also tells what it learned of users and items.
type Learner struct {
	*fastnb.Learner
	data *Data
}

// NewLearner returns a learner of ratings as dot products of factors plus two biases, with Adam and the mean squared error,
// in one layer group. A weight decay of about .1 keeps it from learning the ratings by heart.
func NewLearner(data *Data, opts ...Option) (*Learner, error) {
	l, err := newLearner(data, opts)
	if err != nil {
		return nil, fmt.Errorf("collab: NewLearner: %w", err)
	}
	return l, nil
}

func newLearner(data *Data, opts []Option) (*Learner, error) {
	c := config{factors: 50}
	for _, o := range opts {
		o.learner(&c)
	}
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	users, items, err := data.sizes()
	if err != nil {
		return nil, err
	}
	l, err := c.Learner(data, c.model(users, items), fastnb.WithOptimizer(optim.Adam{}))
	return &Learner{l, data}, err
}

// SetData gives the learner other ratings by the same users of the same items: a sample, say. Others are an error, a net of
// theirs is made by NewLearner.
func (l *Learner) SetData(data *Data) error {
	if data == nil {
		return errors.New("collab: SetData: the data is nil")
	}
	if err := l.Learner.SetData(data); err != nil {
		return err
	}
	l.data = data
	return nil
}

// Ratings returns the data that the learner learns from.
func (l *Learner) Ratings() *Data { return l.data }

// The scopes of the model's four tables.
const (
	userFactors = "user_factors"
	itemFactors = "item_factors"
	userBias    = "user_bias"
	itemBias    = "item_bias"
)

// model maps codes of user and item [rows, 2] to ratings [rows, 1].
func (c config) model(users, items int) fastnb.Model {
	dot := func(s *model.Scope, codes *graph.Node) *graph.Node {
		user, item := column(codes, 0), column(codes, 1)
		product := graph.Mul(nn.Embedding(s.In(userFactors), user, users, c.factors), nn.Embedding(s.In(itemFactors), item, items, c.factors))
		y := graph.ReduceAndKeep(product, graph.ReduceSum, -1)
		y = graph.Add(y, nn.Embedding(s.In(userBias), user, users, 1))
		return c.bound(graph.Add(y, nn.Embedding(s.In(itemBias), item, items, 1)))
	}
	name := fmt.Sprintf("collab-%d-%d-%d", users, items, c.factors)
	if c.bounded {
		name += fmt.Sprintf("-y[%g %g]", c.low, c.high)
	}
	return fastnb.FromFunc(name, dot, fastnb.Group{"/" + userFactors, "/" + itemFactors, "/" + userBias, "/" + itemBias})
}

func (c config) bound(y *graph.Node) *graph.Node {
	if !c.bounded {
		return y
	}
	return graph.AddScalar(graph.MulScalar(graph.Sigmoid(y), c.high-c.low), c.low)
}

// column returns column k of codes, [rows].
func column(codes *graph.Node, k int) *graph.Node {
	return graph.Squeeze(graph.Slice(codes, graph.AxisRange(), graph.AxisElem(k)), 1)
}
