package vision

import (
	"math"
	"math/rand/v2"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// box is a part of the square: rows from top to below bottom, columns from left to before right. The zero box is none.
type box struct{ top, bottom, left, right int }

// covers tells whether there is anything to cover.
func (t Transforms) covers() bool { return t.Cutout > 0 || t.Erase > 0 }

// drawCutout draws a square of whole pixels about a pixel, cut at the edges.
func (t Transforms) drawCutout(r *rand.Rand, size int) box {
	side := int(math.Round(t.Cutout * float64(size)))
	y, x := r.IntN(size), r.IntN(size)
	if r.Float64() >= or(t.CutoutP, .5) || side == 0 {
		return box{}
	}
	top, left := y-side/2, x-side/2
	return box{max(top, 0), min(top+side, size), max(left, 0), min(left+side, size)}
}

// leastAspect is that of what is erased, fastai's min_aspect.
const leastAspect = .3

// drawErase draws a box as fastai's RandomErasing does.
func (t Transforms) drawErase(r *rand.Rand, size int) box {
	area := uniform(r, 0, t.Erase) * float64(size*size)
	aspect := math.Exp(uniform(r, math.Log(leastAspect), -math.Log(leastAspect)))
	top, bottom := eraseSide(r, area*aspect, size)
	left, right := eraseSide(r, area/aspect, size)
	if r.Float64() >= or(t.EraseP, .5) || bottom == top || right == left {
		return box{}
	}
	return box{top, bottom, left, right}
}

// eraseSide draws where a side whose square is given lies, cut at the end.
func eraseSide(r *rand.Rand, square float64, size int) (from, to int) {
	side := int(math.RoundToEven(math.Sqrt(square)))
	from = r.IntN(max(size-side, 0) + 1)
	return from, min(from+side, size)
}

// cover covers boxes [rows, 2, 4] of images of 0 to 255: the first with the mean colour, the second with noise.
func (t Transforms) cover(x, boxes *graph.Node, n Norm, random func() *Rand) *graph.Node {
	g := x.Graph()
	fill := graph.BroadcastToDims(graph.Const(g, [][][][]float32{{{n.Mean[:]}}}), x.Shape().Dimensions...)
	if t.Cutout > 0 {
		x = graph.Where(within(x, boxes, 0), fill, x)
	}
	if t.Erase > 0 {
		noise := graph.Mul(random().Normal(x.Shape().Dimensions[1:]...), graph.Const(g, [][][][]float32{{{n.Std[:]}}}))
		x = graph.Where(within(x, boxes, 1), graph.Add(fill, noise), x)
	}
	return x
}

// within tells which elements of x lie in the k-th box.
func within(x, boxes *graph.Node, k int) *graph.Node {
	edges := graph.Squeeze(graph.Slice(boxes, graph.AxisRange(), graph.AxisElem(k)), 1)
	between := func(axis, from int) *graph.Node {
		size := x.Shape().Dimensions[axis]
		place := graph.Iota(x.Graph(), shapes.Make(dtypes.Float32, 1, size, 1), 1)
		return graph.LogicalAnd(graph.GreaterOrEqual(place, element(edges, from)),
			graph.LessThan(place, element(edges, from+1)))
	}
	rows, columns := between(1, 0), graph.TransposeAllAxes(between(2, 2), 0, 2, 1)
	return graph.BroadcastToDims(graph.InsertAxes(graph.LogicalAnd(rows, columns), -1), x.Shape().Dimensions...)
}
