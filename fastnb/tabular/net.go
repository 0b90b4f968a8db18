package tabular

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// net is fast.ai's MixedInputModel (structured data's, 0.7; TabularModel in v2): embeddings of the categories with
// dropout, beside them the batch-normalised numbers; then for each hidden layer a dense one, ReLU, batch norm and
// dropout; at last a dense layer. Weights begin as v2's do. It is kept as JSON.
type net struct {
	Embeddings  [][2]int  `json:"embeddings"` // codes and size of each category
	Conts       int       `json:"conts"`
	Layers      []int     `json:"layers"`
	Ps          []float64 `json:"ps"`
	EmbDrop     float64   `json:"emb_drop"`
	NoBatchNorm bool      `json:"no_batch_norm"`
	YRange      []float64 `json:"y_range"` // nil, or low and high
	Outputs     int       `json:"outputs"`
}

// model returns the net with the course's three layer groups: embeddings, hidden layers, output.
func (n net) model() fastnb.Model {
	m := fastnb.Model{
		Name:   fmt.Sprintf("tabular-%v-%d-%v-%d", n.Embeddings, n.Conts, n.Layers, n.Outputs),
		Body:   n.body,
		Head:   n.head,
		Groups: []fastnb.Group{n.scopes("emb", len(n.Embeddings)), n.scopes("layer", len(n.Layers)), {"/head"}},
	}
	if !n.NoBatchNorm {
		m.Name += "-bn"
	}
	if !n.NoBatchNorm && n.Conts+len(n.Layers) > 0 {
		m.MinBatch = 2 // the norms see one value per row
	}
	if n.YRange != nil {
		m.Name += fmt.Sprintf("-y%v", n.YRange)
	}
	m.Groups[1] = append(m.Groups[1], "/bn_cont")
	return m
}

func (n net) scopes(name string, count int) fastnb.Group {
	var g fastnb.Group
	for i := range count {
		g = append(g, fmt.Sprintf("/%s%d", name, i))
	}
	return g
}

// body maps codes and numbers to the last hidden layer, [rows, size].
func (n net) body(s *model.Scope, in []*graph.Node) *graph.Node {
	var parts []*graph.Node
	if len(n.Embeddings) > 0 {
		parts = append(parts, nn.Dropout(s.In("emb_drop"), n.embed(s, in[0]), n.EmbDrop))
	}
	if n.Conts > 0 {
		x := in[len(in)-1]
		if !n.NoBatchNorm {
			x = nn.BatchNorm(s.In("bn_cont"), x)
		}
		parts = append(parts, x)
	}
	x := concatenate(parts)
	for i, size := range n.Layers {
		x = n.layer(s.In("layer%d", i), x, size, n.Ps[i])
	}
	return x
}

// embed looks up every category's vector and puts them side by side.
func (n net) embed(s *model.Scope, codes *graph.Node) *graph.Node {
	var vectors []*graph.Node
	for i, e := range n.Embeddings {
		column := graph.Squeeze(graph.Slice(codes, graph.AxisRange(), graph.AxisElem(i)), 1)
		vectors = append(vectors, nn.Embedding(s.In("emb%d", i), column, e[0], e[1]))
	}
	return concatenate(vectors)
}

func (n net) layer(s *model.Scope, x *graph.Node, size int, p float64) *graph.Node {
	if n.NoBatchNorm {
		return nn.Dropout(s.In("drop"), nn.ReLU(nn.Dense(s.In("dense"), x, size, nn.UniformInit)), p)
	}
	x = nn.ReLU(nn.Dense(s.In("dense"), x, size, nn.NoBias, nn.UniformInit))
	return nn.Dropout(s.In("drop"), nn.BatchNorm(s.In("bn"), x, normBound, normMomentum), p)
}

// head maps the last hidden layer to logits, or to the numbers of a regression.
func (n net) head(s *model.Scope, x *graph.Node) *graph.Node {
	y := nn.Dense(s.In("head").In("out"), x, n.Outputs, nn.UniformInit)
	if n.YRange == nil {
		return y
	}
	return graph.AddScalar(graph.MulScalar(graph.Sigmoid(y), n.YRange[1]-n.YRange[0]), n.YRange[0])
}

func concatenate(parts []*graph.Node) *graph.Node {
	if len(parts) == 1 {
		return parts[0]
	}
	return graph.Concatenate(parts, -1)
}

// The hidden layers' norms come after a ReLU. What such a unit is when it fires for one row in thousands is hardly
// known by running statistics: they are taken over twice as many batches as usual, and its values are kept within what
// a batch of 256 rows can hold. On Rossmann one seed of three was at .2085 for four rows of 3,909 that were predicted
// as about 0; it is .1195 with both (bench/rossmann).
const (
	normBound    = nn.Bound(16)
	normMomentum = nn.Momentum(.05)
)
