package nn

import (
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// depthwise is a convolution with one input and one output channel per group, written as a sum over the kernel's taps
// of shifted images times a weight per channel. XLA makes one vectorised loop of that on the CPU, where its own grouped
// convolution is 15 to 45 times slower, and its gradient worse. BenchmarkDepthwise has the numbers.
//
// Elsewhere XLA's own is taken, but not GoMLX's gradient of it: that cuts the convolution into one for each channel,
// some thousands in an EfficientNet, which a GPU's compiler was not done with after two minutes.
type depthwise struct {
	kernel, stride int
	pads           [2][2]int // of height and width
	in, out        [2]int    // height and width
	cpu            bool      // write it so that XLA's code for CPUs is fast
}

// onCPU tells whether g is compiled by XLA for the CPU, whose devices call themselves TFRT_CPU_0 or the like.
func onCPU(g *graph.Graph) bool {
	be := g.Backend()
	return be.Name() == "xla" && strings.Contains(strings.ToLower(be.DeviceDescription(0)), "cpu")
}

// apply convolves x [n, h, w, c] with w [kernel, kernel, 1, c].
func (d depthwise) apply(x, w *graph.Node) *graph.Node {
	for i := range 2 {
		d.in[i] = x.Shape().Dim(i + 1)
		d.out[i] = outputs(d.in[i], d.kernel, d.stride, 1, d.pads[i])
	}
	return customVJP(
		func(in []*graph.Node) *graph.Node { return d.forward(in[0], in[1]) },
		func(in []*graph.Node, _, dy *graph.Node) []*graph.Node {
			return []*graph.Node{d.inputGradient(in[1], dy), d.weightGradient(in[0], dy)}
		}, x, w)
}

func (d depthwise) forward(x, w *graph.Node) *graph.Node {
	if !d.cpu {
		return graph.Convolve(x, w).Strides(d.stride).PaddingPerDim(d.pads[:]).ChannelGroupCount(x.Shape().Dim(-1)).Done()
	}
	x = padPixels(x, d.pads)
	var y *graph.Node
	for i := range d.kernel {
		for j := range d.kernel {
			y = plus(y, graph.Mul(d.shifted(x, i, j), tap(w, i, j)))
		}
	}
	return y
}

// shifted takes the pixels of the padded images that one kernel position meets.
func (d depthwise) shifted(x *graph.Node, i, j int) *graph.Node {
	return graph.Slice(x, graph.AxisRange(), d.window(i, 0), d.window(j, 1), graph.AxisRange())
}

// window is the range of pixels, along height (0) or width (1), that tap i of the kernel meets.
func (d depthwise) window(i, axis int) graph.SliceAxisSpec {
	return graph.AxisRange(i, i+(d.out[axis]-1)*d.stride+1).Stride(d.stride)
}

// tap returns the weights [1, 1, 1, c] of one kernel position.
func tap(w *graph.Node, i, j int) *graph.Node {
	at := graph.Slice(w, graph.AxisElem(i), graph.AxisElem(j), graph.AxisRange(), graph.AxisRange())
	return leading(graph.Reshape(at, -1), 4)
}

func plus(sum, x *graph.Node) *graph.Node {
	if sum == nil {
		return x
	}
	return graph.Add(sum, x)
}

// padPixels puts zeros around the images.
func padPixels(x *graph.Node, pads [2][2]int) *graph.Node {
	axis := func(p [2]int) compute.PadAxis { return compute.PadAxis{Start: p[0], End: p[1]} }
	zero := graph.ScalarZero(x.Graph(), x.DType())
	return graph.Pad(x, zero, compute.PadAxis{}, axis(pads[0]), axis(pads[1]), compute.PadAxis{})
}

// inputGradient is the convolution of dy with the turned kernel. With a stride, pixels whose coordinates leave the same
// remainders meet the same taps: each such phase is computed by itself, and the phases are interleaved.
func (d depthwise) inputGradient(w, dy *graph.Node) *graph.Node {
	rows := make([]*graph.Node, d.stride)
	first, padded := d.padOutput(dy)
	for r := range rows {
		cols := make([]*graph.Node, d.stride)
		for q := range cols {
			cols[q] = d.phase(w, padded, first, r, q)
		}
		rows[r] = graph.Stack(cols, 3)
	}
	dx := graph.Stack(rows, 2) // [n, h/stride, stride, w/stride, stride, c]
	dx = graph.Reshape(dx, dy.Shape().Dim(0), d.per(0)*d.stride, d.per(1)*d.stride, dy.Shape().Dim(-1))
	return graph.Slice(dx, graph.AxisRange(), graph.AxisRange(0, d.in[0]), graph.AxisRange(0, d.in[1]), graph.AxisRange())
}

// per is the number of pixels of a phase.
func (d depthwise) per(axis int) int { return (d.in[axis] + d.stride - 1) / d.stride }

// padOutput pads dy so that every tap of every phase finds a pixel, and returns where dy's first one went.
func (d depthwise) padOutput(dy *graph.Node) (first [2]int, padded *graph.Node) {
	var pads [2][2]int
	for i := range 2 {
		before, s := d.pads[i][0], d.stride
		first[i] = max(0, (d.kernel-1-before+s-1)/s)
		last := d.per(i) - 1 + (s-1+before)/s
		pads[i] = [2]int{first[i], max(0, last-d.out[i]+1)}
	}
	return first, padPixels(dy, pads)
}

// phase sums the taps that reach the pixels (stride·m + r, stride·n + q).
func (d depthwise) phase(w, dy *graph.Node, first [2]int, r, q int) *graph.Node {
	var sum *graph.Node
	for i := range d.kernel {
		for j := range d.kernel {
			y, x := r+d.pads[0][0]-i, q+d.pads[1][0]-j
			if y%d.stride != 0 || x%d.stride != 0 {
				continue
			}
			y, x = y/d.stride+first[0], x/d.stride+first[1]
			part := graph.Slice(dy, graph.AxisRange(), graph.AxisRange(y, y+d.per(0)), graph.AxisRange(x, x+d.per(1)),
				graph.AxisRange())
			sum = plus(sum, graph.Mul(part, tap(w, i, j)))
		}
	}
	if sum == nil { // a stride larger than the kernel leaves pixels that nothing reaches
		shape := dy.Shape().Clone()
		shape.Dimensions[1], shape.Dimensions[2] = d.per(0), d.per(1)
		return graph.Zeros(dy.Graph(), shape)
	}
	return sum
}

// weightGradient sums x·dy over images and pixels for every tap; the sums have at least 32 bits, as sumsByRow's have.
func (d depthwise) weightGradient(x, dy *graph.Node) *graph.Node {
	if d.cpu {
		return d.sumsByRow(x, dy)
	}
	x = padPixels(x, d.pads)
	var taps []*graph.Node
	for i := range d.kernel {
		for j := range d.kernel {
			product := graph.Mul(d.shifted(x, i, j), dy)
			taps = append(taps, graph.ReduceSum(graph.ConvertDType(product, keep(x.DType())), 0, 1, 2))
		}
	}
	dw := graph.Reshape(graph.Concatenate(taps, 0), d.kernel, d.kernel, 1, x.Shape().Dim(-1))
	return graph.ConvertDType(dw, dy.DType())
}

// sumsByRow loops over the rows of dy: each step takes the kernel's rows of x and adds, for all taps at once, the
// products with the row's pixels, one after the other. On a CPU a reduction per tap is not vectorised and reads
// everything kernel² times.
func (d depthwise) sumsByRow(x, dy *graph.Node) *graph.Node {
	g, n, c := x.Graph(), x.Shape().Dim(0), x.Shape().Dim(-1)
	pads := d.pads
	for i := range pads {
		pads[i][1] = max(0, (d.out[i]-1)*d.stride+d.kernel-d.in[i]-pads[i][0])
	}
	x = padPixels(x, pads)
	sums := graph.Zeros(g, shapes.Make(keep(x.DType()), n, d.kernel, d.kernel, c))
	state := []*graph.Node{graph.Const(g, int32(0)), x, dy, sums}
	more := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node {
		return []*graph.Node{graph.LessThan(parameters(g, state)[0], graph.Const(g, int32(d.out[0])))}
	})
	row := graph.NewClosure(g, func(g *graph.Graph) []*graph.Node { return d.addRow(parameters(g, state)) })
	sums = graph.ReduceSum(graph.While(more, row, state...)[3], 0)
	return graph.ConvertDType(graph.Reshape(sums, d.kernel, d.kernel, 1, c), dy.DType())
}

