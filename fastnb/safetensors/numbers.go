package safetensors

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// Number is a type of elements that both Go and the format have.
type Number interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64
}

// Numbers returns a tensor's elements in row-major order, without converting them: T must be the tensor's own type, as
// int32 is that of "I32". They are the tensor's data themselves, not to be changed where those are a file's, if the
// data lie in memory as the machine wants numbers; else, as where a tensor of bytes before it moved it to an odd
// place, they are a copy.
func Numbers[T Number](t Tensor) ([]T, error) {
	if err := t.checkSize(); err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	if want := dtypeOf[T](); t.DType != want {
		return nil, fmt.Errorf("safetensors: tensor %q is of type %s (want %s)", t.Name, t.DType, want)
	}
	at, n := unsafe.SliceData(t.Data), t.Len()
	if littleEndian && uintptr(unsafe.Pointer(at))%unsafe.Alignof(T(0)) == 0 {
		return unsafe.Slice((*T)(unsafe.Pointer(at)), n), nil
	}
	numbers := make([]T, n)
	_, err := binary.Decode(t.Data, le, numbers)
	return numbers, err
}

// FromNumbers makes a tensor of numbers in row-major order. Its data are the numbers themselves, as with [Bytes].
func FromNumbers[T Number](name string, shape []int, numbers []T) Tensor {
	return Tensor{Name: name, DType: dtypeOf[T](), Shape: shape, Data: Bytes(numbers)}
}

// Bytes returns numbers as they lie in a file: the same memory where the machine is little-endian, else a copy.
func Bytes[T Number](numbers []T) []byte {
	if !littleEndian {
		data, _ := binary.Append(nil, le, numbers) // has no error for slices of numbers
		return data
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(numbers))), len(numbers)*int(unsafe.Sizeof(T(0))))
}

// littleEndian says that the machine has the format's order of bytes.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// dtypeOf returns the format's name of a type.
func dtypeOf[T Number]() string {
	switch any(T(0)).(type) {
	case float32:
		return "F32"
	case float64:
		return "F64"
	case int8, int16, int32, int64:
		return fmt.Sprintf("I%d", 8*unsafe.Sizeof(T(0)))
	}
	return fmt.Sprintf("U%d", 8*unsafe.Sizeof(T(0)))
}
