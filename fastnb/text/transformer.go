package text

import (
	"cmp"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// TransformerOption is an option of [NewTransformer]; so is every [HeadOption] and [SharedOption].
type TransformerOption interface{ transformer(*transformerConfig) }

type transformerOption func(*transformerConfig)

func (o transformerOption) transformer(c *transformerConfig) { o(c) }

// Encoder sets the encoder. Default: arch.MiniLM.
func Encoder(b arch.BERT) TransformerOption {
	return transformerOption(func(c *transformerConfig) { c.encoder = b })
}

// EncoderWeights sets where the encoder's weights come from. Default: its public ones.
func EncoderWeights(src pretrained.Source) TransformerOption {
	return transformerOption(func(c *transformerConfig) { c.weights = src })
}

type transformerConfig struct {
	encoder arch.BERT
	weights pretrained.Source
	ps      []float64
	domain.Settings
}

// AdamW is the optimizer of [NewTransformer]: Adam with the decays and the small eps that Transformers are trained
// with, .9 (the fit's momentum), .999 and 1e-8. Weight decay is the fit's.
var AdamW = optim.Adam{SqrMomentum: .999, Eps: 1e-8}

// NewTransformer returns a classifier of documents by a pretrained encoder of Transformer blocks: the mean of its
// tokens' states, dropout (Ps, default .1) and one dense layer. The four layer groups are the embeddings, two halves of
// the blocks, and the head; everything but the head is frozen, as in vision.Pretrained. Weights are fetched when they
// are first needed.
//
// The data are documents in the encoder's own codes, which package subword makes; MiniLM was trained on up to 128
// tokens:
//
//	tok := nb.Must(subword.Open(arch.MiniLM.Tokens, subword.MaxTokens(128)))
//	words := nb.Must(tok.Vocab())
//	data := nb.Must(text.ForClassifier(docs, text.WithTokenizer(tok), text.WithVocab(words), text.BatchSize(16)))
//
// Fine-tuning takes low rates and few epochs:
//
//	learn := nb.Must(text.NewTransformer(data))
//	nb.Check(learn.Precompute(true))
//	nb.Check(learn.Fit(fastnb.LR(1e-2), 5))                             // the head, on states that are computed once
//	learn.Unfreeze()
//	nb.Check(learn.FitOneCycle(fastnb.LR(1e-4, 1e-4, 1e-4, 1e-3), 2))   // everything
//
// LoadEncoder, LoadPretrained, SetVectors and Vectors are of an AWD-LSTM, and of this classifier an error.
func NewTransformer(data *ClassData, opts ...TransformerOption) (l *Classifier, err error) {
	defer verb.Name(&err, "text: NewTransformer")
	if data == nil {
		return nil, errNoData
	}
	c := transformerConfig{encoder: arch.MiniLM, ps: []float64{.1}}
	for _, o := range opts {
		o.transformer(&c)
	}
	if err := cmp.Or(c.encoder.Check(), c.fits(data), checkPs(c.ps, 1)); err != nil {
		return nil, err
	}
	if l, err = c.newClassifier(data); err != nil {
		return nil, err
	}
	l.Freeze()
	return l, nil
}

// newClassifier returns a learner of the net on data, which keep its sizes.
func (c transformerConfig) newClassifier(data *ClassData) (*Classifier, error) {
	data = data.withNet(&savedNet{BERT: &c.encoder, Ps: c.ps})
	l, err := c.Learner(data, c.model(len(data.Classes())), fastnb.WithOptimizer(AdamW))
	if err != nil {
		return nil, err
	}
	return &Classifier{Learner: l, data: data, bptt: new(int), fits: c.fits}, nil
}

// fits tells what of documents is not for the encoder.
func (c transformerConfig) fits(d *ClassData) error {
	b := c.encoder
	if n := d.Vocab().Len(); n != b.Vocab {
		return fmt.Errorf("the data's vocabulary has %d words, that of %s %d; make the data WithTokenizer and WithVocab "+
			"of package subword", n, b.Name, b.Vocab)
	}
	if lengths := d.Lengths(); len(lengths) > 0 && lengths[len(lengths)-1] > b.Positions {
		return fmt.Errorf("the longest documents are padded to %d tokens, and %s has %d positions; subword.MaxTokens or "+
			"text.MaxLen cuts them off", lengths[len(lengths)-1], b.Name, b.Positions)
	}
	return nil
}

// model puts encoder and head together. The body's output is the pooled state, which Precompute keeps.
func (c transformerConfig) model(classes int) fastnb.Model {
	m := fastnb.Model{
		Name: fmt.Sprintf("%s-%d", c.encoder.Name, classes),
		Body: func(s *model.Scope, in []*graph.Node) *graph.Node {
			return arch.MeanPool(c.encoder.Encode(s, in[0], in[1]), in[1])
		},
		Head: func(s *model.Scope, x *graph.Node) *graph.Node {
			head := s.In("head")
			return nn.Dense(head.In("classifier"), nn.Dropout(head, x, c.ps[0]), classes, nn.UniformInit)
		},
		Init: func(be compute.Backend, store *model.Store) error { return c.encoder.Load(be, store, c.weights) },
	}
	for _, g := range c.encoder.Groups() {
		m.Groups = append(m.Groups, g)
	}
	m.Groups = append(m.Groups, fastnb.Group{"/head"})
	return m
}
