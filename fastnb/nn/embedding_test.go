package nn

import (
	"fmt"
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// The gradient of a look-up adds up what came to each row: of a small table, whose gradient is a product, and of a large
// one. Codes that are not in the table count for the nearest.
func TestLookUpGradient(t *testing.T) {
	be := backend(t)
	for _, count := range []int{5, mostHot + 1} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			codes := []int32{1, 4, 1, 0, -3, int32(count) + 7}
			dy := wave(.3, len(codes), 3)
			outs, err := graph.CallOnceN(be, func(table, codes, dy *graph.Node) []*graph.Node {
				y := LookUp(table, codes)
				return []*graph.Node{y, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, dy)), table)[0]}
			}, wave(.7, count, 3), codes, dy)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]float64, 3*count)
			for i, code := range codes {
				row := min(max(int(code), 0), count-1)
				for k := range 3 {
					want[3*row+k] += waveAt(.3, 3*i+k)
					if got := tensors.MustCopyFlatData[float64](outs[0])[3*i+k]; got != waveAt(.7, 3*row+k) {
						t.Fatalf("code %d looks up %g, want %g", code, got, waveAt(.7, 3*row+k))
					}
				}
			}
			for i, got := range tensors.MustCopyFlatData[float64](outs[1]) {
				if math.Abs(got-want[i]) > 1e-12 {
					t.Errorf("gradient of %d.%d is %g, want %g", i/3, i%3, got, want[i])
				}
			}
		})
	}
}
