package nn

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// LinearCrossEntropy is CrossEntropy of the scores, gradients too, whether its rows come in one piece or in several; rows
// whose label is no class count nothing.
func TestLinearCrossEntropy(t *testing.T) {
	const n, in, classes = 6, 4, 37
	labels := []int32{4, 0, -1, 36, classes, 17}
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

// Two such losses may stand in one graph, beside other reductions, each with its own gradient: those of two decoders, say.
func TestLinearCrossEntropyTwice(t *testing.T) {
	labels := []int32{4, 0, -1, 2, 5, 1}
	outs, err := graph.CallOnceN(backend(t), func(x, w, b, labels *graph.Node) []*graph.Node {
		largest := graph.ReduceAllMax(graph.ReduceMax(x, 1))
		one := LinearCrossEntropy(x, w, b, labels, true)
		two := LinearCrossEntropy(graph.Neg(x), w, b, labels, true)
		again := LinearCrossEntropy(x, w, b, labels, true)
		both := graph.Gradient(graph.Add(one.Sum, two.Sum), x)[0]
		return []*graph.Node{one.Sum, again.Sum, both, graph.Add(graph.Gradient(one.Sum, x)[0], graph.Gradient(two.Sum, x)[0]),
			one.Rows, again.Rows, one.Hits, again.Hits, largest}
	}, wave(1.3, 6, 4), wave(.7, 5, 4), wave(.4, 5), labels)
	if err != nil {
		t.Fatal(err)
	}
	nearly(t, "sum", outs[1], outs[0])
	nearly(t, "gradient", outs[2], outs[3])
	nearly(t, "rows", outs[5], outs[4])
	nearly(t, "hits", outs[7], outs[6])
}

// A gradient of a loss that was said to be none of training is refused.
func TestLinearCrossEntropyOutsideTraining(t *testing.T) {
	_, err := graph.CallOnceN(backend(t), func(x, w, b, labels *graph.Node) []*graph.Node {
		return graph.Gradient(LinearCrossEntropy(x, w, b, labels, false).Sum, x)
	}, wave(1.3, 6, 4), wave(.7, 5, 4), wave(.4, 5), []int32{0, 1, 2, 3, 4, 0})
	if err == nil || !strings.Contains(err.Error(), "a gradient is wanted, but training is false") {
		t.Errorf("error is %v", err)
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
