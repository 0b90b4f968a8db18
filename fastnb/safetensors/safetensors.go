// Package safetensors reads and writes the safetensors format: named tensors behind a JSON header, no code.
//
// A file is an 8-byte little-endian length, a JSON object of that length, and the tensors' bytes, row-major and
// little-endian, without gaps. The format is described at https://github.com/huggingface/safetensors. It is written by
// hand here because no module in Go both maps files and writes them in parts.
//
// # Small files and large ones
//
// [Read] and [WriteFile] take a whole [File] in memory, [Write] and [Parse] do so without a file. For what is larger
// there are a [Writer] and a [Reader].
//
// A Writer ([Create]) takes tensors part by part, and counts those whose length is not known before. It promises what
// WriteFile promises: the file is whole or not there at all, whatever happens to the process or the machine, and what
// was there before stays until Commit. Only the header is kept in memory.
//
// A Reader ([Open]) has read the header and nothing else, checked it, and found the file to be as long as it says; so
// it is opened in microseconds. It promises that no tensor leads outside of the file, and that nothing larger than the
// file is allocated because of what a header says. Tensors are then read whole (Tensor), in parts (Section), or are
// mapped to memory (Map). Whether the bytes of the data are those that were written only a checksum tells: see
// [File.Checksum].
//
// # Other programs
//
// What is written here can be read by any program that knows the format, such as numpy's users:
//
//	from safetensors.numpy import load_file
//	tensors = load_file("pixels.safetensors")
package safetensors

import (
	"fmt"
	"math/bits"
	"slices"
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

// Ext ends the name of a file in the format.
const Ext = ".safetensors"

// Tensor returns the tensor of a name.
func (f *File) Tensor(name string) (Tensor, error) {
	i := slices.IndexFunc(f.Tensors, func(t Tensor) bool { return t.Name == name })
	if i < 0 {
		return Tensor{}, fmt.Errorf("safetensors: there is no tensor %q", name)
	}
	return f.Tensors[i], nil
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

// checkSize says whether the data are as long as type and shape want.
func (t Tensor) checkSize() error { return checkSize(t.Name, t.DType, t.Shape, len(t.Data)) }

func checkSize(name, dtype string, shape []int, size int) error {
	bits, err := numBits(dtype, shape)
	switch {
	case err != nil:
		return fmt.Errorf("tensor %q: %w", name, err)
	case bits%8 != 0:
		return fmt.Errorf("tensor %q: %s%v does not end at a byte", name, dtype, shape)
	case bits/8 != uint64(size):
		return fmt.Errorf("tensor %q: %d bytes for %s%v (want %d)", name, size, dtype, shape, bits/8)
	}
	return nil
}

// numBits returns the size of a tensor, or an error for an unknown type or a shape that no file can hold.
func numBits(dtype string, shape []int) (uint64, error) {
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
	return n, nil
}
