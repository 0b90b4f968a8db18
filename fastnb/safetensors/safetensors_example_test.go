package safetensors_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// A file of one tensor, written and read.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "safetensors")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights.safetensors")
	file := &safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.FromFloat32("fc.weight", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}),
	}}
	if err := safetensors.WriteFile(path, file); err != nil {
		log.Fatal(err)
	}
	again, err := safetensors.Read(path)
	if err != nil {
		log.Fatal(err)
	}
	t := again.Tensors[0]
	fmt.Println(t.Name, t.DType, t.Shape, t.Len(), again.Checksum("") == file.Checksum(""))
	// Output: fc.weight F32 [2 3] 6 true
}
