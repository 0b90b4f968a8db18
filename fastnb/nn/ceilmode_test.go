package nn

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Pools of n x n pixels 1, 2, 3, ... give what torch.nn.functional's max_pool2d and avg_pool2d (2.15.0) give with the
// same arguments.
func TestPoolEnds(t *testing.T) {
	for name, c := range poolEnds {
		row := make([]float64, c.n*c.n)
		for i := range row {
			row[i] = float64(i + 1)
		}
		x := tensors.FromFlatDataAndDimensions(row, 1, c.n, c.n, 1)
		y, err := graph.CallOnce(backend(t), c.f, x)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := tensors.MustCopyFlatData[float64](y)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i, want := range c.want {
			if math.Abs(got[i]-want) > 1e-6 {
				t.Errorf("%s: %v, want %v", name, got, c.want)
				break
			}
		}
	}
}

var poolEnds = map[string]struct {
	n    int
	f    func(x *graph.Node) *graph.Node
	want []float64
}{
	"max 3 stride 2, 4 pixels": {4, func(x *graph.Node) *graph.Node { return MaxPool(x, 3, Stride(2), CeilMode) },
		[]float64{11, 12, 15, 16}},
	"max 3 stride 2, 5 pixels": {5, func(x *graph.Node) *graph.Node { return MaxPool(x, 3, CeilMode, Stride(2)) },
		[]float64{13, 15, 23, 25}},
	"max 2 stride 3 pad 1, 5 pixels": {5, func(x *graph.Node) *graph.Node {
		return MaxPool(x, 2, CeilMode, Stride(3), Pad(1))
	}, []float64{1, 4, 16, 19}},
	"mean 3 stride 2, 4 pixels": {4, func(x *graph.Node) *graph.Node { return AvgPool(x, 3, Stride(2), CeilMode) },
		[]float64{6, 7.5, 12, 13.5}},
	"mean 3 stride 2 pad 1, 4 pixels": {4, func(x *graph.Node) *graph.Node {
		return AvgPool(x, 3, Stride(2), Pad(1), CeilMode)
	}, []float64{1.5555556, 3.3333333, 2, 6.3333333, 11, 6, 4.5, 7.5, 4}},
	"mean 3 stride 2 pad 1 not counted, 4 pixels": {4, func(x *graph.Node) *graph.Node {
		return AvgPool(x, 3, Stride(2), Pad(1), CeilMode, CountIncludePad(false))
	}, []float64{3.5, 5, 6, 9.5, 11, 12, 13.5, 15, 16}},
	"mean 3 stride 2 same, 4 pixels": {4, func(x *graph.Node) *graph.Node {
		return AvgPool(x, 3, Stride(2), SamePad, CeilMode) // SAME is rounded up already
	}, []float64{6, 5, 8, 6}},
	"mean 3 stride 1 pad 1 not counted, 4 pixels": {4, func(x *graph.Node) *graph.Node {
		return AvgPool(x, 3, Stride(1), Pad(1), CountIncludePad(false))
	}, []float64{3.5, 4, 5, 5.5, 5.5, 6, 7, 7.5, 9.5, 10, 11, 11.5, 11.5, 12, 13, 13.5}},
}
