package text

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

// Net is a language model as a graph function: it scores the next token at every place of some texts, codes [rows,
// time] of int32 to scores [rows, time, words], or at the last n places only, [rows, n, words]; words is the length of
// the vocabulary. What it carries from batch to batch is nn.State; rows and time are not always the same.
type Net func(s *model.Scope, codes *graph.Node, words int) *graph.Node

// NewNet returns a language model of a net of one's own, which does all that one of NewLanguageModel does but for
// encoders. name tells checkpoints apart; groups are its layer groups, one of all there is if they are left out.
func NewNet(data *LMData, name string, net Net, groups []fastnb.Group, opts ...SharedOption) (
	l *LanguageModel, err error) {
	defer verb.Name(&err, "text: NewNet")
	if data == nil || net == nil {
		return nil, errors.New("data and a net are needed")
	}
	var c domain.Settings
	for _, o := range opts {
		o.settings(&c)
	}
	if groups == nil {
		groups = []fastnb.Group{{"/"}}
	}
	scored := func(s *model.Scope, codes *graph.Node) *graph.Node {
		return checked(name, net, s, codes, data.Vocab().Len())
	}
	data = data.withNet(&savedNet{Own: name})
	m := netModel(scored)
	m.Name, m.Groups = fmt.Sprintf("%s-%d", name, data.Vocab().Len()), groups
	learn, err := c.Learner(data, m, languageModelOptions...)
	if err != nil {
		return nil, err
	}
	return &LanguageModel{Learner: learn, data: data, net: scored}, nil
}

// netModel finds losses of scores [rows, time, words]; predictions are those of the word after the last.
func netModel(scored func(s *model.Scope, codes *graph.Node) *graph.Node) (m fastnb.Model) {
	m.Losses = func(s *model.Scope, codes, labels *graph.Node) fastnb.Losses {
		return netLosses(scored(s, codes), labels)
	}
	m.Head = func(s *model.Scope, codes *graph.Node) *graph.Node {
		scores := scored(s, codes)
		last := graph.Slice(scores, graph.AxisRange(), graph.AxisElem(-1))
		return graph.Reshape(last, codes.Shape().Dim(0), scores.Shape().Dim(2))
	}
	return m
}

// checked is a net's scores; it panics, as graph functions do, if they are of another shape than Net says.
func checked(name string, net Net, s *model.Scope, codes *graph.Node, words int) *graph.Node {
	scores := net(s, codes, words)
	rows, time := codes.Shape().Dim(0), codes.Shape().Dim(1)
	shape := scores.Shape()
	if scores.Rank() != 3 || shape.Dim(0) != rows || shape.Dim(1) > time || shape.Dim(2) != words {
		panic(fmt.Errorf("text: NewNet: net %s makes %s of codes [%d, %d] (want scores [%d, %d, %d], or of fewer, "+
			"the last places)",
			name, shape, rows, time, rows, time, words))
	}
	return scores
}

// netLosses finds those of scores [rows, time, words] and labels [rows, time or more], -1 where there is no word; the
// last ones count.
func netLosses(scores, labels *graph.Node) fastnb.Losses {
	rows, time, words := scores.Shape().Dim(0), scores.Shape().Dim(1), scores.Shape().Dim(2)
	labels = graph.Slice(labels, graph.AxisRange(), graph.AxisRange(labels.Shape().Dim(1)-time, labels.Shape().Dim(1)))
	flat, label := graph.Reshape(scores, rows*time, words), graph.Reshape(labels, rows*time)
	sum := func(x *graph.Node) *graph.Node {
		return graph.ReduceSum(graph.Reshape(graph.ConvertDType(x, scores.DType()), rows, time), 1)
	}
	there := graph.GreaterOrEqual(label, graph.ZerosLike(label))
	right := graph.LogicalAnd(there, graph.Equal(graph.ArgMax(flat, -1, label.DType()), label))
	loss := sum(nn.CrossEntropy(flat, label))
	return lossesOf(graph.ReduceAllSum(loss), loss, sum(right), sum(there))
}
