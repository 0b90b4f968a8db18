package nn

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// AttentionOption is Scores or WeightDropout.
type AttentionOption interface{ attention(*attentionConfig) }

type attentionConfig struct {
	scores  *graph.Node
	dropout float64
}

type scores struct{ add *graph.Node }

func (o scores) attention(c *attentionConfig) { c.scores = o.add }

// Scores is added to the scores of an Attention, and broadcasts to [batch, heads, queries, keys]: a number as low as
// -1e9 keeps a key from being attended to. Default: nothing is added.
func Scores(add *graph.Node) AttentionOption { return scores{add} }

// WeightDropout is the share of an Attention's weights that training drops. Default 0.
type WeightDropout float64

func (p WeightDropout) attention(c *attentionConfig) { c.dropout = float64(p) }

// Attention lets each query take from the values of all keys, in each head by how well it fits the key: q [batch,
// queries, hidden], k and v [batch, keys, hidden] to [batch, queries, hidden], softmax(q·k/√(hidden/heads))·v with
// the hidden numbers shared out among the heads. It has no variables; s is where WeightDropout draws. Vaswani et al.
// 2017, arXiv:1706.03762.
func Attention(s *model.Scope, q, k, v *graph.Node, heads int, opts ...AttentionOption) *graph.Node {
	var c attentionConfig
	for _, o := range opts {
		o.attention(&c)
	}
	checkAttention(q, k, v, heads)
	hidden := q.Shape().Dim(2)
	weights := graph.Einsum("bqhd,bkhd->bhqk", intoHeads(q, heads), intoHeads(k, heads))
	weights = graph.MulScalar(weights, 1/math.Sqrt(float64(hidden/heads)))
	if c.scores != nil {
		weights = graph.Add(weights, c.scores)
	}
	weights = Dropout(s, graph.Softmax(weights), c.dropout)
	y := graph.Einsum("bhqk,bkhd->bqhd", weights, intoHeads(v, heads))
	return graph.Reshape(y, q.Shape().Dim(0), q.Shape().Dim(1), hidden)
}

func checkAttention(q, k, v *graph.Node, heads int) {
	if q.Rank() != 3 || k.Rank() != 3 || !k.Shape().Equal(v.Shape()) || q.Shape().Dim(0) != k.Shape().Dim(0) ||
		q.Shape().Dim(2) != k.Shape().Dim(2) {
		panic(fmt.Errorf("fastnb: nn: Attention: queries %s, keys %s, values %s (want [batch, queries, hidden] and twice "+
			"[batch, keys, hidden])", q.Shape(), k.Shape(), v.Shape()))
	}
	if hidden := q.Shape().Dim(2); heads < 1 || hidden%heads != 0 {
		panic(fmt.Errorf("fastnb: nn: Attention: %d numbers do not divide among %d heads", hidden, heads))
	}
}

// intoHeads cuts the last axis into the heads' parts: [batch, time, hidden] to [batch, time, heads, hidden/heads].
func intoHeads(x *graph.Node, heads int) *graph.Node {
	d := x.Shape().Dimensions
	return graph.Reshape(x, d[0], d[1], heads, d[2]/heads)
}
