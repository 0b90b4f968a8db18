package text

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/arch"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// TransformerOption is an option of [NewTransformer].
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

func (p HeadDrop) transformer(c *transformerConfig) { c.drop = float64(p) }

type transformerConfig struct {
	encoder arch.BERT
	weights pretrained.Source
	drop    float64
	domain.Settings
}

// AdamW is the optimizer of [NewTransformer]: Adam with the decays and the small eps that Transformers are trained with, .9
// (the fit's momentum), .999 and 1e-8. Weight decay is the fit's.
var AdamW = optim.Adam{SqrMomentum: .999, Eps: 1e-8}

// NewTransformer returns a classifier of documents by a pretrained encoder of Transformer blocks: the mean of its tokens'
// states, HeadDrop (default .1) and one dense layer. The four layer groups are the embeddings, two halves of the blocks, and
// the head; everything but the head is frozen, as in vision.Pretrained. Weights are fetched when they are first needed.
//
// The data are documents in the encoder's own codes, which package subword makes; MiniLM was trained on up to 128 tokens:
//
//	tok := nb.Must(subword.Open(arch.MiniLM.Tokens, subword.MaxTokens(128)))
//	data := nb.Must(text.ForClassifier(docs, text.WithTokenizer(tok), text.WithVocab(nb.Must(tok.Vocab())), text.BatchSize(16)))
//
// Data of other types give codes [batch, time] int32, at most as many as the encoder has positions, and each document's number of
// them, [batch] int32. Fine-tuning takes low rates and few epochs:
//
//	learn := nb.Must(text.NewTransformer(data))
//	nb.Check(learn.Precompute(true))
//	nb.Check(learn.Fit(fastnb.LR(1e-2), 5))                             // the head, on states that are computed once
//	learn.Unfreeze()
//	nb.Check(learn.FitOneCycle(fastnb.LR(1e-4, 1e-4, 1e-4, 1e-3), 2))   // everything
func NewTransformer(data fastnb.Data, opts ...TransformerOption) (*fastnb.Learner, error) {
	l, err := newTransformer(data, opts)
	if err != nil {
		return nil, fmt.Errorf("text: NewTransformer: %w", err)
	}
	return l, nil
}

func newTransformer(data fastnb.Data, opts []TransformerOption) (*fastnb.Learner, error) {
	c := transformerConfig{encoder: arch.MiniLM, drop: .1}
	for _, o := range opts {
		o.transformer(&c)
	}
	if data == nil || data.Classes() == nil {
		return nil, errors.New("the data has no classes; documents with a class each are wanted")
	}
	if err := c.encoder.Check(); err != nil {
		return nil, err
	}
	if d, ok := data.(*ClassData); ok {
		if err := fits(d, c.encoder); err != nil {
			return nil, err
		}
	}
	if !(c.drop >= 0 && c.drop < 1) {
		return nil, fmt.Errorf("HeadDrop(%g) (want 0 or more, below 1)", c.drop)
	}
	l, err := c.Learner(data, c.model(len(data.Classes())), fastnb.WithOptimizer(AdamW))
	if err != nil {
		return nil, err
	}
	l.Freeze()
	return l, nil
}

// fits tells what of documents is not for the encoder.
func fits(d *ClassData, b arch.BERT) error {
	if n := d.Vocab().Len(); n != b.Vocab {
		return fmt.Errorf("the data's vocabulary has %d words, that of %s %d; make the data WithTokenizer and WithVocab of package subword", n, b.Name, b.Vocab)
	}
	if lengths := d.Lengths(); len(lengths) > 0 && lengths[len(lengths)-1] > b.Positions {
		return fmt.Errorf("the longest documents are padded to %d tokens, and %s has %d positions; subword.MaxTokens or text.MaxLen cuts them off", lengths[len(lengths)-1], b.Name, b.Positions)
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
			return nn.Dense(head.In("classifier"), nn.Dropout(head, x, c.drop), classes, nn.UniformInit)
		},
		Init: func(be compute.Backend, store *model.Store) error { return c.encoder.Load(be, store, c.weights) },
	}
	for _, g := range c.encoder.Groups() {
		m.Groups = append(m.Groups, g)
	}
	m.Groups = append(m.Groups, fastnb.Group{"/head"})
	return m
}
