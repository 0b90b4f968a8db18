package resident

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
	"github.com/gomlx/compute/shapes"
)

// args are the arguments of an operation: as they are recorded, and as the rules of shapes want them, which is with a
// shape in the place of each value.
type args struct {
	wire, known []any
}

func (a args) shape(i int) shapes.Shape     { return a.known[i].(shapes.Shape) }
func (a args) list(i int) []shapes.Shape    { return a.known[i].([]shapes.Shape) }
func (a args) int(i int) int                { return a.known[i].(int) }
func (a args) ints(i int) []int             { return a.known[i].([]int) }
func (a args) bool(i int) bool              { return a.known[i].(bool) }
func (a args) pads(i int) [][2]int          { return a.known[i].([][2]int) }
func (a args) dtype(i int) dtypes.DType     { return a.known[i].(dtypes.DType) }
func (a args) returns(i int) []shapes.Shape { return a.known[i].(*function).outputs }

// rule works out the shapes of an operation's results.
type rule func(a args) ([]shapes.Shape, error)

// infer works out the shapes of the results of a method of compute.Function.
func infer(method string, a args) ([]shapes.Shape, error) {
	if r, ok := rules[method]; ok {
		return r(a)
	}
	if strings.HasPrefix(method, "Reduce") {
		return reduction(a)
	}
	op, err := compute.OpTypeString(method)
	if err != nil {
		return nil, compute.ErrNotImplemented
	}
	switch {
	case shapeinference.ComparisonOperations.Has(op):
		return comparison(op, a)
	case shapeinference.StandardBinaryOperations.Has(op):
		return single(shapeinference.BinaryOp(op, a.shape(0), a.shape(1)))
	case shapeinference.StandardUnaryOperations.Has(op):
		return single(shapeinference.UnaryOp(op, a.shape(0)))
	}
	return nil, compute.ErrNotImplemented
}

var rules = map[string]rule{
	// the same shape
	"Identity":            first,
	"Reverse":             first,
	"SchedulingBarrier":   first,
	"OptimizationBarrier": func(a args) ([]shapes.Shape, error) { return a.list(0), nil },
	"Clamp":               func(a args) ([]shapes.Shape, error) { return single(a.shape(1), nil) },

	// another type
	"IsNaN":        typed(func(args) dtypes.DType { return dtypes.Bool }),
	"IsFinite":     typed(func(args) dtypes.DType { return dtypes.Bool }),
	"ConvertDType": typed(func(a args) dtypes.DType { return a.dtype(1) }),
	"Abs":          realPart,
	"Real":         realPart,
	"Imag":         realPart,
	"Complex":      typed(func(a args) dtypes.DType { return complexType(a.shape(0).DType) }),
	"Bitcast":      func(a args) ([]shapes.Shape, error) { return single(shapeinference.Bitcast(a.shape(0), a.dtype(1))) },

	// another form
	"BroadcastInDim": func(a args) ([]shapes.Shape, error) {
		return single(a.shape(1), shapeinference.BroadcastInDim(a.shape(0), a.shape(1), a.ints(2), nil))
	},
	"Reshape":   func(a args) ([]shapes.Shape, error) { return single(shapeinference.Reshape(a.shape(0), a.ints(1))) },
	"Transpose": func(a args) ([]shapes.Shape, error) { return single(shapeinference.Transpose(a.shape(0), a.ints(1))) },
	"Pad": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.Pad(a.shape(0), a.known[2].([]compute.PadAxis)...))
	},
	"Concatenate": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.Concatenate(a.list(1), a.int(0)))
	},
	"Slice": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.Slice(a.shape(0), a.ints(1), a.ints(2), a.ints(3)))
	},
	"DynamicSlice": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.DynamicSlice(a.shape(0), a.ints(2)))
	},
	"DynamicUpdateSlice": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.DynamicUpdateSlice(a.shape(0), a.shape(1)))
	},
	"Gather": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.Gather(a.shape(0), a.shape(1), a.int(2), a.ints(3), a.ints(4), a.ints(5), a.ints(6),
			a.bool(7)))
	},
	"ScatterSum": scatter, "ScatterMax": scatter, "ScatterMin": scatter,

	// numbers from nothing
	"Iota":            func(a args) ([]shapes.Shape, error) { return single(a.shape(0), nil) },
	"RNGBitGenerator": func(a args) ([]shapes.Shape, error) { return []shapes.Shape{a.shape(0), a.shape(1)}, nil },

	// sums and choices
	"Where": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.Where(a.shape(0), a.shape(1), a.shape(2)))
	},
	"CumSum": func(a args) ([]shapes.Shape, error) { return single(shapeinference.CumSum(a.shape(0), a.int(1))) },
	"ArgMinMax": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.ArgMinMax(a.shape(0), a.int(1), a.dtype(2)))
	},
	"ReduceWindow": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.ReduceWindow(a.shape(0), a.ints(2), a.ints(3), a.ints(4), a.ints(5), a.pads(6)))
	},
	"SelectAndScatterMax": first, "SelectAndScatterMin": first,

	// products
	"DotGeneral": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.DotGeneral(a.shape(0), a.ints(1), a.ints(2), a.shape(3), a.ints(4), a.ints(5),
			a.known[6].(compute.DotGeneralConfig)))
	},
	"ConvGeneral": func(a args) ([]shapes.Shape, error) {
		return single(shapeinference.ConvGeneral(a.shape(0), a.shape(1), a.known[2].(compute.ConvolveAxesConfig),
			a.ints(3), a.pads(4), a.ints(5), a.ints(6), a.int(7), a.int(8)))
	},
	"FFT": fft,

	// batch norm: the values, and a number for each feature
	"BatchNormForInference": first,
	"BatchNormForTraining":  batchNorm,
	"BatchNormGradient":     batchNorm,

	// control
	"Call":  func(a args) ([]shapes.Shape, error) { return a.returns(0), nil },
	"If":    func(a args) ([]shapes.Shape, error) { return a.returns(1), nil },
	"Sort":  func(a args) ([]shapes.Shape, error) { return a.list(3), nil },
	"While": func(a args) ([]shapes.Shape, error) { return a.list(2), nil },
}

