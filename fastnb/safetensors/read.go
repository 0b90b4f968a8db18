package safetensors

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/instead"
)

// maxHeader is the longest header that the reference implementation takes, in bytes.
const maxHeader = 100_000_000

// Read reads a file and checks all of it: header, types, and that the tensors fill the data without gap or overlap.
// The tensors share one buffer of the file's size.
func Read(path string) (*File, error) {
	buf, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	f, err := Parse(buf)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return f, nil
}

// Parse reads a file from memory; the tensors' data are parts of buf.
func Parse(buf []byte) (*File, error) {
	f, err := parse(buf)
	if err != nil {
		return nil, fmt.Errorf("safetensors: not a valid file: %w", err)
	}
	return f, nil
}

func parse(buf []byte) (*File, error) {
	header, data, err := split(buf)
	if err != nil {
		return nil, err
	}
	entries, metadata, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	if err := checkEntries(entries, int64(len(data))); err != nil {
		return nil, err
	}
	f := &File{Metadata: metadata, Tensors: make([]Tensor, len(entries))}
	for i, e := range entries {
		f.Tensors[i] = e.tensor(data)
	}
	return f, nil
}

// split cuts the file into header and data.
func split(buf []byte) (header, data []byte, err error) {
	if len(buf) < 8 {
		return nil, nil, fmt.Errorf("%d bytes are too few for a header", len(buf))
	}
	n, rest := binary.LittleEndian.Uint64(buf), buf[8:]
	if err := checkHeader(n, int64(len(buf))); err != nil {
		return nil, nil, cmp.Or(instead.Check(buf), err)
	}
	return rest[:n], rest[n:], nil
}

// entry is a tensor's line in the header.
type entry struct {
	name    string
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets []int  `json:"data_offsets"`
}

// parseHeader returns the entries ordered by offset, and the metadata.
func parseHeader(header []byte) ([]entry, map[string]string, error) {
	var raw map[string]json.RawMessage
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("the header is not a JSON object")
	}
	if !utf8.Valid(header) { // names that differ would become the same
		return nil, nil, errors.New("the header is not UTF-8")
	}
	if err := json.Unmarshal(header, &raw); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	var metadata map[string]string
	entries := make([]entry, 0, len(raw))
	for name, text := range raw {
		if name == metadataKey {
			if err := json.Unmarshal(text, &metadata); err != nil {
				return nil, nil, fmt.Errorf("metadata: %w", err)
			}
			continue
		}
		e := entry{name: name}
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if len(e.Offsets) != 2 {
			return nil, nil, fmt.Errorf("tensor %q: %d data offsets (want 2)", name, len(e.Offsets))
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, compareEntries)
	return entries, metadata, nil
}

// metadataKey is the header's name for what is not a tensor.
const metadataKey = "__metadata__"

func compareEntries(a, b entry) int {
	return cmp.Or(slices.Compare(a.Offsets, b.Offsets), cmp.Compare(a.name, b.name))
}

// checkEntries tells whether the entries are of known types, and fill so many bytes of data without gap or overlap.
func checkEntries(entries []entry, size int64) error {
	end := 0
	for _, e := range entries {
		from, to := e.Offsets[0], e.Offsets[1]
		if from != end || to < from {
			return fmt.Errorf("tensor %q: data at %d to %d (want from %d)", e.name, from, to, end)
		}
		if int64(to) > size {
			return fmt.Errorf("tensor %q: data at %d to %d of %d: the file is cut or damaged", e.name, from, to, size)
		}
		if err := e.checkSize(); err != nil {
			return err
		}
		end = to
	}
	if int64(end) != size {
		return fmt.Errorf("%d bytes of data, the header describes %d: the file is cut or damaged", size, end)
	}
	return nil
}

// checkSize says whether the data are as long as type and shape want.
func (e entry) checkSize() error {
	return checkSize(e.name, e.DType, e.Shape, e.Offsets[1]-e.Offsets[0])
}

// tensor takes the entry's part of data, in which it was found to be.
func (e entry) tensor(data []byte) Tensor {
	from, to := e.Offsets[0], e.Offsets[1]
	return Tensor{Name: e.name, DType: e.DType, Shape: e.Shape, Data: data[from:to:to]}
}
