package text

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Classifier is a [fastnb.Learner] that tells the class of a document.
type Classifier struct {
	*fastnb.Learner
	data *ClassData
	net  arch.AWDLSTM           // of a transformer no layers
	bptt *int                   // of the data; graphs are built with it
	fits func(*ClassData) error // tells what of documents is not for the net
}

// NewClassifier returns a classifier on data: an AWD-LSTM reads a document, the last state, the maximum and the mean of
// all states are joined, and a head of batch norms, dropouts and dense layers follows (Howard, Ruder 2018,
// https://arxiv.org/abs/1801.06146). Its layer groups are the embeddings, each layer of LSTM, and the head: five by
// default. Everything is unfrozen; after LoadEncoder one unfreezes gradually: FreezeTo(-1), FreezeTo(-2), ...,
// Unfreeze.
//
// Batches of one document can't be trained on, for the head has batch norms.
func NewClassifier(data *ClassData, opts ...ClassifierOption) (l *Classifier, err error) {
	defer verb.Name(&err, "text: NewClassifier")
	if data == nil {
		return nil, errNoData
	}
	c := newLearnerConfig(data.Vocab().Len(), arch.ClassifierDrops, .5)
	for _, o := range opts {
		o.classifier(&c)
	}
	if c, err = c.checked(); err != nil {
		return nil, err
	}
	return c.newClassifier(data)
}

// newClassifier returns a learner of the net on data, which keep its sizes.
func (c learnerConfig) newClassifier(data *ClassData) (*Classifier, error) {
	data = data.withNet(&savedNet{AWD: &c.net, Layers: c.layers, Ps: c.ps, AR: c.ar, TAR: c.tar})
	bptt := data.conf.bptt
	l, err := c.Learner(data, c.classes(len(data.Classes()), &bptt), fastnb.WithOptimizer(optim.Adam{}))
	if err != nil {
		return nil, err
	}
	return &Classifier{l, data, c.net, &bptt, fitsAll}, nil
}

// fitsAll is of nets that documents of any length are for.
func fitsAll(*ClassData) error { return nil }

// classes is a net of so many. It has encoder and pooling as its body, so that Precompute can keep what the encoder
// says of each document.
func (c learnerConfig) classes(classes int, bptt *int) fastnb.Model {
	m := fastnb.Model{
		Name: fmt.Sprintf("%s-%v-%d", c.net.Name(), c.layers, classes),
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

// pooled reads documents, codes [rows, time] and lengths [rows], to [rows, 3·embedding]. What comes after a document's
// end changes nothing.
func (c learnerConfig) pooled(s *model.Scope, codes, lengths *graph.Node, bptt int) *graph.Node {
	g := codes.Graph()
	steps := graph.ConvertDType(graph.ReduceAllMax(lengths), lengths.DType())
	hs, _ := c.net.Encode(s, codes, c.net.Start(g, codes.Shape().Dim(0)), nn.Steps(steps), nn.BPTT(bptt))
	c.penalizeWithin(s, hs, lengths)
	return poolDocuments(hs, lengths)
}

// poolDocuments joins the last state, the maximum and the mean over a document's tokens: hs [time, rows, n] to [rows,
// 3n].
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
	drops := append([]float64{c.net.Drops.Output}, repeated(c.ps, len(c.layers))...)
	for i, size := range append(slices.Clone(c.layers), classes) {
		if i > 0 {
			x = nn.ReLU(x)
		}
		layer := s.In("%d", i)
		x = nn.Dropout(layer, nn.BatchNorm(layer.In("norm"), x), drops[i])
		x = nn.Dense(layer.In("dense"), x, size, nn.NoBias, nn.UniformInit)
	}
	return x
}

// repeated returns n dropouts, of which one was given, or all.
func repeated(ps []float64, n int) []float64 {
	if len(ps) == n {
		return ps
	}
	return slices.Repeat(ps, n)
}

// Data returns what the learner learns from.
func (l *Classifier) Data() *ClassData { return domain.Data(l.Learner, l.data) }

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
	defer verb.Name(&err, "text: LoadPretrained")
	e, err := readPretrained(weights, vocab)
	if err != nil {
		return 0, err
	}
	return e.into(l.Learner, l.net, l.data.conf)
}

// SetData gives the learner other documents of the same vocabulary, tokenizer, MaxLen and classes, and freezes all but
// the head.
func (l *Classifier) SetData(data *ClassData) (err error) {
	defer verb.Name(&err, "text: SetData")
	if data != nil {
		data = data.withNet(l.data.conf.net)
	}
	same := func(data *ClassData) error { return checkSame(l.data, data) }
	if err := domain.SetData(l.Learner, data, same, l.fits); err != nil {
		return err
	}
	l.data, *l.bptt = data, data.conf.bptt
	return nil
}

// PredictTexts predicts texts that come as they are, in UTF-8, in their order: a row of probabilities for each.
func (l *Classifier) PredictTexts(texts ...string) (preds *fastnb.Preds, err error) {
	defer verb.Name(&err, "text: PredictTexts")
	data, err := l.data.with(texts)
	if err == nil {
		err = l.fits(data)
	}
	if err != nil {
		return nil, err
	}
	return l.Learner.PredictOn(data, fastnb.Test)
}

// with returns the same data with these texts to be predicted.
func (d *ClassData) with(texts []string) (*ClassData, error) {
	if len(texts) == 0 {
		return nil, errors.New("no texts")
	}
	if err := (docsConfig{}).checkLetters(texts); err != nil {
		return nil, &fastnb.ItemError{Err: err}
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
