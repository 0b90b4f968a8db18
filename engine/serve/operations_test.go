//go:build !resident

package serve_test

import (
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"

	"github.com/fastnb/fastnb/engine/serve"
)

// operations are graphs of x [4, 6] and y [4, 6] float32, and of whole numbers n [4]: together they use every rule of
// shapes that a client works out. The engine refuses a program whose shapes are not its own.
var operations = map[string]func(x, y, n *Node) *Node{
	"Abs": func(x, _, _ *Node) *Node { return Abs(x) },
	"Unary": func(x, _, _ *Node) *Node {
		return Tanh(Exp(Neg(Sin(Cos(Add(Floor(x), Add(Ceil(x), Add(Round(x), Add(Sign(x), Add(Erf(x), Logistic(x)))))))))))
	},
	"Positive": func(x, _, _ *Node) *Node { a := AddScalar(Abs(x), 1); return Rsqrt(Sqrt(Log1p(Log(Expm1(a))))) },
	"Binary": func(x, y, _ *Node) *Node {
		return Max(Min(Add(x, y), Mul(x, y)), Sub(x, Div(x, AddScalar(Square(y), 1))))
	},
	"Pow":       func(x, y, _ *Node) *Node { return Pow(AddScalar(Abs(x), 1), y) },
	"Mod":       func(x, y, _ *Node) *Node { return Mod(x, AddScalar(Abs(y), 1)) },
	"Broadcast": func(x, y, _ *Node) *Node { return Add(x, Slice(y, AxisRange(0, 1), AxisRange())) },
	"Compare":   func(x, y, _ *Node) *Node { return Where(GreaterThan(x, y), x, Where(Equal(x, y), y, Neg(y))) },
	"Logic": func(x, y, _ *Node) *Node {
		some := LogicalAnd(IsFinite(x), LogicalOr(NotEqual(x, y), LessOrEqual(x, y)))
		return ConvertDType(LogicalXor(LogicalNot(LessThan(x, y)), some), dtypes.Int32)
	},
	"NaN":  func(x, y, _ *Node) *Node { return ConvertDType(IsNaN(Div(x, Sub(y, y))), dtypes.Float32) },
	"Clip": func(x, _, _ *Node) *Node { return ClipScalar(x, -1, 1) },
	"Whole": func(_, _, n *Node) *Node {
		return BitwiseXor(BitwiseAnd(n, BitwiseNot(n)), BitwiseOr(n, BitwiseShiftLeft(n, OnesLike(n))))
	},
	"Shift": func(_, _, n *Node) *Node {
		return Add(BitwiseShiftRightArithmetic(n, OnesLike(n)), BitwiseShiftRightLogical(n, OnesLike(n)))
	},
	"Bits":        func(_, _, n *Node) *Node { return Add(BitCount(n), Clz(n)) },
	"Complex":     func(x, y, _ *Node) *Node { z := Complex(x, y); return Add(Add(Real(z), Imag(Conj(z))), Abs(z)) },
	"FFT":         func(x, _, _ *Node) *Node { return InverseRealFFT(RealFFT(x)) },
	"FFT complex": func(x, y, _ *Node) *Node { return Real(InverseFFT(FFT(Complex(x, y)))) },
	"Reshape":     func(x, _, _ *Node) *Node { return Transpose(Reshape(x, 2, 2, 6), 0, 2) },
	"Pad": func(x, _, _ *Node) *Node {
		return Pad(x, ScalarZero(x.Graph(), dtypes.Float32), PadAxis{Start: 1, End: 2, Interior: 1}, PadAxis{})
	},
	"Concatenate": func(x, y, _ *Node) *Node { return Concatenate([]*Node{x, y, x}, 1) },
	"Slice":       func(x, _, _ *Node) *Node { return Slice(x, AxisRange(1, 4).Stride(2), AxisRange(2)) },
	"Reverse":     func(x, _, _ *Node) *Node { return Reverse(x, 1) },
	"Iota":        func(x, _, _ *Node) *Node { return Add(x, Iota(x.Graph(), x.Shape(), 1)) },
	"Gather":      func(x, _, n *Node) *Node { return Gather(x, InsertAxes(n, -1)) },
	"Scatter":     func(x, y, n *Node) *Node { return ScatterSum(x, InsertAxes(n, -1), y, false, false) },
	"ScatterMax":  func(x, y, n *Node) *Node { return ScatterMax(x, InsertAxes(n, -1), y, false, false) },
	"DynamicSlice": func(x, y, n *Node) *Node {
		at := []*Node{Reshape(Slice(n, AxisElem(0))), ScalarZero(x.Graph(), dtypes.Int32)}
		return DynamicUpdateSlice(x, DynamicSlice(y, at, []int{2, 3}), at)
	},
	"Sums":    func(x, y, _ *Node) *Node { return Add(ReduceSum(x, 0), Add(ReduceMax(y, 0), ReduceMin(Mul(x, y), 0))) },
	"All":     func(x, _, _ *Node) *Node { return Add(ReduceAllSum(x), ReduceAllMax(x)) },
	"Product": func(x, _, _ *Node) *Node { return ReduceMultiply(x, 1) },
	"And, or": func(x, y, _ *Node) *Node {
		all, any := ReduceLogicalAnd(LessThan(x, y), 0), ReduceLogicalOr(LessThan(y, x), 0)
		return ConvertDType(LogicalOr(all, any), dtypes.Float32)
	},
	"CumSum":  func(x, _, _ *Node) *Node { return CumSum(x, 1) },
	"ArgMax":  func(x, _, _ *Node) *Node { return ArgMax(x, 1) },
	"TopK":    func(x, _, _ *Node) *Node { v, _ := TopK(x, 3, 1); return v },
	"Sort":    func(x, _, _ *Node) *Node { return Sort(x, 1, true) },
	"Softmax": func(x, _, _ *Node) *Node { return Softmax(x, -1) },
	"Dot":     func(x, y, _ *Node) *Node { return Dot(x, Transpose(y, 0, 1)).Product() },
	"Einsum":  func(x, y, _ *Node) *Node { return Einsum("ij,ij->i", x, y) },
	"Convolve": func(x, y, _ *Node) *Node {
		return convolve(x, y).Strides(2).Done()
	},
	"Max pool": func(x, _, _ *Node) *Node { return MaxPool(Reshape(x, 1, 4, 6, 1)).Window(2).Done() },
	"Mean pool": func(x, _, _ *Node) *Node {
		return MeanPool(Reshape(x, 1, 4, 6, 1)).Window(2).Strides(1).PadSame().Done()
	},
	"Batch norm": batchNorm,
	"Gradient": func(x, y, n *Node) *Node {
		p := MaxPool(convolve(x, y).Done()).Window(2).Done()
		return Gradient(Add(ReduceAllSum(p), ReduceAllSum(Gather(Tanh(x), InsertAxes(n, -1)))), x)[0]
	},
	"While": func(x, _, _ *Node) *Node {
		g := x.Graph()
		less := NewClosure(g, func(g *Graph) []*Node {
			i, _ := Parameter(g, "i", shapes.Make(dtypes.Int32)), Parameter(g, "x", x.Shape())
			return []*Node{LessThan(i, Const(g, int32(5)))}
		})
		body := NewClosure(g, func(g *Graph) []*Node {
			i, x := Parameter(g, "i", shapes.Make(dtypes.Int32)), Parameter(g, "x", x.Shape())
			return []*Node{Add(i, Const(g, int32(1))), Mul(x, Const(g, float32(1.5)))}
		})
		return While(less, body, Const(g, int32(0)), x)[1]
	},
	"Random": func(x, _, _ *Node) *Node {
		state := Const(x.Graph(), []uint64{1, 2, 3})
		_, v := RandomUniform(state, x.Shape())
		return Add(x, v)
	},
	"Bitcast": func(x, _, _ *Node) *Node { return Bitcast(x, dtypes.Int32) },
	"Half": func(x, y, _ *Node) *Node {
		return ConvertDType(Mul(ConvertDType(x, dtypes.BFloat16), ConvertDType(y, dtypes.BFloat16)), dtypes.Float64)
	},
}

