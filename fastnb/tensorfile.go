package fastnb

import (
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// encode turns a tensor into one of the file format.
func encode(name string, t *tensors.Tensor) (st safetensors.Tensor, err error) {
	code, ok := dtypeNames[t.DType()]
	if !ok {
		return st, fmt.Errorf("%s: can't save a tensor of %s", name, t.DType())
	}
	st = safetensors.Tensor{Name: name, DType: code, Shape: slices.Clone(t.Shape().Dimensions)}
	err = t.ConstBytes(func(data []byte) { st.Data = slices.Clone(data) })
	return st, err
}

// decode is the inverse of encode.
func decode(st safetensors.Tensor) (*tensors.Tensor, error) {
	for dtype, code := range dtypeNames {
		if code == st.DType {
			t := tensors.FromShape(shapes.Make(dtype, st.Shape...))
			err := t.MutableBytes(func(data []byte) { copy(data, st.Data) })
			return t, err
		}
	}
	return nil, fmt.Errorf("%s: a tensor of %s can't be loaded", st.Name, st.DType)
}

var dtypeNames = map[dtypes.DType]string{
	dtypes.Float32: "F32", dtypes.Float64: "F64", dtypes.Float16: "F16", dtypes.BFloat16: "BF16",
	dtypes.Int32: "I32", dtypes.Int64: "I64", dtypes.Uint8: "U8", dtypes.Uint64: "U64",
}
