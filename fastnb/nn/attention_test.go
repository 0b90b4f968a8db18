package nn

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// attending is an attention of x to the first of its tokens, with scores that are added.
func attending(s *model.Scope, x *graph.Node) *graph.Node {
	some := graph.Slice(x, graph.AxisRange(), graph.AxisRange(0, 3), graph.AxisRange())
	add := waveNode(x.Graph(), .9, 1, 1, 5, 3)
	return Attention(s, x, some, graph.Sin(some), 3, Scores(add))
}

// Attention is the formula of its paper, head by head.
func TestAttention(t *testing.T) {
	const batch, queries, keys, hidden, heads = 2, 3, 4, 6, 2
	q, k, v := wave(.3, batch, queries, hidden), wave(.5, batch, keys, hidden), wave(.8, batch, keys, hidden)
	out, err := graph.CallOnce(backend(t), func(in []*graph.Node) *graph.Node {
		return Attention(model.NewStore().RootScope(), in[0], in[1], in[2], heads)
	}, q, k, v)
	if err != nil {
		t.Fatal(err)
	}
	got := tensors.MustCopyFlatData[float64](out)
	flat := tensors.MustCopyFlatData[float64]
	qs, ks, vs := flat(q), flat(k), flat(v)
	const dim = hidden / heads
	for i, y := range got {
		b, token, head := i/(queries*hidden), i/hidden%queries, i%hidden/dim
		sum, weighted := 0., 0.
		for key := range keys {
			score := 0.
			for d := range dim {
				score += qs[(b*queries+token)*hidden+head*dim+d] * ks[(b*keys+key)*hidden+head*dim+d]
			}
			weight := math.Exp(score / math.Sqrt(dim))
			sum += weight
			weighted += weight * vs[(b*keys+key)*hidden+i%hidden]
		}
		if want := weighted / sum; math.Abs(y-want) > 1e-12 {
			t.Errorf("number %d is %.15g, want %.15g", i, y, want)
		}
	}
}

// Queries, keys and values that do not belong together are told as such.
func TestAttentionChecks(t *testing.T) {
	for want, dims := range map[string][3][]int{
		"7 numbers do not divide among 2 heads": {{1, 3, 7}, {1, 4, 7}, {1, 4, 7}},
		"want [batch, queries, hidden]":         {{1, 3, 6}, {1, 4, 6}, {1, 3, 6}},
		"queries (Float64)[3, 6]":               {{3, 6}, {1, 4, 6}, {1, 4, 6}},
	} {
		_, err := graph.CallOnce(backend(t), func(in []*graph.Node) *graph.Node {
			return Attention(model.NewStore().RootScope(), in[0], in[1], in[2], 2)
		}, wave(.3, dims[0]...), wave(.3, dims[1]...), wave(.3, dims[2]...))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
