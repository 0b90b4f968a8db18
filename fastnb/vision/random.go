package vision

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Rand makes the random numbers of a function of [Transform]. Those of an image depend on the view's seed and on the
// image alone, not on the others of its batch: the same view shows it the same again. Each call draws other numbers.
type Rand struct {
	seeds *graph.Node // [rows, 2] uint32
	calls uint32
}

// Uniform draws numbers of [0, 1): [rows, dims...] float32, as many rows as there are images. A dimension below 1 is a
// panic, which the verb that builds the graph returns as an error.
func (r *Rand) Uniform(dims ...int) *graph.Node {
	const unit = 1 << 24 // a float32 holds as many different numbers in [0, 1)
	bits := graph.BitwiseShiftRightLogicalScalar(r.bits(dims), uint32(8))
	return graph.DivScalar(graph.ConvertDType(bits, dtypes.Float32), unit)
}

// Normal draws numbers of mean 0 and deviation 1, normally distributed: [rows, dims...] float32.
// Box and Muller 1958, https://doi.org/10.1214/aoms/1177706645.
func (r *Rand) Normal(dims ...int) *graph.Node {
	radius := graph.Sqrt(graph.MulScalar(graph.Log(graph.OneMinus(r.Uniform(dims...))), -2))
	return graph.Mul(radius, graph.Cos(graph.MulScalar(r.Uniform(dims...), 2*math.Pi)))
}

// bits draws 32 bits for each element: a hash of its image's seed, the call, and its place in the image.
func (r *Rand) bits(dims []int) *graph.Node {
	size := 1
	for _, n := range dims {
		if n < 1 {
			panic(fmt.Errorf("vision: Rand: dimensions %v (want 1 or more)", dims))
		}
		size *= n
	}
	rows := r.seeds.Shape().Dim(0)
	seed := func(k int) *graph.Node { return graph.Slice(r.seeds, graph.AxisRange(), graph.AxisRange(k, k+1)) }
	r.calls++
	place := graph.Iota(r.seeds.Graph(), shapes.Make(dtypes.Uint32, 1, size), 1)
	x := hashed(graph.BitwiseXor(place, hashed(graph.AddScalar(seed(0), r.calls))))
	return graph.Reshape(hashed(graph.Add(x, seed(1))), append([]int{rows}, dims...)...)
}

// hashed mixes 32 bits: "lowbias32" of C. Wellons, https://nullprogram.com/blog/2018/07/31/.
func hashed(x *graph.Node) *graph.Node {
	fold := func(x *graph.Node, n uint32) *graph.Node {
		return graph.BitwiseXor(x, graph.BitwiseShiftRightLogicalScalar(x, n))
	}
	x = graph.Mul(fold(x, 16), graph.Const(x.Graph(), uint32(0x7feb352d)))
	x = graph.Mul(fold(x, 15), graph.Const(x.Graph(), uint32(0x846ca68b)))
	return fold(x, 16)
}