func realPart(a args) ([]shapes.Shape, error) {
	return typed(func(a args) dtypes.DType { return realType(a.shape(0).DType) })(a)
}

func batchNorm(a args) ([]shapes.Shape, error) {
	return []shapes.Shape{a.shape(0), a.shape(1), a.shape(1)}, nil
}

func single(s shapes.Shape, err error) ([]shapes.Shape, error) {
	if err != nil {
		return nil, err
	}
	return []shapes.Shape{s}, nil
}

func first(a args) ([]shapes.Shape, error) { return single(a.shape(0), nil) }

// typed is the rule of an operation that keeps the dimensions.
func typed(of func(args) dtypes.DType) rule {
	return func(a args) ([]shapes.Shape, error) {
		s := a.shape(0).Clone()
		s.DType = of(a)
		return single(s, nil)
	}
}

// reduction is the rule of sums and the like: over the axes named, over all where none is.
func reduction(a args) ([]shapes.Shape, error) {
	if len(a.ints(1)) == 0 {
		return single(shapes.Make(a.shape(0).DType), nil)
	}
	return single(shapeinference.Reduce(a.shape(0), a.ints(1)))
}

func comparison(op compute.OpType, a args) ([]shapes.Shape, error) {
	return single(shapeinference.ComparisonOp(op, a.shape(0), a.shape(1)))
}

func scatter(a args) ([]shapes.Shape, error) {
	return single(shapeinference.Scatter(a.shape(0), a.shape(1), a.shape(2), a.int(3), a.ints(4), a.ints(5), a.ints(6)))
}

// fft is the rule of the Fourier transform: of n real numbers there are n/2+1 complex ones, and back.
func fft(a args) ([]shapes.Shape, error) {
	s, lengths := a.shape(0).Clone(), a.ints(2)
	if len(lengths) == 0 || len(lengths) > s.Rank() {
		return nil, fmt.Errorf("%d lengths for %s", len(lengths), s)
	}
	last := s.Rank() - 1
	switch a.known[1].(compute.FFTType) {
	case compute.FFTForwardReal:
		s.DType, s.Dimensions[last] = complexType(s.DType), lengths[len(lengths)-1]/2+1
	case compute.FFTInverseReal:
		s.DType, s.Dimensions[last] = realType(s.DType), lengths[len(lengths)-1]
	}
	return single(s, nil)
}

func realType(t dtypes.DType) dtypes.DType {
	if t.IsComplex() {
		return t.RealDType()
	}
	return t
}

func complexType(t dtypes.DType) dtypes.DType {
	if t == dtypes.Float64 {
		return dtypes.Complex128
	}
	return dtypes.Complex64
}
