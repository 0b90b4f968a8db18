package vision

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Prepare is the graph function from a batch's inputs (see [Data.Batches]) to normalised images [rows, size, size, 3]
// float32: an augmented view is sampled, lit and covered here. No gradient flows back through it.
func (d *Data) Prepare(inputs []*graph.Node) []*graph.Node {
	x := d.Pixels(inputs)
	g := x.Graph()
	return []*graph.Node{graph.Div(graph.Sub(x, graph.Const(g, [][][][]float32{{{d.norm.Mean[:]}}})),
		graph.Const(g, [][][][]float32{{{d.norm.Std[:]}}}))}
}

// Pixels is the graph function from a batch's inputs to images [rows, size, size, 3] float32 of 0 to 255, before they
// are normalised; the noise of Erase and functions of [Transform] may leave that range.
func (d *Data) Pixels(inputs []*graph.Node) *graph.Node {
	if len(inputs) == 1 {
		return graph.ConvertDType(inputs[0], dtypes.Float32)
	}
	return graph.StopGradient(d.config.augmented(inputs, d.norm))
}

// augmented composes the inputs of an augmented view.
func (c config) augmented(inputs []*graph.Node, n Norm) *graph.Node {
	x := relight(sample(inputs[0], inputs[1], inputs[2], c.size, c.padMode), inputs[3])
	if c.augment.colours() {
		x = c.augment.recolour(x, inputs[3])
	}
	var r *Rand
	random := func() *Rand {
		if r == nil {
			r = &Rand{seeds: inputs[len(inputs)-1]}
		}
		return r
	}
	if c.augment.covers() {
		x = c.augment.cover(x, inputs[4], n, random)
	}
	if len(c.own) > 0 {
		x = c.applyOwn(x, random())
	}
	return x
}

// applyOwn applies the functions of Transform.
func (c config) applyOwn(x *graph.Node, random *Rand) *graph.Node {
	shape := x.Shape()
	x = graph.DivScalar(x, 255)
	for i, f := range c.own {
		if x = f(x, random); x == nil || !x.Shape().Equal(shape) {
			panic(fmt.Errorf("vision: Transform: function %d of %d returns %v (want images as it is given, %s)",
				i+1, len(c.own), x, shape))
		}
	}
	return graph.MulScalar(x, 255)
}

// sample takes each pixel of the square from where the map points to in the window, interpolating bilinearly between
// the four pixels around. Beyond the extent of the image lies what the mode says.
func sample(windows, maps, extent *graph.Node, size int, mode PadMode) *graph.Node {
	row, column := position(maps, size)
	top, left := graph.Floor(row), graph.Floor(column)
	down, right := graph.InsertAxes(graph.Sub(row, top), -1), graph.InsertAxes(graph.Sub(column, left), -1) // fractions
	at := func(dy, dx float64) *graph.Node {
		v, u := graph.AddScalar(top, dy), graph.AddScalar(left, dx)
		h, w := element(extent, 0), element(extent, 1)
		x := pick(windows, mode.within(v, h), mode.within(u, w))
		if mode == PadZeros {
			seen := graph.LogicalAnd(isWithin(v, h), isWithin(u, w))
			x = graph.Mul(x, graph.InsertAxes(graph.ConvertDType(seen, dtypes.Float32), -1))
		}
		return x
	}
	upper := mix(at(0, 0), at(0, 1), right)
	lower := mix(at(1, 0), at(1, 1), right)
	return mix(upper, lower, down)
}

// within maps whole numbers to 0 ... n-1.
func (m PadMode) within(v, n *graph.Node) *graph.Node {
	if m == PadReflection {
		return mirror(v, n)
	}
	return graph.Max(graph.Min(v, graph.AddScalar(n, -1)), graph.ZerosLike(v))
}

// isWithin tells which are 0 ... n-1.
func isWithin(v, n *graph.Node) *graph.Node {
	return graph.LogicalAnd(graph.GreaterOrEqual(v, graph.ZerosLike(v)), graph.LessThan(v, n))
}

// position returns row and column in the window, each [rows, size, size], for every pixel of the square.
func position(maps *graph.Node, size int) (row, column *graph.Node) {
	g := maps.Graph()
	grid := shapes.Make(dtypes.Float32, 1, size, size)
	i, j := graph.Iota(g, grid, 1), graph.Iota(g, grid, 2)
	coordinate := func(k int) *graph.Node {
		m := graph.Squeeze(graph.Slice(maps, graph.AxisRange(), graph.AxisElem(k)), 1)
		return graph.Add(graph.Add(graph.Mul(element(m, 0), i), graph.Mul(element(m, 1), j)), element(m, 2))
	}
	row, column = coordinate(0), coordinate(1)
	if maps.Shape().Dim(1) == 3 {
		far := graph.MaxScalar(coordinate(2), nearest)
		return graph.Div(row, far), graph.Div(column, far)
	}
	return row, column
}

// nearest is the least denominator of a projective map, whose pixels are as much larger than those in the middle; only
// what a large Pad shows could be nearer than .2.
const nearest = .05

// mirror maps whole numbers to 0 ... n-1 so that ... 1 0 0 1 ... n-1 n-1 n-2 ... come out.
func mirror(v, n *graph.Node) *graph.Node {
	period := graph.MulScalar(n, 2)
	v = graph.Sub(v, graph.Mul(period, graph.Floor(graph.Div(v, period))))
	return graph.Where(graph.LessThan(v, n), v, graph.Sub(graph.AddScalar(period, -1), v))
}

// pick returns the pixels [rows, size, size, 3] of the windows at whole y and x.
func pick(windows, y, x *graph.Node) *graph.Node {
	d := windows.Shape().Dimensions
	first := graph.MulScalar(graph.Iota(windows.Graph(), shapes.Make(dtypes.Int32, d[0], 1, 1), 0), d[1]*d[2])
	index := graph.Add(first, graph.ConvertDType(graph.Add(graph.MulScalar(y, d[2]), x), dtypes.Int32))
	pixels := graph.Reshape(windows, d[0]*d[1]*d[2], 3)
	return graph.ConvertDType(graph.Gather(pixels, graph.InsertAxes(index, -1)), dtypes.Float32)
}

// mix returns a where t is 0 and b where it is 1.
func mix(a, b, t *graph.Node) *graph.Node { return graph.Add(a, graph.Mul(t, graph.Sub(b, a))) }

// relight moves brightness and contrast as fast.ai 0.7 does: clip((x - mean)*contrast + mean + light, 0, 1) on a scale
// of 0 to 1, where mean is the image's.
func relight(x, light *graph.Node) *graph.Node {
	bright, contrast := graph.InsertAxes(element(light, 0), -1), graph.InsertAxes(element(light, 1), -1)
	mean := graph.ReduceAndKeep(x, graph.ReduceMean, 1, 2, 3)
	x = graph.Add(graph.Add(graph.Mul(graph.Sub(x, mean), contrast), mean), graph.MulScalar(bright, 255))
	return graph.ClipScalar(x, 0, 255)
}
