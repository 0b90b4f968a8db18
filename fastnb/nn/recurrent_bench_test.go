package nn

import (
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BenchmarkLSTM has the second layer of AWD-LSTM, a window of 72 words, 64 at once.
func BenchmarkLSTM(b *testing.B) {
	measure(b, []int{72, 64, 1152}, func(s *model.Scope, x *graph.Node) *graph.Node {
		h := graph.Zeros(x.Graph(), shapes.Make(dtypes.Float32, 64, 1152))
		hs, _, _ := LSTM(s, x, h, h, WeightDrop(.5))
		return hs
	})
}

// BenchmarkLinearCrossEntropy has the decoder of AWD-LSTM with 30,000 words.
func BenchmarkLinearCrossEntropy(b *testing.B) {
	measure(b, []int{72 * 64, 400}, func(s *model.Scope, x *graph.Node) *graph.Node {
		w, bias := weight(s, x, 400, 30000, 400), bias(s, x, 30000)
		labels := graph.Iota(x.Graph(), shapes.Make(dtypes.Int32, 72*64), 0)
		return LinearCrossEntropy(x, w, bias, labels, true).Sum
	})
}

func BenchmarkCrossEntropyOfLinear(b *testing.B) {
	measure(b, []int{72 * 64, 400}, func(s *model.Scope, x *graph.Node) *graph.Node {
		w, bias := weight(s, x, 400, 30000, 400), bias(s, x, 30000)
		labels := graph.Iota(x.Graph(), shapes.Make(dtypes.Int32, 72*64), 0)
		return graph.ReduceAllSum(CrossEntropy(graph.Add(graph.Einsum("ni,ci->nc", x, w), leading(bias, 2)), labels))
	})
}
