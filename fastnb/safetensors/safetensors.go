// Package safetensors reads and writes the safetensors format: named tensors behind a JSON header, no code.
//
// A file is an 8-byte little-endian length, a JSON object of that length, and the tensors' bytes, row-major and
// little-endian, without gaps. The format is described at https://github.com/huggingface/safetensors.
package safetensors

import (
	"fmt"
	"math/bits"
)

// Tensor is one named array as it lies in the file.
type Tensor struct {
	Name  string
	DType string // the format's name: "F32", "F16", "BF16", "F64", "I64", "U8", "BOOL", ...
	Shape []int  // empty for a scalar
	Data  []byte // little-endian, row-major; a part of the file's buffer when it was read
}

// File is what a safetensors file holds.
type File struct {
	Metadata map[string]string // free text, nil if there is none
	Tensors  []Tensor          // in the order of their bytes
}

// elementBits holds the size of an element of every type that the format knows.
var elementBits = map[string]int{
	"BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
	"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
	"U16": 16, "I16": 16, "F16": 16, "BF16": 16,
	"U32": 32, "I32": 32, "F32": 32,
	"U64": 64, "I64": 64, "F64": 64, "C64": 64,
}

// Len returns the number of elements.
func (t Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// checkSize says whether the data is as long as type and shape want.
func (t Tensor) checkSize() error {
	want, err := numBytes(t.DType, t.Shape)
	if err != nil {
		return fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	if want != uint64(len(t.Data)) {
		return fmt.Errorf("tensor %q: %d bytes for %s%v (want %d)", t.Name, len(t.Data), t.DType, t.Shape, want)
	}
	return nil
}

// numBytes returns the size of a tensor, or an error for an unknown type or a shape that no file can hold.
func numBytes(dtype string, shape []int) (uint64, error) {
	per, ok := elementBits[dtype]
	if !ok {
		return 0, fmt.Errorf("unknown type %q", dtype)
	}
	n := uint64(per)
	for _, d := range shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if d < 0 || hi != 0 {
			return 0, fmt.Errorf("impossible shape %v", shape)
		}
		n = lo
	}
	if n%8 != 0 {
		return 0, fmt.Errorf("%s%v does not end at a byte", dtype, shape)
	}
	return n / 8, nil
}
