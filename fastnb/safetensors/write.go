package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Write writes a file as other implementations read it. Wide types come first so that every tensor is aligned to its
// element; otherwise the order stays. Names must be unique, and the data as long as type and shape say. Names and
// metadata that are not UTF-8, and a header longer than readers take, are errors: what was read would not be what was
// written.
func Write(w io.Writer, f *File) error {
	tensors := slices.Clone(f.Tensors)
	slices.SortStableFunc(tensors, func(a, b Tensor) int { return cmp.Compare(elementBits[b.DType], elementBits[a.DType]) })
	entries, err := entriesOf(tensors)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	header, err := header(entries, f.Metadata)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if err := writeAll(w, header, tensors); err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}

// WriteFile writes a file to path, which is whole or as it was before: a file beside it is written, synced and renamed.
func WriteFile(path string, f *File) error {
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	defer out.Discard()
	if err := Write(out, f); err != nil {
		return err
	}
	return out.Commit()
}

func writeAll(w io.Writer, header []byte, tensors []Tensor) error {
	if err := binary.Write(w, binary.LittleEndian, uint64(len(header))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// entriesOf returns the tensors' lines in the header, in their order.
func entriesOf(tensors []Tensor) ([]entry, error) {
	entries, end := make([]entry, len(tensors)), 0
	for i, t := range tensors {
		if err := t.checkSize(); err != nil {
			return nil, err
		}
		start := end
		end += len(t.Data)
		entries[i] = entry{name: t.Name, DType: t.DType, Shape: t.Shape, Offsets: []int{start, end}}
	}
	return entries, nil
}

// header returns the JSON object, padded with spaces so that the data begin at a multiple of 8.
func header(entries []entry, metadata map[string]string) ([]byte, error) {
	h := object{names: map[string]bool{}}
	if metadata != nil {
		h.add(metadataKey, metadata)
	}
	for key, value := range metadata {
		h.check(key, value)
	}
	for _, e := range entries {
		e.Shape = append([]int{}, e.Shape...) // [] for a scalar, not null
		h.add(e.name, e)
	}
	return h.bytes()
}

// object is a JSON object under construction, its members in the order in which they are added.
type object struct {
	buf   bytes.Buffer
	names map[string]bool
	err   error
}

// check notes a text that JSON cannot hold as it is.
func (o *object) check(texts ...string) {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			o.err = cmp.Or(o.err, fmt.Errorf("%.60q is not UTF-8, and would be read as another text", text))
		}
	}
}

func (o *object) add(name string, value any) {
	o.check(name)
	if o.names[name] {
		o.err = cmp.Or(o.err, fmt.Errorf("the name %q is there twice", name))
	}
	key, keyErr := json.Marshal(name)
	val, valErr := json.Marshal(value)
	o.err = cmp.Or(o.err, keyErr, valErr)
	if len(o.names) > 0 {
		o.buf.WriteByte(',')
	}
	o.names[name] = true
	fmt.Fprintf(&o.buf, "%s:%s", key, val)
}

func (o *object) bytes() ([]byte, error) {
	text := slices.Concat([]byte("{"), o.buf.Bytes(), []byte("}"))
	if len(text) > maxHeader {
		o.err = cmp.Or(o.err, fmt.Errorf("names and metadata take %d bytes (at most %d): keep what is long in a tensor", len(text), maxHeader))
	}
	if pad := -len(text) & 7; pad > 0 {
		text = append(text, bytes.Repeat([]byte(" "), pad)...)
	}
	return text, o.err
}
