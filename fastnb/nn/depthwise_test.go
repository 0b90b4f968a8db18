package nn

import (
	"fmt"
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// What is written for GPUs and what is written for CPUs is the same function with the same gradients.
func TestDepthwiseWays(t *testing.T) {
	be := backend(t)
	for _, d := range []depthwise{
		{kernel: 3, stride: 1, pads: [2][2]int{{1, 1}, {1, 1}}},
		{kernel: 3, stride: 2, pads: [2][2]int{{0, 1}, {0, 1}}},
		{kernel: 5, stride: 1, pads: [2][2]int{{2, 2}, {2, 2}}},
		{kernel: 5, stride: 2, pads: [2][2]int{{1, 2}, {1, 2}}},
		{kernel: 2, stride: 3},
		{kernel: 4, stride: 2, pads: [2][2]int{{1, 1}, {1, 1}}},
	} {
		both := graph.MustNewExec(be, func(g *graph.Graph) []*graph.Node {
			x, w := waveNode(g, .3, 3, 11, 10, 6), waveNode(g, .7, d.kernel, d.kernel, 1, 6)
			var outs []*graph.Node
			for _, cpu := range []bool{true, false} {
				d.cpu = cpu
				y := d.apply(x, w)
				grads := graph.Gradient(graph.ReduceAllSum(graph.Mul(y, graph.Cos(y))), x, w)
				outs = append(outs, y, grads[0], grads[1])
			}
			return outs
		})
		outs, err := both.Call()
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"y", "dx", "dw"} {
			name = fmt.Sprintf("kernel %d stride %d: %s", d.kernel, d.stride, name)
			if far := distance(outs[i], outs[i+3]); !(far < 1e-12) {
				t.Errorf("%s differs by %g", name, far)
			}
		}
	}
}

// distance is the largest difference between the numbers of two tensors, over the largest of a's.
func distance(a, b *tensors.Tensor) float64 {
	x, y := tensors.MustCopyFlatData[float64](a), tensors.MustCopyFlatData[float64](b)
	most, far := 0., 0.
	for i := range x {
		most, far = max(most, math.Abs(x[i])), max(far, math.Abs(x[i]-y[i]))
	}
	return far / most
}
