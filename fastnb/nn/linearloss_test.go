package nn

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// LinearCrossEntropy is CrossEntropy of the scores, gradients too, whether its rows come in one piece or in several; rows
// whose label is no class count nothing.
func TestLinearCrossEntropy(t *testing.T) {
	const n, in, classes = 6, 4, 5
	labels := []int32{4, 0, -1, 2, 5, 1}
	count := []float64{1, 1, 0, 1, 0, 1}
	for _, most := range []int{2 * classes, 1 << 20} {
		defer func(was int) { mostLogits = was }(mostLogits)
		mostLogits = most
		outs, err := graph.CallOnceN(backend(t), func(x, w, b, labels, count *graph.Node) []*graph.Node {
			l := LinearCrossEntropy(x, w, b, labels, true)
			scores := graph.Add(graph.Einsum("ni,ci->nc", x, w), graph.BroadcastToDims(graph.ExpandAxes(b, 0), n, classes))
			rows := graph.Mul(CrossEntropy(scores, labels), count)
			grads := append(graph.Gradient(graph.MulScalar(l.Sum, 3), x, w, b), graph.Gradient(graph.MulScalar(graph.Einsum("n,n->", rows, count), 3), x, w, b)...)
			return append(grads, l.Rows, rows, l.Hits, graph.ConvertDType(graph.ArgMax(scores, 1), labels.DType()))
		}, wave(1.3, n, in), wave(.7, classes, in), wave(.4, classes), labels, count)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"x", "w", "b"} {
			nearly(t, "gradient of "+name, outs[i], outs[i+3])
		}
		nearly(t, "losses", outs[6], outs[7])
		hits, best := tensors.MustCopyFlatData[float64](outs[8]), tensors.MustCopyFlatData[int32](outs[9])
		for i := range hits {
			if want := best[i] == labels[i]; (hits[i] == 1) != want {
				t.Errorf("row %d: hit %g, the best is %d, the label %d", i, hits[i], best[i], labels[i])
			}
		}
	}
}

func nearly(t *testing.T, name string, got, want *tensors.Tensor) {
	t.Helper()
	g, w := tensors.MustCopyFlatData[float64](got), tensors.MustCopyFlatData[float64](want)
	for i := range w {
		if math.Abs(g[i]-w[i]) > 1e-9*(1+math.Abs(w[i])) {
			t.Errorf("%s: number %d is %g, want %g", name, i, g[i], w[i])
		}
	}
}
