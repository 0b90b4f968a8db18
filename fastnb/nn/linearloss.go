package nn

import (
	"errors"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LinearLosses is what LinearCrossEntropy returns. Gradients go through Sum alone.
type LinearLosses struct {
	Sum  *graph.Node // scalar: of the losses of all rows
	Rows *graph.Node // [n] the loss of each row, in nats; 0 where the label is no class
	Hits *graph.Node // [n] 1 where the label has the highest score, else 0
}

// mostLogits is how many scores LinearCrossEntropy has in memory at once. A test makes it small.
var mostLogits = 1 << 26

// LinearCrossEntropy is the cross entropy of the scores x·wᵀ + b, for many classes: x [n, in], w [classes, in], b
// [classes] and integer labels [n]. A label outside 0..classes-1 is that of a row that does not count.
//
// The scores of a language model, every word at every place, are larger than all else and would be read and written
// many times. So they are made for some rows at a time, and the gradients with them, in one loop. That is for the
// first such loss of a graph, which must not have a ReduceMin elsewhere; further ones make all scores at once.
func LinearCrossEntropy(x, w, b, labels *graph.Node, training bool) LinearLosses {
	l := linearLoss{n: x.Shape().Dim(0), in: x.Shape().Dim(1), classes: w.Shape().Dim(0), dtype: x.DType(),
		gradients: training}
	l.chunk = divisor(l.n, max(1, mostLogits/l.classes))
	if looped(x.Graph()) {
		return l.atOnce(x, w, b, labels)
	}
	var out []*graph.Node
	sum := customVJP(func(in []*graph.Node) *graph.Node {
		out = l.run(in[0], in[1], in[2], graph.StopGradient(labels))
		return graph.ReduceAllSum(out[0])
	}, func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
		return l.adjoints(in[0], in[1], labels, out, dy)
	}, x, w, b)
	return LinearLosses{sum, graph.StopGradient(out[0]), graph.StopGradient(out[1])}
}

// looped tells whether a graph has the loop already, and notes that it will. Its ReduceMin can be in one place only:
// see rows.
func looped(g *graph.Graph) bool {
	const key = "/linear_cross_entropy"
	_, already := model.GetGraphParam(g, key)
	model.SetGraphParam(g, key, true)
	return already
}

// atOnce is the same loss without a loop.
func (l linearLoss) atOnce(x, w, b, labels *graph.Node) LinearLosses {
	scores := graph.Add(graph.Einsum("ni,ci->nc", x, w), graph.BroadcastToDims(graph.ExpandAxes(b, 0), l.n, l.classes))
	rows := CrossEntropy(scores, labels)
	own := graph.Gather(scores, graph.Stack([]*graph.Node{graph.Iota(x.Graph(), labels.Shape(), 0), labels}, 1))
	hits := graph.Mul(l.counts(labels), graph.ConvertDType(graph.Equal(own, graph.ReduceMax(scores, 1)), l.dtype))
	return LinearLosses{graph.ReduceAllSum(rows), graph.StopGradient(rows), graph.StopGradient(hits)}
}

// adjoints are those of x, w and b: the probabilities' share, which run has added up, less that of the labels.
func (l linearLoss) adjoints(x, w, labels *graph.Node, out []*graph.Node, dy *graph.Node) []*graph.Node {
	if !l.gradients {
		panic(errors.New("fastnb: nn: LinearCrossEntropy: a gradient is wanted, but training is false"))
	}
	counts := l.counts(labels)
	at := graph.Reshape(labels, l.n, 1)
	each := graph.Reshape(counts, l.n, 1)
	dx := graph.Sub(out[2], graph.Mul(graph.Gather(w, at), each))
	dw := graph.ScatterSum(out[3], at, graph.Neg(graph.Mul(x, each)), false, false)
	db := graph.ScatterSum(out[4], at, graph.Neg(counts), false, false)
	return []*graph.Node{graph.Mul(dx, dy), graph.Mul(dw, dy), graph.Mul(db, dy)}
}

// divisor returns the largest divisor of n that is at most most.
func divisor(n, most int) int {
	for d := min(n, most); d > 1; d-- {
		if n%d == 0 {
			return d
		}
	}
	return 1
}

type linearLoss struct {
	n, in, classes, chunk int
	dtype                 dtypes.DType
	gradients             bool // of x, w and b, too
}

// run returns losses [n], hits [n] and, where wanted, the gradients of their sum.
func (l linearLoss) run(x, w, b, labels *graph.Node) []*graph.Node {
	g := x.Graph()
	sums := []shapes.Shape{shapes.Make(l.dtype, l.n), shapes.Make(l.dtype, l.n)}
	if l.gradients {
		sums = append(sums, x.Shape(), w.Shape(), b.Shape())
	}
	state := []*graph.Node{graph.Const(g, int32(0)), x, w, b, labels}
	for _, s := range sums {
		state = append(state, graph.Zeros(g, s))
	}
	more := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		return []*graph.Node{graph.LessThan(parameters(g, state)[0], graph.Const(g, int32(l.n)))}
	})
	step := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		in := parameters(g, state)
		out := append([]*graph.Node{graph.Add(in[0], graph.Const(g, int32(l.chunk)))}, in[1:5]...)
		return append(out, l.rows(in[0], in[1], in[2], in[3], in[4], in[5:])...)
	})
	return graph.While(more, step, state...)[5:]
}

