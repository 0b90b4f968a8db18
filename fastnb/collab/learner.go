package collab

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Learner is a [fastnb.Learner] of ratings, which also tells what it learned of users and items.
type Learner struct {
	*fastnb.Learner
	given *Data // what Data returns where the fastnb.Learner has other data than ours
}

// NewLearner returns a learner of ratings as dot products of factors plus two biases, with Adam and the mean squared
// error, in one layer group. A weight decay of about .1 keeps it from learning the ratings by heart.
func NewLearner(data *Data, opts ...Option) (l *Learner, err error) {
	defer verb.Name(&err, "collab: NewLearner")
	c := config{net: net{Factors: 50}}
	for _, o := range opts {
		o.learner(&c)
	}
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.learnerOf(data)
}

// learnerOf returns a learner whose checkpoints hold what the net is made of.
func (c config) learnerOf(data *Data) (*Learner, error) {
	users, items, err := data.sizes()
	if err != nil {
		return nil, err
	}
	l, err := c.Keeping(data, c.model(users, items), netKey, kept{data.user, data.item, c.net})
	if err != nil {
		return nil, err
	}
	return &Learner{l, data}, nil
}

// Data returns the ratings that the learner learns from.
func (l *Learner) Data() *Data { return domain.Data(l.Learner, l.given) }

// SetData gives the learner other ratings by the same users of the same items: a sample, say. Others are an error, a
// net of theirs is made by NewLearner.
func (l *Learner) SetData(data *Data) (err error) {
	defer verb.Name(&err, "collab: SetData")
	if err := domain.SetData(l.Learner, data); err != nil {
		return err
	}
	l.given = data
	return nil
}

// The scopes of the model's four tables.
const (
	userFactors = "user_factors"
	itemFactors = "item_factors"
	userBias    = "user_bias"
	itemBias    = "item_bias"
)

// net is what the model is made of. It is kept as JSON.
type net struct {
	Factors int       `json:"factors"`
	YRange  []float64 `json:"y_range"` // nil, or low and high
}

// model maps codes of user and item [rows, 2] to ratings [rows, 1].
func (n net) model(users, items int) fastnb.Model {
	dot := func(s *model.Scope, codes *graph.Node) *graph.Node {
		user, item := column(codes, 0), column(codes, 1)
		product := graph.Mul(nn.Embedding(s.In(userFactors), user, users, n.Factors),
			nn.Embedding(s.In(itemFactors), item, items, n.Factors))
		y := graph.ReduceAndKeep(product, graph.ReduceSum, -1)
		y = graph.Add(y, nn.Embedding(s.In(userBias), user, users, 1))
		return n.bound(graph.Add(y, nn.Embedding(s.In(itemBias), item, items, 1)))
	}
	name := fmt.Sprintf("collab-%d-%d-%d", users, items, n.Factors)
	if n.YRange != nil {
		name += fmt.Sprintf("-y[%g %g]", n.YRange[0], n.YRange[1])
	}
	groups := fastnb.Group{"/" + userFactors, "/" + itemFactors, "/" + userBias, "/" + itemBias}
	return fastnb.FromFunc(name, dot, groups)
}

func (n net) bound(y *graph.Node) *graph.Node {
	if n.YRange == nil {
		return y
	}
	low, high := n.YRange[0], n.YRange[1]
	return graph.AddScalar(graph.MulScalar(graph.Sigmoid(y), high-low), low)
}

// column returns column k of codes, [rows].
func column(codes *graph.Node, k int) *graph.Node {
	return graph.Squeeze(graph.Slice(codes, graph.AxisRange(), graph.AxisElem(k)), 1)
}
