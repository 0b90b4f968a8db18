package glove

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/fetch"
)

// open reads a file as Read does. Beside one in the cache, which never changes, it leaves the vectors in a form that
// is read at once: a cell of a notebook should not parse 300 MB of text each time.
func open(ctx context.Context, path string, opts []Option) (*Vectors, error) {
	cache, err := fetch.CacheDir()
	if err != nil || len(opts) > 0 || !strings.HasPrefix(path, cache+string(filepath.Separator)) {
		return Read(path, opts...)
	}
	var v *Vectors
	quick := path + ".1" + safetensors.Ext
	err = fetch.Once(ctx, quick, func(tmp string) error {
		var err error
		if v, err = Read(path); err != nil {
			return err
		}
		return safetensors.WriteFile(tmp, v.file())
	})
	if v != nil {
		return v, nil // though it may not be kept, as where the disk is full
	}
	if err != nil {
		return nil, err
	}
	return readQuick(quick)
}

// file returns the vectors as tensors; a zero byte parts the words.
func (v *Vectors) file() *safetensors.File {
	words := []byte(strings.Join(v.words, "\x00"))
	return &safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.FromFloat32("vectors", []int{len(v.words), v.dim}, v.data),
		{Name: "words", DType: "U8", Shape: []int{len(words)}, Data: words},
	}}
}

func readQuick(path string) (*Vectors, error) {
	f, err := safetensors.Read(path)
	if err != nil {
		return nil, fmt.Errorf("%w; delete the file to have it made anew", err)
	}
	if len(f.Tensors) != 2 || len(f.Tensors[0].Shape) != 2 {
		return nil, fmt.Errorf("%s does not hold word vectors; delete it to have it made anew", path)
	}
	words, shape := strings.Split(string(f.Tensors[1].Data), "\x00"), f.Tensors[0].Shape
	data, err := f.Tensors[0].Float32()
	if err != nil || len(words) != shape[0] {
		return nil, fmt.Errorf("%s has %d words for vectors %v; delete it to have it made anew", path, len(words), shape)
	}
	return newVectors(words, data, shape[1])
}
