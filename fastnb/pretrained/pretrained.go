// Package pretrained says where public weights come from, reads the files they are in, and maps their names to our
// variables.
//
// Reading executes nothing: a .pth file is a program for Python's pickle machine, and the machine here knows maps,
// lists, numbers, strings and tensors; a file that asks for anything else is refused.
package pretrained

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// Tensor is a weight as float32, row-major, in the layout of its file.
type Tensor struct {
	Shape []int
	Data  []float32
}

// Read reads the tensors of a file by name. The content tells the format: safetensors, or what torch.save wrote, as a
// zip archive (PyTorch 1.6 and later) or in the form before it. Of a checkpoint, a map with the weights under
// "state_dict", "model" or the like, the weights are read. Halves, doubles and integers become float32.
func Read(path string) (map[string]Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pretrained: %w", err)
	}
	tensors, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("pretrained: %s: %w", path, err)
	}
	return tensors, nil
}

// Parse reads a file from memory, as Read does.
func Parse(data []byte) (map[string]Tensor, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readZip(data)
	case isLegacy(data):
		return readLegacy(data)
	case bytes.HasPrefix(data, []byte("\x89HDF")):
		return nil, errors.New("this is an HDF5 file (want safetensors, or what torch.save writes)")
	case len(data) > 8 && data[8] == '{':
		return readSafetensors(data)
	case len(data) > 2 && data[0] == 0x80 && data[1] <= 5:
		return nil, errors.New("this is a bare pickle, not of torch.save: save the weights with torch.save(model.state_dict(), ...)")
	}
	return nil, fmt.Errorf("neither safetensors nor of torch.save: it begins with %.12q", data)
}

func readSafetensors(data []byte) (map[string]Tensor, error) {
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	tensors := make(map[string]Tensor, len(f.Tensors))
	for _, t := range f.Tensors {
		values, err := t.Float32()
		if err != nil {
			return nil, err
		}
		tensors[t.Name] = Tensor{Shape: t.Shape, Data: values}
	}
	return tensors, nil
}
