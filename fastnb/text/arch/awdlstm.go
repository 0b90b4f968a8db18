package arch

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// AWDLSTM is an encoder of texts: embeddings and layers of LSTM, regularised by five dropouts (Merity, Keskar, Socher
// 2017, https://arxiv.org/abs/1708.02182). Sizes and dropouts are those of fastai.
type AWDLSTM struct {
	Vocab     int // words
	Embedding int // numbers of a word, and of the last layer's state: 400
	Hidden    int // numbers of the other layers' states: 1152
	Layers    int // 3
	Drops     Drops
}

// Drops are the probabilities of AWD-LSTM's dropouts in training.
type Drops struct {
	Embedding float64 // whole words, the same at all places of a batch
	Input     float64 // of the first layer, the same features at all times
	Weight    float64 // between the hidden states
	Hidden    float64 // between two layers, the same features at all times
	Output    float64 // before the decoder, the same features at all times; of a classifier before its first dense layer
}

// LanguageModelDrops and ClassifierDrops are fastai v2's, before they are multiplied by its drop_mult.
var (
	LanguageModelDrops = Drops{Embedding: .02, Input: .25, Weight: .2, Hidden: .15, Output: .1}
	ClassifierDrops    = Drops{Embedding: .05, Input: .4, Weight: .5, Hidden: .3, Output: .4}
)

// Times multiplies all by m, up to .99.
func (d Drops) Times(m float64) Drops {
	f := func(p float64) float64 { return min(p*m, .99) }
	return Drops{f(d.Embedding), f(d.Input), f(d.Weight), f(d.Hidden), f(d.Output)}
}

// check tells which dropout is no probability.
func (d Drops) check() error {
	for _, p := range []float64{d.Embedding, d.Input, d.Weight, d.Hidden, d.Output} {
		if !(p >= 0 && p < 1) {
			return fmt.Errorf("dropout %g (want 0 or more, below 1)", p)
		}
	}
	return nil
}

// NewAWDLSTM returns one of fastai's sizes, 400, 1152 and 3 layers, with the dropouts of a language model.
func NewAWDLSTM(vocab int) AWDLSTM {
	return AWDLSTM{Vocab: vocab, Embedding: 400, Hidden: 1152, Layers: 3, Drops: LanguageModelDrops}
}

// Check tells what is wrong with the sizes and dropouts.
func (a AWDLSTM) Check() error {
	err := a.Drops.check()
	if min(a.Vocab, a.Embedding, a.Hidden, a.Layers) < 1 {
		err = fmt.Errorf("vocabulary %d, embedding %d, hidden %d, layers %d (want 1 or more of each)",
			a.Vocab, a.Embedding, a.Hidden, a.Layers)
	}
	if err != nil {
		return fmt.Errorf("fastnb: arch: AWDLSTM: %w", err)
	}
	return nil
}

// Name tells sizes apart, as in "awd-lstm-400-1152x3-60000".
func (a AWDLSTM) Name() string {
	return fmt.Sprintf("awd-lstm-%d-%dx%d-%d", a.Embedding, a.Hidden, a.Layers, a.Vocab)
}

// Width returns the size of a layer's state; the last layer's is that of the embeddings.
func (a AWDLSTM) Width(layer int) int {
	if layer == a.Layers-1 {
		return a.Embedding
	}
	return a.Hidden
}

// LayerState is what a layer of LSTM knows of the text so far: h and c, [batch, Width].
type LayerState struct{ H, C *graph.Node }

// Start returns the states at the beginning of texts: zeros.
func (a AWDLSTM) Start(g *graph.Graph, batch int) []LayerState {
	states := make([]LayerState, a.Layers)
	for i := range states {
		zeros := graph.Zeros(g, shapes.Make(dtypes.Float32, batch, a.Width(i)))
		states[i] = LayerState{zeros, zeros}
	}
	return states
}

// EmbeddingPath is the path of the embeddings, [Vocab, Embedding], which a language model's decoder shares.
const EmbeddingPath = "/encoder/embedding/weight"

// EncoderScope is above all variables of Encode.
const EncoderScope = "/encoder"

// Encode reads texts from the states before: codes [batch, time] of integers to the last layer's states [time, batch,
// Embedding] and the states of all layers after the last time, through which no gradient goes.
func (a AWDLSTM) Encode(s *model.Scope, codes *graph.Node, start []LayerState, opts ...nn.RecurrentOption) (
	hs *graph.Node, last []LayerState) {
	s = s.In("encoder")
	x := a.embed(s, graph.Transpose(codes, 0, 1))
	opts = append(opts, nn.WeightDrop(a.Drops.Weight))
	for i, state := range start {
		if i > 0 {
			x = nn.Dropout(s, x, a.Drops.Hidden, nn.Locked(0))
		}
		var after LayerState
		x, after.H, after.C = nn.LSTM(s.In("rnn%d", i), x, state.H, state.C, opts...)
		last = append(last, after)
	}
	return x, last
}

// embed looks codes [time, batch] up. New embeddings are even within ±.1.
func (a AWDLSTM) embed(s *model.Scope, codes *graph.Node) *graph.Node {
	even := func(g *graph.Graph, shape shapes.Shape) *graph.Node {
		return graph.AddScalar(graph.MulScalar(s.RandomUniform(g, shape), .2), -.1)
	}
	shape := shapes.Make(dtypes.Float32, a.Vocab, a.Embedding)
	table := s.In("embedding").WithInitializer(even).VariableWithShape("weight", shape)
	x := nn.LookUp(table.NodeValue(codes.Graph()), codes)
	x = graph.Mul(x, nn.DropRows(s, codes, a.Vocab, a.Drops.Embedding, x.DType()))
	return nn.Dropout(s, x, a.Drops.Input, nn.Locked(0))
}

// Decoder returns the weights that turn the last layer's states into scores of words, h·wᵀ + b: w, the embeddings,
// [Vocab, Embedding], and the bias, [Vocab]. Encode comes first.
func (a AWDLSTM) Decoder(s *model.Scope, g *graph.Graph) (w, b *graph.Node) {
	bias := s.At("decoder").WithInitializer(graph.Zeros).VariableWithShape("bias", shapes.Make(dtypes.Float32, a.Vocab))
	return s.Store().GetVariable(EmbeddingPath).NodeValue(g), bias.NodeValue(g)
}

// EncoderGroups are the layer groups of the encoder: the embeddings, then each layer.
func (a AWDLSTM) EncoderGroups() [][]string {
	groups := [][]string{{"/encoder/embedding"}}
	for i := range a.Layers {
		groups = append(groups, []string{fmt.Sprintf("/encoder/rnn%d", i)})
	}
	return groups
}

// Shapes returns the shape of each variable, by path: of the encoder, and of the decoder too.
func (a AWDLSTM) Shapes(decoder bool) map[string][]int {
	shapes := map[string][]int{EmbeddingPath: {a.Vocab, a.Embedding}}
	in := a.Embedding
	for i := range a.Layers {
		scope, width := fmt.Sprintf("/encoder/rnn%d/", i), a.Width(i)
		shapes[scope+"weight_ih"], shapes[scope+"weight_hh"] = []int{in, 4 * width}, []int{width, 4 * width}
		shapes[scope+"bias_ih"], shapes[scope+"bias_hh"] = []int{4 * width}, []int{4 * width}
		in = width
	}
	if decoder {
		shapes["/decoder/bias"] = []int{a.Vocab}
	}
	return shapes
}
