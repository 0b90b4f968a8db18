package text

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Classifier is a [fastnb.Learner] that tells the class of a document.
type Classifier struct {
	*fastnb.Learner
	data *ClassData
	net  arch.AWDLSTM
	bptt *int // of the data; graphs are built with it
}

// NewClassifier returns a classifier on data: an AWD-LSTM reads a document, the last state, the maximum and the mean of all states
// are joined, and a head of batch norms, dropouts and dense layers follows (Howard, Ruder 2018, https://arxiv.org/abs/1801.06146).
// Its layer groups are the embeddings, each layer of LSTM, and the head: five by default. Everything is unfrozen; after LoadEncoder one unfreezes
// gradually: FreezeTo(-1), FreezeTo(-2), ..., Unfreeze.
//
// Batches of one document can't be trained on, for the head has batch norms.
func NewClassifier(data *ClassData, opts ...LearnerOption) (*Classifier, error) {
	l, err := newClassifier(data, opts)
	if err != nil {
		return nil, fmt.Errorf("text: NewClassifier: %w", err)
	}
	return l, nil
}

func newClassifier(data *ClassData, opts []LearnerOption) (*Classifier, error) {
	if data == nil {
		return nil, errors.New("the data is nil")
	}
	c, err := newLearnerConfig(opts, data.Vocab().Len(), arch.ClassifierDrops, .5)
	if err != nil {
		return nil, err
	}
	bptt := data.conf.bptt
	l, err := c.Learner(data, c.classifier(len(data.Classes()), &bptt), fastnb.WithOptimizer(optim.Adam{}))
	if err != nil {
		return nil, err
	}
	return &Classifier{l, data, c.net, &bptt}, nil
}

// classifier has encoder and pooling as its body, so that Precompute can keep what the encoder says of each document.
func (c learnerConfig) classifier(classes int, bptt *int) fastnb.Model {
	m := fastnb.Model{
		Name: fmt.Sprintf("%s-%v-%d", c.net.Name(), c.headSizes, classes),
		Body: func(s *model.Scope, in []*graph.Node) *graph.Node { return c.pooled(s, in[0], in[1], *bptt) },
		Head: func(s *model.Scope, x *graph.Node) *graph.Node { return c.head(s.In("head"), x, classes) },

		MinBatch: 2, // the head's batch norms see one value per document
	}
	for _, g := range c.net.EncoderGroups() {
		m.Groups = append(m.Groups, g)
	}
	m.Groups = append(m.Groups, fastnb.Group{"/head"})
	return m
}

// pooled reads documents, codes [rows, time] and lengths [rows], to [rows, 3·embedding]. What comes after a document's end changes
// nothing.
func (c learnerConfig) pooled(s *model.Scope, codes, lengths *graph.Node, bptt int) *graph.Node {
	g := codes.Graph()
	steps := graph.ConvertDType(graph.ReduceAllMax(lengths), lengths.DType())
	hs, _ := c.net.Encode(s, codes, c.net.Start(g, codes.Shape().Dim(0)), nn.Steps(steps), nn.BPTT(bptt))
	c.penalizeWithin(s, hs, lengths)
	return poolDocuments(hs, lengths)
}

// poolDocuments joins the last state, the maximum and the mean over a document's tokens: hs [time, rows, n] to [rows, 3n].
func poolDocuments(hs, lengths *graph.Node) *graph.Node {
	g := hs.Graph()
	time, rows := hs.Shape().Dim(0), hs.Shape().Dim(1)
	there := within(lengths, time)
	wide := graph.BroadcastToDims(graph.ExpandAxes(there, -1), hs.Shape().Dimensions...)
	last := graph.Sub(lengths, graph.Scalar(g, lengths.DType(), 1))
	place := graph.Stack([]*graph.Node{last, graph.Iota(g, shapes.Make(lengths.DType(), rows), 0)}, 1)
	sum := graph.ReduceSum(graph.Where(wide, hs, graph.ZerosLike(hs)), 0)
	mean := graph.Div(sum, graph.ExpandAxes(graph.ConvertDType(lengths, hs.DType()), -1))
	most := graph.ReduceMax(graph.Where(wide, hs, graph.Infinity(g, hs.DType(), -1)), 0)
	return graph.Concatenate([]*graph.Node{graph.Gather(hs, place), most, mean}, 1)
}

// within tells which of time places are in a document, [time, rows].
func within(lengths *graph.Node, time int) *graph.Node {
	place := graph.Iota(lengths.Graph(), shapes.Make(lengths.DType(), time, lengths.Shape().Dim(0)), 0)
	return graph.LessThan(place, graph.BroadcastToDims(graph.ExpandAxes(lengths, 0), time, lengths.Shape().Dim(0)))
}

