package safetensors_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// A table of squares is written row by row, and how many there are shows at the end. It is then mapped to memory.
func Example() {
	dir, err := os.MkdirTemp("", "safetensors")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "squares"+safetensors.Ext)

	w, err := safetensors.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Discard() // does nothing after Commit
	w.Begin("squares", "I32", -1, 2)
	for i := range int32(4) {
		if _, err := w.Write(safetensors.Bytes([]int32{i, i * i})); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Commit(map[string]string{"made by": "an example"}); err != nil {
		log.Fatal(err)
	}

	r, err := safetensors.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	f, err := r.Map()
	if err != nil {
		log.Fatal(err)
	}
	squares, err := safetensors.Numbers[int32](f.Tensors[0])
	fmt.Println(f.Tensors[0].Shape, squares, err, r.Metadata)
	// Output: [4 2] [0 0 1 1 2 4 3 9] <nil> map[made by:an example]
}

// Of a large tensor only a part is read.
func ExampleReader_Section() {
	dir, err := os.MkdirTemp("", "safetensors")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "letters"+safetensors.Ext)

	w, err := safetensors.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Discard()
	small := safetensors.FromNumbers("small", []int{26}, []byte("abcdefghijklmnopqrstuvwxyz"))
	if err := w.Add(small); err != nil {
		log.Fatal(err)
	}
	if err := w.Commit(nil); err != nil {
		log.Fatal(err)
	}

	r, err := safetensors.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	letters, section, err := r.Section("small")
	if err != nil {
		log.Fatal(err)
	}
	part := make([]byte, 3)
	n, err := section.ReadAt(part, 10)
	fmt.Println(letters.DType, letters.Shape, n, string(part), err)
	whole, err := r.Tensor("small")
	fmt.Printf("%s %v\n", whole.Data, err)
	// Output:
	// U8 [26] 3 klm <nil>
	// abcdefghijklmnopqrstuvwxyz <nil>
}

func ExampleFile_Tensor() {
	f := &safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.FromFloat32("weight", []int{2}, []float32{1, 2}),
		safetensors.FromFloat32("bias", []int{1}, []float32{.5}),
	}}
	bias, err := f.Tensor("bias")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bias.Float32())
	_, err = f.Tensor("scale")
	fmt.Println(err)
	// Output:
	// [0.5] <nil>
	// safetensors: there is no tensor "scale"
}

// Each type of numbers that Go has too is one of the format.
func ExampleNumber() {
	fmt.Println(safetensors.FromNumbers("bytes", []int{2}, []uint8{1, 2}).DType)
	fmt.Println(safetensors.FromNumbers("codes", []int{2}, []int32{1, 2}).DType)
	fmt.Println(safetensors.FromNumbers("weights", []int{2}, []float32{1, 2}).DType)
	// Output:
	// U8
	// I32
	// F32
}
