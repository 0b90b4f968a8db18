package text

import (
	"errors"
	"math"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LanguageModel is a [fastnb.Learner] that learns to tell the next word. It can also write text.
type LanguageModel struct {
	*fastnb.Learner
	data *LMData
	awd  arch.AWDLSTM // of NewNet no layers
	gen  generator

	// net scores the next word at places of codes, the last of them too.
	net func(s *model.Scope, codes *graph.Node) *graph.Node
}

// NewLanguageModel returns an AWD-LSTM on data, with Adam, everything unfrozen; its table shows accuracy and
// perplexity. The layer groups are each layer of LSTM, then the embeddings, which the decoder shares, with its bias.
// The states go from batch to batch. fastai fits it with Moms(.8, .7, .8) and a weight decay of .1.
func NewLanguageModel(data *LMData, opts ...LanguageModelOption) (l *LanguageModel, err error) {
	defer verb.Name(&err, "text: NewLanguageModel")
	if data == nil {
		return nil, errNoData
	}
	c := newLearnerConfig(data.Vocab().Len(), arch.LanguageModelDrops, 1)
	for _, o := range opts {
		o.languageModel(&c)
	}
	if c, err = c.checked(); err != nil {
		return nil, err
	}
	return c.newLanguageModel(data)
}

// newLanguageModel returns a learner of the net on data, which keep its sizes.
func (c learnerConfig) newLanguageModel(data *LMData) (*LanguageModel, error) {
	data = data.withNet(&savedNet{AWD: &c.net, AR: c.ar, TAR: c.tar})
	l, err := c.Learner(data, c.languageModel(), languageModelOptions...)
	if err != nil {
		return nil, err
	}
	return &LanguageModel{Learner: l, data: data, awd: c.net, net: c.everyScore}, nil
}

var errNoData = errors.New("the data is nil; ForLanguageModel and ForClassifier return some")

// languageModelOptions are those of every language model.
var languageModelOptions = []fastnb.Option{
	fastnb.WithOptimizer(optim.Adam{}), fastnb.WithLoss(fastnb.CrossEntropy), fastnb.WithMetrics(Accuracy, Perplexity),
}

// What a language model keeps of each row of a window.
const (
	keptLoss  = iota // sum of the losses of its words, in nats
	keptRight        // how many words were the most likely ones
	keptWords        // how many words it has
	keptCols
)

// Accuracy is the share of words that a language model guessed right, 0 to 1: its most likely word was the next one.
var Accuracy = metric.Metric{Name: "accuracy",
	Kept: func(rows []float32, cols int) float64 { return ofWords(rows, cols, keptRight) }}

// Perplexity is e to the power of the mean loss per word: the model is as unsure as if it had to choose among so many
// equally likely words.
var Perplexity = metric.Metric{Name: "perplexity", Lower: true,
	Kept: func(rows []float32, cols int) float64 { return math.Exp(ofWords(rows, cols, keptLoss)) }}

// ofWords is the sum of a column over the number of words.
func ofWords(rows []float32, cols, col int) float64 {
	if cols != keptCols {
		return math.NaN()
	}
	var sum, words float64
	for i := 0; i < len(rows); i += cols {
		sum, words = sum+float64(rows[i+col]), words+float64(rows[i+keptWords])
	}
	return sum / words
}

// languageModel has the encoder as its body. Its head scores the word after the last, which is what prediction asks
// for.
func (c learnerConfig) languageModel() fastnb.Model {
	groups := c.net.EncoderGroups()
	m := fastnb.Model{Name: c.net.Name() + "-lm", Body: c.carried, Losses: c.losses}
	for _, g := range groups[1:] {
		m.Groups = append(m.Groups, g)
	}
	m.Groups = append(m.Groups, append(groups[0], "/decoder"))
	m.Head = func(s *model.Scope, hs *graph.Node) *graph.Node {
		return c.scores(s, graph.Reshape(graph.Slice(hs, graph.AxisElem(-1)), hs.Shape().Dim(1), hs.Shape().Dim(2)))
	}
	return m
}

// scores decodes states [n, embedding] to scores of words [n, words].
func (c learnerConfig) scores(s *model.Scope, h *graph.Node) *graph.Node {
	w, b := c.net.Decoder(s, h.Graph())
	return graph.Add(graph.Einsum("ne,we->nw", h, w), graph.ExpandAxes(b, 0))
}

// everyScore scores the next word at every place of codes [rows, time]: [rows, time, words].
func (c learnerConfig) everyScore(s *model.Scope, codes *graph.Node) *graph.Node {
	hs := graph.Transpose(c.carried(s, []*graph.Node{codes}), 0, 1)
	scores := c.scores(s, graph.Reshape(hs, -1, c.net.Embedding))
	return graph.Reshape(scores, codes.Shape().Dim(0), codes.Shape().Dim(1), c.net.Vocab)
}

// carried is the encoder, from the states of the batch before.
func (c learnerConfig) carried(s *model.Scope, inputs []*graph.Node) *graph.Node {
	codes := inputs[0]
	g, batch := codes.Graph(), codes.Shape().Dim(0)
	start, kept := make([]arch.LayerState, c.net.Layers), make([][2]*model.Variable, c.net.Layers)
	for i := range start {
		layer := s.At("carried").At("rnn%d", i)
		kept[i] = [2]*model.Variable{nn.State(layer, "h", batch, c.net.Width(i)), nn.State(layer, "c", batch, c.net.Width(i))}
		start[i] = arch.LayerState{H: kept[i][0].NodeValue(g), C: kept[i][1].NodeValue(g)}
	}
	hs, last := c.net.Encode(s, codes, start)
	for i, state := range last {
		kept[i][0].SetNodeValue(state.H)
		kept[i][1].SetNodeValue(state.C)
	}
	return hs
}

// losses finds those of a window: hs [time, rows, embedding] and labels [rows, time], -1 where there is no word.
func (c learnerConfig) losses(s *model.Scope, hs, labels *graph.Node) fastnb.Losses {
	g := hs.Graph()
	time, rows := hs.Shape().Dim(0), hs.Shape().Dim(1)
	dropped := nn.Dropout(s, hs, c.net.Drops.Output, nn.Locked(0))
	c.penalize(s, hs, dropped)
	w, b := c.net.Decoder(s, g)
	labels = graph.Reshape(graph.Transpose(labels, 0, 1), time*rows)
	found := nn.LinearCrossEntropy(graph.Reshape(dropped, time*rows, -1), w, b, labels, s.IsTraining(g))
	words := graph.ConvertDType(graph.GreaterOrEqual(labels, graph.ZerosLike(labels)), hs.DType())
	sum := func(x *graph.Node) *graph.Node { return graph.ReduceSum(graph.Reshape(x, time, rows), 0) }
	return lossesOf(found.Sum, sum(found.Rows), sum(found.Hits), sum(words))
}

// lossesOf puts together what a language model keeps: the loss of all words, and of each row the loss, how many words
// were the most likely ones, and how many it has.
func lossesOf(all, loss, right, n *graph.Node) fastnb.Losses {
	return fastnb.Losses{
		Mean: graph.Div(all, graph.MaxScalar(graph.ReduceAllSum(n), 1)),
		Rows: graph.Div(loss, graph.MaxScalar(n, 1)), Weight: n,
		Kept: graph.Stack([]*graph.Node{loss, right, n}, 1),
	}
}

// penalize adds AR and TAR of the states [time, rows, embedding].
func (c learnerConfig) penalize(s *model.Scope, hs, dropped *graph.Node) {
	c.penalizeBy(s, hs, dropped, func(x *graph.Node) *graph.Node { return graph.ReduceAllMean(graph.Square(x)) })
}

// penalizeBy is penalize with another mean of squares, of what has as many times as hs or one less.
func (c learnerConfig) penalizeBy(s *model.Scope, hs, dropped *graph.Node, meanSquare func(x *graph.Node) *graph.Node) {
	if c.ar > 0 {
		nn.Penalize(s, graph.MulScalar(meanSquare(dropped), c.ar))
	}
	if time := hs.Shape().Dim(0); c.tar > 0 && time > 1 {
		change := graph.Sub(graph.Slice(hs, graph.AxisRange(1, time)), graph.Slice(hs, graph.AxisRange(0, time-1)))
		nn.Penalize(s, graph.MulScalar(meanSquare(change), c.tar))
	}
}

// Data returns what the learner learns from.
func (l *LanguageModel) Data() *LMData { return domain.Data(l.Learner, l.data) }

// SetData gives the learner other text of the same vocabulary and tokenizer, and freezes all but the last layer group,
// the embeddings, as fastnb.Learner does: Unfreeze undoes that.
func (l *LanguageModel) SetData(data *LMData) (err error) {
	defer verb.Name(&err, "text: SetData")
	if data != nil {
		data = data.withNet(l.data.conf.net)
	}
	same := func(data *LMData) error { return checkSame(l.data, data) }
	if err := domain.SetData(l.Learner, data, same); err != nil {
		return err
	}
	l.data = data
	return nil
}
