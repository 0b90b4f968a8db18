package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Float32 converts a tensor of any real type to float32, rounding to nearest. Complex numbers and the 4, 6 and
// 8-bit floats are an error.
func (t Tensor) Float32() ([]float32, error) {
	if err := t.checkSize(); err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	read, ok := toFloat32[t.DType]
	if !ok {
		return nil, fmt.Errorf("safetensors: tensor %q: cannot convert %s to float32; save it as real numbers of 16 bits or more", t.Name, t.DType)
	}
	out := make([]float32, t.Len())
	read(out, t.Data)
	return out, nil
}

var le = binary.LittleEndian

var toFloat32 = map[string]func(out []float32, data []byte){
	"F32":  float32s,
	"F64":  each(8, func(b []byte) float32 { return float32(math.Float64frombits(le.Uint64(b))) }),
	"BF16": each(2, func(b []byte) float32 { return math.Float32frombits(uint32(le.Uint16(b)) << 16) }),
	"F16":  each(2, func(b []byte) float32 { return half(le.Uint16(b)) }),
	"I64":  each(8, func(b []byte) float32 { return float32(int64(le.Uint64(b))) }),
	"U64":  each(8, func(b []byte) float32 { return float32(le.Uint64(b)) }),
	"I32":  each(4, func(b []byte) float32 { return float32(int32(le.Uint32(b))) }),
	"U32":  each(4, func(b []byte) float32 { return float32(le.Uint32(b)) }),
	"I16":  each(2, func(b []byte) float32 { return float32(int16(le.Uint16(b))) }),
	"U16":  each(2, func(b []byte) float32 { return float32(le.Uint16(b)) }),
	"I8":   each(1, func(b []byte) float32 { return float32(int8(b[0])) }),
	"U8":   each(1, func(b []byte) float32 { return float32(b[0]) }),
	"BOOL": each(1, func(b []byte) float32 { return float32(b[0]) }),
}

// float32s is each without a call for every element: most weights are of this type.
func float32s(out []float32, data []byte) {
	for i := range out {
		out[i] = math.Float32frombits(le.Uint32(data[4*i : 4*i+4]))
	}
}

// each applies convert to every element of size bytes.
func each(size int, convert func([]byte) float32) func([]float32, []byte) {
	return func(out []float32, data []byte) {
		for i := range out {
			out[i] = convert(data[i*size : i*size+size])
		}
	}
}

// half converts an IEEE 754 binary16 number.
func half(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exp {
	case 0: // zero and subnormal numbers: frac x 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(frac)*0x1p-24))
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// FromFloat32 makes a tensor of numbers in row-major order.
func FromFloat32(name string, shape []int, data []float32) Tensor {
	bytes := make([]byte, 0, 4*len(data))
	for _, x := range data {
		bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(x))
	}
	return Tensor{Name: name, DType: "F32", Shape: slices.Clone(shape), Data: bytes}
}