// convolve convolves x with a corner of y.
func convolve(x, y *Node) *ConvolutionBuilder {
	kernel := Reshape(Slice(y, AxisRange(0, 3), AxisRange(0, 3)), 3, 3, 1, 1)
	return Convolve(Reshape(x, 1, 4, 6, 1), kernel).PadSame()
}

func batchNorm(x, y, _ *Node) *Node {
	one, zero := Ones(x.Graph(), shapes.Make(dtypes.Float32, 6)), Zeros(x.Graph(), shapes.Make(dtypes.Float32, 6))
	trained, mean, variance := InternalBatchNormForTraining(x, AddScalar(one, 1), zero, 1e-5, 1)
	loss := ReduceAllSum(Mul(trained, y))
	used := InternalBatchNormForInference(y, one, zero, mean, variance, 1e-5, 1)
	return Add(used, Gradient(loss, x)[0])
}

// Every operation gives the same bits through the resident engine as in the process itself.
func TestOperationsAreBitEqual(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: needs XLA, which has all operations")
	}
	_, socket := start(t, serve.Options{})
	be := dial(t, socket)
	x, y, n := make([][]float32, 4), make([][]float32, 4), []int32{2, 0, 3, 1}
	for i := range x {
		for j := range 6 {
			x[i], y[i] = append(x[i], float32((42*i+7*j)%11)/3-1.5), append(y[i], float32((42*i+7*j+3)%11)/3-1.5)
		}
	}
	for name, f := range operations {
		t.Run(name, func(t *testing.T) {
			want, err := CallOnce(backend(t), f, x, y, n)
			if err != nil {
				t.Fatalf("in the process: %v", err)
			}
			got, err := CallOnce(be, f, x, y, n)
			if err != nil {
				t.Fatalf("through the engine: %+v", err)
			}
			if !got.Shape().Equal(want.Shape()) || bytesOf(t, got) != bytesOf(t, want) {
				t.Errorf("through the engine %s, in the process %s", got, want)
			}
		})
	}
}
