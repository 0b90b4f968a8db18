package wire

import (
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// FromShape encodes a shape.
func FromShape(s shapes.Shape) *Shape { return &Shape{DType: int(s.DType), Dims: s.Dimensions} }

// Of decodes a shape, and checks that it is one whose size can be told.
func (s *Shape) Of() (shapes.Shape, error) {
	if s == nil {
		return shapes.Invalid(), fmt.Errorf("no shape")
	}
	dtype := dtypes.DType(s.DType)
	if !dtype.IsADType() || !dtype.IsSupported() || dtype.IsPacked() {
		return shapes.Invalid(), fmt.Errorf("no tensors of type %d", s.DType)
	}
	size := int64(dtype.Size())
	for _, d := range s.Dims {
		if d < 0 || (d > 0 && size > math.MaxInt64/int64(d)) {
			return shapes.Invalid(), fmt.Errorf("no tensors of dimensions %v", s.Dims)
		}
		size *= int64(d)
	}
	return shapes.Make(dtype, s.Dims...), nil
}
