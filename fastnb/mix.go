package fastnb

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/stat/distuv"
)

// mixture is how the items of a training batch are mixed, each with the one after it, the last with the first: a batch
// is in random order, so that this is any other item. The zero mixture leaves them as they are.
type mixture struct {
	by    string  // the option: "MixUp" or "CutMix", "" is none
	alpha float64 // of the beta distribution that shares come from
}

// String returns the option, "" for none.
func (m mixture) String() string {
	if m.by == "" {
		return ""
	}
	return fmt.Sprintf("%s(%g)", m.by, m.alpha)
}

func (m mixture) check() error {
	if m.by != "" && (!(m.alpha > 0) || math.IsInf(m.alpha, 0)) {
		return fmt.Errorf("%s (want a finite number above 0, as .4)", m)
	}
	return nil
}

// inputs returns a batch's inputs mixed, and the share of each row that its own item has, [rows].
func (m mixture) inputs(s *model.Scope, in []*graph.Node) (mixed []*graph.Node, share *graph.Node) {
	for _, x := range in {
		if !x.DType().IsFloat() {
			panic(fmt.Errorf("%s mixes numbers, the model's input is %s; leave it out of the fit", m.by, x.Shape()))
		}
	}
	x := in[0]
	share = m.shares(s, x.Graph(), x.Shape().Dim(0))
	if m.by == "CutMix" {
		return m.cut(s, in, share)
	}
	for _, x := range in {
		mixed = append(mixed, between(share, x, next(x)))
	}
	return mixed, share
}

// loss is that of mixtures: each item's, weighted by its share.
func (m mixture) loss(rows Loss, output, labels, share *graph.Node) *graph.Node {
	return between(share, rows.Rows(output, labels), rows.Rows(output, next(labels)))
}

// mean is that of a batch of mixtures: both items of each count by their shares and by their weights.
func (m mixture) mean(of Loss, output, labels, share *graph.Node) *graph.Node {
	if of.Weight == nil {
		return graph.ReduceAllMean(m.loss(of, output, labels, share))
	}
	own, other := of.weight(labels), of.weight(next(labels))
	weighted := Loss{Rows: func(output, labels *graph.Node) *graph.Node {
		return graph.Mul(of.Rows(output, labels), of.weight(labels))
	}}
	sum := graph.ReduceAllSum(m.loss(weighted, output, labels, share))
	return graph.Div(sum, graph.MaxScalar(graph.ReduceAllSum(between(share, own, other)), leastWeight))
}

// sharesTable is how many shares there are to draw from.
const sharesTable = 4096

// shares draws a division by Beta(alpha, alpha) for each row: an entry of a table of the distribution's quantiles.
// MixUp takes its larger part, so that a mixture is its own item's before the other's.
func (m mixture) shares(s *model.Scope, g *graph.Graph, rows int) *graph.Node {
	beta := distuv.Beta{Alpha: m.alpha, Beta: m.alpha}
	table := make([]float32, sharesTable)
	for i := range table {
		share := beta.Quantile((float64(i) + .5) / sharesTable)
		if m.by == "MixUp" {
			share = max(share, 1-share)
		}
		table[i] = float32(share)
	}
	at := graph.MulScalar(uniformRows(s, g, rows), sharesTable)
	at = graph.MinScalar(graph.ConvertDType(at, dtypes.Int32), sharesTable-1)
	return graph.Gather(graph.Const(g, table), graph.ExpandAxes(at, -1))
}

// uniformRows draws a number in [0, 1) for each row.
func uniformRows(s *model.Scope, g *graph.Graph, rows int) *graph.Node {
	return s.RandomUniform(g, shapes.Make(dtypes.Float32, rows))
}

// cut pastes a part of the next image over each: a box of the images' shape, somewhere, the same in all inputs, of
// which what lies beyond the edge is lost. The share is that of the pixels that stay.
func (m mixture) cut(s *model.Scope, in []*graph.Node, share *graph.Node) (mixed []*graph.Node, left *graph.Node) {
	g, rows := share.Graph(), share.Shape().Dim(0)
	side := graph.Sqrt(graph.OneMinus(share)) // of the box, as a part of the image's
	down, across := uniformRows(s, g, rows), uniformRows(s, g, rows)
	for _, x := range in {
		if x.Rank() != 4 {
			panic(fmt.Errorf("CutMix cuts images, the model's input is %s; MixUp mixes any numbers", x.Shape()))
		}
		h, w := x.Shape().Dim(1), x.Shape().Dim(2)
		box := graph.LogicalAnd(graph.ExpandAxes(stripe(down, side, h), 2), graph.ExpandAxes(stripe(across, side, w), 1))
		if left == nil {
			pasted := graph.ReduceSum(graph.ConvertDType(box, dtypes.Float32), 1, 2)
			left = graph.OneMinus(graph.DivScalar(pasted, float64(h*w)))
		}
		box = graph.BroadcastToDims(graph.ExpandAxes(box, -1), x.Shape().Dimensions...)
		mixed = append(mixed, graph.Where(box, next(x), x))
	}
	return mixed, left
}

// stripe tells for each row which of n places lie within half of side, a part of n, of a centre: [rows, n].
func stripe(centre, side *graph.Node, n int) *graph.Node {
	g, rows := centre.Graph(), centre.Shape().Dim(0)
	place := graph.AddScalar(graph.Iota(g, shapes.Make(dtypes.Float32, rows, n), 1), .5)
	far := graph.Abs(graph.Sub(place, graph.ExpandAxes(graph.MulScalar(centre, n), -1)))
	return graph.LessThan(far, graph.ExpandAxes(graph.MulScalar(side, float64(n)/2), -1))
}

// next returns the rows of x, each replaced by the one after it.
func next(x *graph.Node) *graph.Node {
	n := x.Shape().Dim(0)
	if n == 1 {
		return x
	}
	return graph.Concatenate([]*graph.Node{
		graph.Slice(x, graph.AxisRange(1, n)), graph.Slice(x, graph.AxisRange(0, 1)),
	}, 0)
}

// between is share*a + (1-share)*b, row by row.
func between(share, a, b *graph.Node) *graph.Node {
	share = graph.ConvertDType(share, a.DType())
	for share.Rank() < a.Rank() {
		share = graph.ExpandAxes(share, -1)
	}
	return graph.Add(graph.Mul(share, a), graph.Mul(graph.OneMinus(share), b))
}
