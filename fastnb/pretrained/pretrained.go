// Package pretrained says where public weights come from, reads the files they are in, and maps their names to our
// variables.
//
// Reading executes nothing: a .pth file is a program for Python's pickle machine, and the machine here knows maps,
// lists, numbers, strings and tensors; a file that asks for anything else is refused.
//
// The machine is our own because gopickle (v0.3.0) trusts a file more than one from the internet can be: it allocates
// what a tensor claims to hold before it has read any of it, panics on some files (tar archives, views of storages) and
// turns each tensor into Go numbers one by one, half precision into float32.
package pretrained

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// Tensor is a weight as float32, row-major, in the layout of its file.
type Tensor struct {
	Shape []int
	Data  []float32
}

// Read reads the tensors of a file by name. The content tells the format: safetensors, or what torch.save wrote, as a
// zip archive (PyTorch 1.6 and later) or in the form before it; or the index of weights in several files
// (model.safetensors.index.json, pytorch_model.bin.index.json), which are read from its folder. Halves, doubles and
// integers become float32.
//
// Of a checkpoint, a map with the weights under "state_dict", "model" or the like, the weights are read and nothing
// beside them; a moving average of them is taken first, as timm does ("state_dict_ema", "model_ema", then
// "state_dict", "model", "model_state_dict", "model_state", "params_ema", "params", "net", "network", "weights",
// "module", "g_ema", "ema", "generator"). Without one of these keys the only map of tensors is taken; several are an
// error.
//
// Names are those in the net itself: what compiling ("_orig_mod."), data-parallel training ("module."), FSDP and
// activation checkpoints put into them is left out, and so is "model." where all names begin with it.
func Read(path string) (map[string]Tensor, error) {
	tensors, err := parseFile(path)
	var p *fs.PathError
	if errors.As(err, &p) { // which has the path
		return nil, fmt.Errorf("pretrained: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("pretrained: %s: %w", path, err)
	}
	return unwrapped(tensors), nil
}

// parseFile reads tensors by the names that they have in the file, or in the files of an index.
func parseFile(path string) (map[string]Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if x := parseIndex(data); len(x.WeightMap) > 0 {
		return x.read(filepath.Dir(path))
	}
	return parse(data)
}

// Parse reads a file from memory, as Read does. An index is an error.
func Parse(data []byte) (map[string]Tensor, error) {
	tensors, err := parse(data)
	if err != nil {
		return nil, err
	}
	return unwrapped(tensors), nil
}

// parse tells the format by the first bytes.
func parse(data []byte) (map[string]Tensor, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readZip(data)
	case isLegacy(data):
		return readLegacy(data)
	case len(data) > 8 && data[8] == '{' && binary.LittleEndian.Uint64(data) < 1<<32:
		return readSafetensors(data)
	}
	return nil, foreign(data)
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
	addTied(tensors, f.Metadata)
	return tensors, nil
}

// addTied adds the tensors that are the same as others: safetensors' save_model writes one of them, and in the
// metadata, by the name of each that it leaves out, the name of that.
func addTied(tensors map[string]Tensor, metadata map[string]string) {
	for name, same := range metadata {
		_, there := tensors[name]
		if t, ok := tensors[same]; ok && !there {
			tensors[name] = t
		}
	}
}
