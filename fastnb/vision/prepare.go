package vision

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" //lint:ignore ST1001 as GoMLX's own graph code
)

// Prepare is the graph function from a batch's inputs (see [Data.Batches]) to normalised images [rows, size, size, 3]
// float32: an augmented view is sampled and lit here. No gradient flows back through it.
func (d *Data) Prepare(inputs []*Node) []*Node {
	x := Pixels(inputs)
	g := x.Graph()
	return []*Node{Div(Sub(x, Const(g, [][][][]float32{{{d.norm.Mean[:]}}})),
		Const(g, [][][][]float32{{{d.norm.Std[:]}}}))}
}

// Pixels is the graph function from a batch's inputs to images [rows, size, size, 3] float32 of 0 to 255, before they
// are normalised.
func Pixels(inputs []*Node) *Node {
	if len(inputs) == 1 {
		return ConvertDType(inputs[0], dtypes.Float32)
	}
	return StopGradient(relight(sample(inputs[0], inputs[1], inputs[2]), inputs[3]))
}

// sample takes each pixel of the square from where the affine map points to in the window, interpolating bilinearly
// between the four pixels around. Beyond the extent of the image lies its mirror image, edge pixels repeated.
func sample(windows, affine, extent *Node) *Node {
	row, column := position(windows, affine)
	top, left := Floor(row), Floor(column)
	down, right := InsertAxes(Sub(row, top), -1), InsertAxes(Sub(column, left), -1) // fractions
	at := func(dy, dx float64) *Node {
		y := mirror(AddScalar(top, dy), element(extent, 0))
		x := mirror(AddScalar(left, dx), element(extent, 1))
		return pick(windows, y, x)
	}
	upper := mix(at(0, 0), at(0, 1), right)
	lower := mix(at(1, 0), at(1, 1), right)
	return mix(upper, lower, down)
}

// position returns row and column in the window, each [rows, size, size], for every pixel of the square.
func position(windows, affine *Node) (row, column *Node) {
	size := windows.Shape().Dimensions[1]
	grid := shapes.Make(dtypes.Float32, 1, size, size)
	i, j := Iota(windows.Graph(), grid, 1), Iota(windows.Graph(), grid, 2)
	coordinate := func(k int) *Node {
		m := Squeeze(Slice(affine, AxisRange(), AxisElem(k)), 1)
		return Add(Add(Mul(element(m, 0), i), Mul(element(m, 1), j)), element(m, 2))
	}
	return coordinate(0), coordinate(1)
}

// element returns x[:, k] as [rows, 1, 1] float32.
func element(x *Node, k int) *Node {
	return ConvertDType(InsertAxes(Slice(x, AxisRange(), AxisElem(k)), -1), dtypes.Float32)
}

// mirror maps whole numbers to 0 ... n-1 so that ... 1 0 0 1 ... n-1 n-1 n-2 ... come out.
func mirror(v, n *Node) *Node {
	period := MulScalar(n, 2)
	v = Sub(v, Mul(period, Floor(Div(v, period))))
	return Where(LessThan(v, n), v, Sub(AddScalar(period, -1), v))
}

// pick returns the pixels [rows, size, size, 3] of the windows at whole y and x.
func pick(windows, y, x *Node) *Node {
	d := windows.Shape().Dimensions
	first := MulScalar(Iota(windows.Graph(), shapes.Make(dtypes.Int32, d[0], 1, 1), 0), d[1]*d[2])
	index := Add(first, ConvertDType(Add(MulScalar(y, d[2]), x), dtypes.Int32))
	return ConvertDType(Gather(Reshape(windows, d[0]*d[1]*d[2], 3), InsertAxes(index, -1)), dtypes.Float32)
}

// mix returns a where t is 0 and b where it is 1.
func mix(a, b, t *Node) *Node { return Add(a, Mul(t, Sub(b, a))) }

// relight moves brightness and contrast as fast.ai 0.7 does: clip((x - mean)*contrast + mean + light, 0, 1) on a scale
// of 0 to 1, where mean is the image's.
func relight(x, light *Node) *Node {
	bright, contrast := InsertAxes(element(light, 0), -1), InsertAxes(element(light, 1), -1)
	mean := ReduceAndKeep(x, ReduceMean, 1, 2, 3)
	x = Add(Add(Mul(Sub(x, mean), contrast), mean), MulScalar(bright, 255))
	return ClipScalar(x, 0, 255)
}