// rows adds what the rows from the given one on contribute. No reduction of GoMLX's may be used both inside and
// outside of a loop (go-xla v0.4.5 makes each once), so the sums here are products with ones, and the maximum is a
// minimum.
func (l linearLoss) rows(from, x, w, b, labels *graph.Node, sums []*graph.Node) []*graph.Node {
	g := from.Graph()
	zero := graph.Const(g, int32(0))
	x = graph.DynamicSlice(x, []*graph.Node{from, zero}, []int{l.chunk, l.in})
	labels = graph.DynamicSlice(labels, []*graph.Node{from}, []int{l.chunk})
	scores := graph.Add(graph.Einsum("ni,ci->nc", x, w), graph.BroadcastToDims(graph.Reshape(b, 1, -1), l.chunk,
		l.classes))
	best := l.best(scores)
	e := graph.Exp(graph.Sub(scores, l.over(best, l.classes)))
	sum := graph.Reshape(graph.Dot(e, l.ones(g, l.classes, 1)).Product(), l.chunk)
	own := graph.Reshape(l.pick(scores, labels), l.chunk)
	counts := l.counts(labels)
	losses := graph.Mul(counts, graph.Sub(graph.Add(graph.Log(sum), best), own))
	hits := graph.Mul(counts, graph.ConvertDType(graph.Equal(own, best), l.dtype))
	out := []*graph.Node{graph.DynamicUpdateSlice(sums[0], losses, []*graph.Node{from}),
		graph.DynamicUpdateSlice(sums[1], hits, []*graph.Node{from})}
	if !l.gradients {
		return out
	}
	scale := graph.Div(counts, sum)
	dx := graph.Mul(graph.Dot(e, w).Product(), l.over(scale, l.in))
	return append(out,
		graph.DynamicUpdateSlice(sums[2], dx, []*graph.Node{from, zero}),
		graph.Add(sums[3], graph.Einsum("nc,ni->ci", e, graph.Mul(x, l.over(scale, l.in)))),
		graph.Add(sums[4], graph.Reshape(graph.Dot(graph.Reshape(scale, 1, l.chunk), e).Product(), l.classes)))
}

// best returns each row's highest score. XLA's CPU loop for a reduction along rows is scalar; the greater of two parts
// is a vectorised one. So parts of the classes are compared first, the last overlapping the one before it where need
// be.
func (l linearLoss) best(scores *graph.Node) *graph.Node {
	const parts = 16
	width := (l.classes + parts - 1) / parts
	ending := func(to int) *graph.Node { return graph.Slice(scores, graph.AxisRange(), graph.AxisRange(to-width, to)) }
	most := ending(l.classes)
	for to := width; to < l.classes; to += width {
		most = graph.Max(most, ending(to))
	}
	return graph.Neg(graph.ReduceMin(graph.Neg(most), 1))
}

// over repeats a number for each row, [chunk, width].
func (l linearLoss) over(rows *graph.Node, width int) *graph.Node {
	return graph.BroadcastToDims(graph.Reshape(rows, -1, 1), l.chunk, width)
}

func (l linearLoss) ones(g *graph.Graph, dims ...int) *graph.Node {
	return graph.BroadcastToDims(number(g, l.dtype, 1), dims...)
}

// pick returns the score of each row's label.
func (l linearLoss) pick(scores, labels *graph.Node) *graph.Node {
	row := graph.Iota(labels.Graph(), shapes.Make(labels.DType(), l.chunk, 1), 0)
	return graph.Gather(scores, graph.Concatenate([]*graph.Node{row, graph.Reshape(labels, l.chunk, 1)}, 1))
}

// counts is 1 for labels that are classes, else 0.
func (l linearLoss) counts(labels *graph.Node) *graph.Node {
	g := labels.Graph()
	dims := labels.Shape().Dimensions
	low := graph.BroadcastToDims(graph.ConvertDType(graph.Const(g, int32(0)), labels.DType()), dims...)
	high := graph.BroadcastToDims(graph.ConvertDType(graph.Const(g, int32(l.classes)), labels.DType()), dims...)
	return graph.ConvertDType(graph.LogicalAnd(graph.GreaterOrEqual(labels, low), graph.LessThan(labels, high)), l.dtype)
}

// number is a scalar that is made anew, for the inside of loops.
func number(g *graph.Graph, dtype dtypes.DType, x float64) *graph.Node {
	return graph.ConvertDType(graph.Const(g, x), dtype)
}
