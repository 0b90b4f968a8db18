package text

import (
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
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

// HeadDropout is the dropout before the layer that classifies. Default .1, as the encoder's.
type HeadDropout float64

func (p HeadDropout) transformer(c *transformerConfig) { c.drop = float64(p) }

type transformerConfig struct {
	encoder arch.BERT
	weights pretrained.Source
	drop    float64
	shared
}

// AdamW is the optimizer of [NewTransformer]: Adam with the decays and the small eps that Transformers are trained with, .9
// (the fit's momentum), .999 and 1e-8. Weight decay is the fit's.
var AdamW = optim.Adam{SqrMomentum: .999, Eps: 1e-8}

// NewTransformer returns a classifier of documents by a pretrained encoder of Transformer blocks: the mean of its tokens'
// states, dropout and one dense layer. The four layer groups are the embeddings, two halves of the blocks, and the head;
// everything but the head is frozen, as in vision.Pretrained. Weights are fetched when they are first needed.
//
// The data's Prepare has two results: codes [batch, time] int32 in the encoder's own vocabulary, at most as many as it has
// positions, and each document's number of them, [batch] int32. A subword.WordPiece on the encoder's Tokens makes those
// codes; MaxTokens(128) is what MiniLM was trained for.
//
// Fine-tuning wants low rates, about 5e-5 for the encoder and ten times that for the head, and few epochs:
//
//	learn.Precompute(true); learn.Fit(fastnb.LR(1e-2), 3)                 // the head, on states that are computed once
//	learn.Unfreeze(); learn.FitOneCycle(fastnb.LRSlice(1e-5, 1e-4), 2)    // everything
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
	if !(c.drop >= 0 && c.drop < 1) {
		return nil, fmt.Errorf("HeadDropout(%g) (want 0 or more, below 1)", c.drop)
	}
	l, err := c.open(data, c.model(len(data.Classes())), fastnb.WithOptimizer(AdamW))
	if err != nil {
		return nil, err
	}
	l.Freeze()
	return l, nil
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
