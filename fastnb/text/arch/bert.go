package arch

import (
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BERT is an encoder of Transformer blocks, each an attention of all tokens to all and a net of two dense layers, with
// layer norm after both (Devlin et al. 2018, arXiv:1810.04805). It is transformers' BertModel without its pooler.
type BERT struct {
	Name      string
	Vocab     int     // codes
	Positions int     // tokens that a document may have
	Hidden    int     // numbers of a token's state
	Layers    int     // blocks
	Heads     int     // of each attention; they share the state's numbers out among them
	Inner     int     // numbers between the two dense layers
	Eps       float64 // of the layer norms
	Dropout   float64 // in training: of embeddings, of what each attention and each net adds, and of attentions' weights

	Weights pretrained.Source `json:"-"` // the default public weights
	Tokens  pretrained.Source `json:"-"` // the vocabulary that they were trained with; package subword reads it
}

// MiniLM is all-MiniLM-L6-v2, trained to give sentences of like meaning like mean states; see [MeanPool]. It learned
// from up to 128 tokens at a time. 22.6 million weights, half of them embeddings.
var MiniLM = BERT{
	Name: "all-MiniLM-L6-v2", Vocab: 30522, Positions: 512, Hidden: 384, Layers: 6, Heads: 12, Inner: 1536,
	Eps: 1e-12, Dropout: .1,
	Weights: pretrained.MiniLM, Tokens: pretrained.MiniLMTokens,
}

// bertNames map a BertModel's names, also those of the original release (gamma and beta). Pooler and the heads of
// pretraining are left out.
var bertNames = pretrained.Table{
	{From: "embeddings.position_ids"},
	{From: "pooler.dense.*"},
	{From: "cls.predictions.*"},
	{From: "cls.*.*"},
	{From: "cls.predictions.*.*"},
	{From: "cls.predictions.transform.*.*"},
	{From: "embeddings.LayerNorm.gamma", To: "/embeddings/LayerNorm/weight"},
	{From: "embeddings.LayerNorm.beta", To: "/embeddings/LayerNorm/bias"},
	{From: "encoder.layer.*.attention.output.LayerNorm.gamma", To: "/encoder/layer/*/attention/output/LayerNorm/weight"},
	{From: "encoder.layer.*.attention.output.LayerNorm.beta", To: "/encoder/layer/*/attention/output/LayerNorm/bias"},
	{From: "encoder.layer.*.output.LayerNorm.gamma", To: "/encoder/layer/*/output/LayerNorm/weight"},
	{From: "encoder.layer.*.output.LayerNorm.beta", To: "/encoder/layer/*/output/LayerNorm/bias"},
	{From: "embeddings.*.*", To: "/embeddings/*/*"},
	{From: "encoder.layer.*.attention.*.LayerNorm.*", To: "/encoder/layer/*/attention/*/LayerNorm/*"},
	{From: "encoder.layer.*.output.LayerNorm.*", To: "/encoder/layer/*/output/LayerNorm/*"},
	{
		From: "encoder.layer.*.attention.*.*.weight", To: "/encoder/layer/*/attention/*/*/weight",
		Layout: pretrained.DenseOI,
	},
	{From: "encoder.layer.*.attention.*.*.bias", To: "/encoder/layer/*/attention/*/*/bias"},
	{From: "encoder.layer.*.*.dense.weight", To: "/encoder/layer/*/*/dense/weight", Layout: pretrained.DenseOI},
	{From: "encoder.layer.*.*.dense.bias", To: "/encoder/layer/*/*/dense/bias"},
}

// Check tells what is wrong with the sizes.
func (b BERT) Check() error {
	switch {
	case min(b.Vocab, b.Positions, b.Hidden, b.Layers, b.Heads, b.Inner) < 1:
		return fmt.Errorf("fastnb: arch: BERT %s: vocabulary %d, positions %d, hidden %d, layers %d, heads %d, inner %d "+
			"(want 1 or more of each)",
			b.Name, b.Vocab, b.Positions, b.Hidden, b.Layers, b.Heads, b.Inner)
	case b.Hidden%b.Heads != 0:
		return fmt.Errorf("fastnb: arch: BERT %s: a state of %d does not divide among %d heads", b.Name, b.Hidden, b.Heads)
	case !(b.Dropout >= 0 && b.Dropout < 1):
		return fmt.Errorf("fastnb: arch: BERT %s: dropout %g (want 0 or more, below 1)", b.Name, b.Dropout)
	}
	return nil
}

// Encode returns the state of every token: codes [batch, time] of integers and lengths [batch] of integers to [batch,
// time, Hidden] float32. What comes after a document's length is padding, of any code: no other token heeds it, and its
// own states mean nothing. Time is at most Positions. As all graph functions it panics on wrong shapes.
func (b BERT) Encode(s *model.Scope, codes, lengths *graph.Node) *graph.Node {
	if err := b.Check(); err != nil {
		panic(err)
	}
	if t := codes.Shape().Dim(1); t > b.Positions {
		panic(fmt.Errorf("fastnb: arch: BERT %s: %d tokens for %d positions; cut documents off, "+
			"with subword.MaxTokens(%d) for instance",
			b.Name, t, b.Positions, b.Positions))
	}
	x := b.embed(s.In("embeddings"), codes)
	heard := heed(lengths, codes.Shape().Dim(1))
	layers := s.In("encoder").In("layer")
	for i := range b.Layers {
		x = b.block(layers.In("%d", i), x, heard)
	}
	return x
}

// Groups returns the encoder's three layer groups, as prefixes of variable paths: the embeddings and two halves of the
// blocks. With one block the second is empty.
func (b BERT) Groups() [3][]string {
	groups := [3][]string{{"/embeddings"}}
	for i := range b.Layers {
		half := 1 + 2*i/b.Layers
		if b.Layers == 1 {
			half = 2
		}
		groups[half] = append(groups[half], fmt.Sprintf("/encoder/layer/%d", i))
	}
	return groups
}

// Load reads weights and puts every variable of the encoder into the store, in place of what was there. The default
// source, for nil, is b.Weights. Tensors that are missing, too many or of another shape are an error that counts them,
// a
// *pretrained.MapError, and the store is then as before.
func (b BERT) Load(be compute.Backend, store *model.Store, src pretrained.Source) error {
	if err := b.Check(); err != nil {
		return err
	}
	if src == nil {
		src = b.Weights
	}
	if src == nil {
		return fmt.Errorf("fastnb: arch: weights of %s: it has no public ones; name a file with pretrained.File", b.Name)
	}
	return pretrained.Net{Name: b.Name, Names: bertNames, Rename: bare, Build: func(s *model.Scope, g *graph.Graph) {
		b.Encode(s, graph.Zeros(g, shapes.Make(dtypes.Int32, 1, 1)), graph.Ones(g, shapes.Make(dtypes.Int32, 1)))
	}}.Load(be, store, src)
}

// bare removes "bert." from a name that has it: so a net with a head on top saves its encoder.
func bare(name string) string { return strings.TrimPrefix(name, "bert.") }

// MeanPool returns the mean of the states of a document's tokens: x [batch, time, hidden] and lengths [batch] to
// [batch, hidden]. A document of length 0 has zeros.
func MeanPool(x, lengths *graph.Node) *graph.Node {
	real := graph.ConvertDType(within(lengths, x.Shape().Dim(1)), x.DType())
	count := graph.ConvertDType(graph.Max(lengths, graph.OnesLike(lengths)), x.DType())
	return graph.Div(graph.Einsum("bth,bt->bh", x, real), graph.ExpandAxes(count, -1))
}

// within tells which of time tokens a document has, [batch, time].
func within(lengths *graph.Node, time int) *graph.Node {
	place := graph.Iota(lengths.Graph(), shapes.Make(lengths.DType(), 1, time), 1)
	return graph.LessThan(place, graph.ExpandAxes(lengths, -1))
}

// heed is what is added to the scores of a token that is attended to: nothing, or for padding a number so low that its
// weight is 0. [batch, 1, 1, time]
func heed(lengths *graph.Node, time int) *graph.Node {
	there := graph.ConvertDType(within(lengths, time), dtypes.Float32)
	return graph.ExpandAxes(graph.MulScalar(graph.OneMinus(there), -1e9), 1, 2)
}

// embed adds up what stands for each token, for its position and, the same everywhere, for the first of two segments.
func (b BERT) embed(s *model.Scope, codes *graph.Node) *graph.Node {
	g, time := codes.Graph(), codes.Shape().Dim(1)
	places := graph.Iota(g, shapes.Make(dtypes.Int32, 1, time), 1)
	first := graph.Zeros(g, shapes.Make(dtypes.Int32, 1, 1))
	x := nn.Embedding(s.In("word_embeddings"), codes, b.Vocab, b.Hidden)
	x = graph.Add(x, nn.Embedding(s.In("position_embeddings"), places, b.Positions, b.Hidden))
	x = graph.Add(x, nn.Embedding(s.In("token_type_embeddings"), first, 2, b.Hidden))
	return b.drop(s, b.norm(s, x))
}

func (b BERT) norm(s *model.Scope, x *graph.Node) *graph.Node {
	return nn.LayerNorm(s.In("LayerNorm"), x, nn.Eps(b.Eps))
}

func (b BERT) drop(s *model.Scope, x *graph.Node) *graph.Node { return nn.Dropout(s, x, b.Dropout) }

func (b BERT) block(s *model.Scope, x, heard *graph.Node) *graph.Node {
	attention := s.In("attention")
	x = b.add(attention.In("output"), b.attend(attention.In("self"), x, heard), x)
	y := nn.GELU(nn.Dense(s.In("intermediate").In("dense"), x, b.Inner))
	return b.add(s.In("output"), y, x)
}

// add ends a part of a block: y, through a dense layer, is added to x, what the part began with.
func (b BERT) add(s *model.Scope, y, x *graph.Node) *graph.Node {
	y = b.drop(s, nn.Dense(s.In("dense"), y, b.Hidden))
	return b.norm(s, graph.Add(y, x))
}

// attend lets each token take from the values of all.
func (b BERT) attend(s *model.Scope, x, heard *graph.Node) *graph.Node {
	state := func(name string) *graph.Node { return nn.Dense(s.In("%s", name), x, b.Hidden) }
	query, key, value := state("query"), state("key"), state("value")
	return nn.Attention(s, query, key, value, b.Heads, nn.Scores(heard), nn.WeightDropout(b.Dropout))
}