// parameters declares a loop's state inside one of its closures.
func parameters(g *graph.Graph, state []*graph.Node) []*graph.Node {
	in := make([]*graph.Node, len(state))
	for i, s := range state {
		in[i] = graph.Parameter(g, "state"+string(rune('0'+i)), s.Shape())
	}
	return in
}

// addRow is the loop's step: state is the row's index, the padded x, dy and the sums so far.
func (d depthwise) addRow(state []*graph.Node) []*graph.Node {
	row, x, dy, sums := state[0], state[1], state[2], state[3]
	g := row.Graph()
	xs := rows(x, graph.Mul(row, graph.Const(g, int32(d.stride))), d.kernel)
	dys := rows(dy, row, 1)
	for j := range d.out[1] {
		at := j * d.stride
		product := graph.Mul(columns(xs, at, d.kernel), columns(dys, j, 1))
		sums = graph.Add(sums, graph.ConvertDType(product, sums.DType()))
	}
	return []*graph.Node{graph.Add(row, graph.Const(g, int32(1))), x, dy, sums}
}

// rows copies n rows of the images from a row that is known at run time only.
func rows(x, from *graph.Node, n int) *graph.Node {
	dims := x.Shape().Clone().Dimensions
	dims[1] = n
	zero := graph.Const(x.Graph(), int32(0))
	return graph.DynamicSlice(x, []*graph.Node{zero, from, zero, zero}, dims)
}

func columns(x *graph.Node, from, n int) *graph.Node {
	return graph.Slice(x, graph.AxisRange(), graph.AxisRange(), graph.AxisRange(from, from+n), graph.AxisRange())
}
