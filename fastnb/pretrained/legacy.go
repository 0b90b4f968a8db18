package pretrained

import (
	"bytes"
	"errors"
	"fmt"
)

// legacyMagic is torch.save's number before PyTorch 1.6, as the pickle of a long integer; the protocol, and
// a frame from protocol 4 on, come before it.
var legacyMagic = []byte("\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")

func isLegacy(data []byte) bool {
	return len(data) > 0 && data[0] == 0x80 && bytes.Contains(data[:min(32, len(data))], legacyMagic)
}

// legacy is a file of one pickle after another: magic, version, system, the object, the keys of its storages; then the
// storages in that order, each after its number of elements.
type legacy struct {
	unpickler
	storages map[string]*storage
	elements map[string]int
}

func readLegacy(data []byte) (map[string]Tensor, error) {
	l := &legacy{storages: map[string]*storage{}, elements: map[string]int{}}
	l.unpickler = unpickler{data: data, global: global, persistent: l.storage}
	var parts [5]any
	for i := range parts {
		v, err := l.load()
		if err != nil {
			return nil, err
		}
		parts[i] = v
	}
	if !littleEndian(parts[2]) {
		return nil, errors.New("its numbers are big-endian (want little)")
	}
	if err := l.fill(parts[4]); err != nil {
		return nil, err
	}
	return collect(parts[3], len(data))
}

func littleEndian(system any) bool {
	d, ok := system.(*dict)
	for i := 0; ok && i < len(d.entries); i++ {
		if d.entries[i].key == any("little_endian") {
			return d.entries[i].value == any(true)
		}
	}
	return true
}

// storage remembers what a persistent id refers to; the data come later.
func (l *legacy) storage(id any) (any, error) {
	d, key, elements, rest, err := storageID(id)
	if err != nil {
		return nil, err
	}
	if l.storages[key] == nil {
		l.storages[key], l.elements[key] = &storage{dtype: d}, elements
	}
	if len(rest) > 0 && rest[0] != nil {
		return nil, errors.New("a storage that is a part of another one: save the weights again with PyTorch 1.6 or later")
	}
	return l.storages[key], nil
}

// fill reads the storages.
func (l *legacy) fill(keys any) error {
	list, ok := keys.(*list)
	if !ok {
		return errors.New("the list of storages is missing")
	}
	for _, k := range list.items {
		key, _ := k.(string)
		s := l.storages[key]
		if s == nil {
			return fmt.Errorf("storage %.40q belongs to no tensor", key)
		}
		n := l.uint(8)
		if n != uint64(l.elements[key]) || n > uint64(len(l.data)) {
			return fmt.Errorf("storage %.40q has %d elements (want %d): the file is cut or damaged", key, n, l.elements[key])
		}
		s.data = l.next(n * uint64(elementSize[s.dtype]))
	}
	return l.err
}
