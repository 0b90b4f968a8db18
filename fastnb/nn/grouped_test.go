package nn

import (
	"fmt"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// shapesOfGroups are those of ResNeXts, strides, dilations, odd paddings, and groups that are joined or can't be.
var shapesOfGroups = []struct {
	grouped
	in, out int // channels
}{
	{grouped{groups: 32, kernel: 3, stride: 1, dilation: 1, pads: [2][2]int{{1, 1}, {1, 1}}}, 128, 128},
	{grouped{groups: 32, kernel: 3, stride: 2, dilation: 1, pads: [2][2]int{{1, 1}, {1, 1}}}, 64, 64},
	{grouped{groups: 3, kernel: 3, stride: 1, dilation: 1, pads: [2][2]int{{1, 1}, {1, 1}}}, 6, 9},
	{grouped{groups: 6, kernel: 5, stride: 3, dilation: 1, pads: [2][2]int{{2, 1}, {1, 2}}}, 12, 6},
	{grouped{groups: 4, kernel: 3, stride: 1, dilation: 2, pads: [2][2]int{{2, 2}, {2, 2}}}, 8, 16},
	{grouped{groups: 4, kernel: 1, stride: 2, dilation: 1}, 64, 16},
}

// What is written for GPUs and what is written for CPUs is, with its gradients, the sum of its groups' own.
func TestGroupedWays(t *testing.T) {
	for _, c := range shapesOfGroups {
		exec := graph.MustNewExec(backend(t), func(g *graph.Graph) []*graph.Node {
			x, w := waveNode(g, .3, 3, 11, 10, c.in), waveNode(g, .7, c.kernel, c.kernel, c.in/c.groups, c.out)
			outs := withGradients(apart(c.grouped, x, w), x, w)
			for _, cpu := range []bool{true, false} {
				c.cpu = cpu
				outs = append(outs, withGradients(c.apply(x, w), x, w)...)
			}
			return outs
		})
		outs, err := exec.Call()
		if err != nil {
			t.Fatal(err)
		}
		for i := 3; i < len(outs); i++ {
			name := fmt.Sprintf("%+v: %s, cpu %v", c, []string{"y", "dx", "dw"}[i%3], i < 6)
			if far := distance(outs[i%3], outs[i]); !(far < 1e-12) {
				t.Errorf("%s differs by %g", name, far)
			}
		}
	}
}

// withGradients returns y and the gradients of a function of it.
func withGradients(y, x, w *graph.Node) []*graph.Node {
	return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, graph.Cos(y))), x, w)...)
}

// apart is a convolution for each group, with GoMLX's gradients.
func apart(c grouped, x, w *graph.Node) *graph.Node {
	in, out := x.Shape().Dim(-1)/c.groups, w.Shape().Dim(-1)/c.groups
	var ys []*graph.Node
	for i := range c.groups {
		xi := graph.SliceAxis(x, -1, graph.AxisRange(i*in, (i+1)*in))
		wi := graph.SliceAxis(w, -1, graph.AxisRange(i*out, (i+1)*out))
		ys = append(ys, graph.Convolve(xi, wi).Strides(c.stride).Dilations(c.dilation).PaddingPerDim(c.pads[:]).Done())
	}
	return graph.Concatenate(ys, -1)
}

// A graph with its gradient has as many operations for 2 groups as for 64, on GPUs and on CPUs. Of GoMLX's own the
// same count tells the groups.
func TestGroupedOps(t *testing.T) {
	ops := func(groups int, conv func(x, w *graph.Node) *graph.Node) int {
		g := graph.NewGraph(backend(t), "grouped")
		defer g.Finalize()
		x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, 2, 8, 8, 2*groups))
		w := graph.Parameter(g, "w", shapes.Make(dtypes.Float32, 3, 3, 2, 2*groups))
		withGradients(conv(x, w), x, w)
		return len(g.Nodes())
	}
	for _, cpu := range []bool{true, false} {
		ours := func(groups int) int {
			return ops(groups, grouped{groups: groups, kernel: 3, stride: 1, dilation: 1, cpu: cpu}.apply)
		}
		if few, many := ours(2), ours(64); few != many {
			t.Errorf("cpu %v: %d operations for 2 groups, %d for 64", cpu, few, many)
		}
	}
	theirs := func(groups int) int {
		return ops(groups, func(x, w *graph.Node) *graph.Node {
			return graph.Convolve(x, w).NoPadding().ChannelGroupCount(groups).Done()
		})
	}
	if few, many := theirs(2), theirs(64); many < few+62 {
		t.Errorf("GoMLX's own has %d operations for 2 groups and %d for 64: it may be as good as ours now", few, many)
	}
}