// penalizeWithin is penalize for documents with padding, which does not count.
func (c learnerConfig) penalizeWithin(s *model.Scope, hs, lengths *graph.Node) {
	c.penalizeBy(s, hs, hs, func(x *graph.Node) *graph.Node {
		time, ends := x.Shape().Dim(0), lengths
		if time < hs.Shape().Dim(0) { // a change is between two places
			ends = graph.Sub(lengths, graph.OnesLike(lengths))
		}
		there := graph.ExpandAxes(graph.ConvertDType(within(ends, time), x.DType()), -1)
		n := graph.MulScalar(graph.MaxScalar(graph.ReduceAllSum(there), 1), x.Shape().Dim(-1))
		return graph.Div(graph.ReduceAllSum(graph.Mul(graph.Square(x), there)), n)
	})
}

// head classifies: batch norm, dropout and a dense layer, and so on with ReLU between.
func (c learnerConfig) head(s *model.Scope, x *graph.Node, classes int) *graph.Node {
	drop := c.net.Drops.Output
	for i, size := range append(append([]int{}, c.headSizes...), classes) {
		if i > 0 {
			x = nn.ReLU(x)
		}
		layer := s.In("%d", i)
		x = nn.Dropout(layer, nn.BatchNorm(layer.In("norm"), x), drop)
		x = nn.Dense(layer.In("dense"), x, size, nn.NoBias, nn.UniformInit)
		drop = c.headDrop
	}
	return x
}

// Text returns the data that the learner learns from.
func (l *Classifier) Text() *ClassData { return l.data }

// LoadEncoder is that of [LanguageModel]: it sets the encoder to what SaveEncoder wrote, and leaves the head as it is.
func (l *Classifier) LoadEncoder(name string) error {
	return loadEncoder(l.Learner, l.net, l.data.conf, name)
}

// LoadEncoderFile is LoadEncoder of a file that lies elsewhere.
func (l *Classifier) LoadEncoderFile(path string) error {
	return loadEncoderFile(l.Learner, l.net, l.data.conf, path)
}

// LoadPretrained sets the encoder to that of a language model of fastai's, see [LanguageModel.LoadPretrained].
func (l *Classifier) LoadPretrained(weights, vocab pretrained.Source) (found int, err error) {
	e, err := readPretrained(weights, vocab)
	if err == nil {
		found, err = e.into(l.Learner, l.net, l.data.conf)
	}
	if err != nil {
		return 0, fmt.Errorf("text: LoadPretrained: %w", err)
	}
	return found, nil
}

// SetData gives the learner other documents of the same vocabulary, tokenizer, MaxLen and classes, and freezes all but the head.
func (l *Classifier) SetData(data *ClassData) error {
	if data == nil {
		return errors.New("text: SetData: the data is nil")
	}
	if err := checkSame(l.data, data); err != nil {
		return fmt.Errorf("text: SetData: %w", err)
	}
	if err := l.Learner.SetData(data); err != nil {
		return err
	}
	l.data, *l.bptt = data, data.conf.bptt
	return nil
}

// PredictTexts predicts texts that come as they are, in UTF-8, in their order.
func (l *Classifier) PredictTexts(texts ...string) (*fastnb.Preds, error) {
	data, err := l.data.with(texts)
	if err != nil {
		return nil, fmt.Errorf("text: PredictTexts: %w", err)
	}
	return l.Learner.PredictOn(data, fastnb.Test)
}

// with returns the same data with these texts to be predicted.
func (d *ClassData) with(texts []string) (*ClassData, error) {
	if len(texts) == 0 {
		return nil, errors.New("no texts")
	}
	if err := (docsConfig{}).checkLetters(texts); err != nil {
		return nil, err
	}
	other := *d
	docs := *d.docs
	docs.sums = &contents{}
	other.docs = &docs
	docs.splits[fastnb.Test] = nil
	corpus := &Corpus{starts: []int64{0}}
	for i, t := range texts {
		docs.splits[fastnb.Test] = append(docs.splits[fastnb.Test], doc{name: fmt.Sprint(i), state: sumOf([]byte(t))})
		corpus.codes = append(corpus.codes, d.conf.vocab.Encode(d.conf.tok.Tokens(t))...)
		corpus.starts = append(corpus.starts, int64(len(corpus.codes)))
	}
	other.corpora[fastnb.Test] = corpus
	longest := 0
	for i := range texts {
		longest = max(longest, len(other.doc(fastnb.Test, i)))
	}
	if longest > d.lengths[len(d.lengths)-1] {
		other.lengths = append(slices.Clone(d.lengths), (longest+7)/8*8)
	}
	return &other, nil
}
