package safetensors

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/fastnb/fastnb/internal/atomicfile"
)

// Writer writes a file tensor by tensor and part by part: the data need not be in memory at once, and how many they are
// may show at their end. An error stays with it: all that follows gives the same one.
type Writer struct {
	path    string
	out     *atomicfile.File
	buf     *bufio.Writer
	tensors []entry
	end     int64 // of the data that were written
	err     error
}

// room is how long a header may be at first; with the eight bytes before it, the data begin at a page of memory.
const room = 4096 - 8

// Create begins a file that is to become path, whole or not at all: Commit gives it its name. What is at path until
// then stays as it is, and nothing is left of a file in the making whose process was killed once another is begun in
// its folder. The folder must exist.
func Create(path string) (*Writer, error) {
	out, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	w := &Writer{path: path, out: out}
	if err := w.moveTo(out, room); err != nil {
		out.Discard()
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return w, nil
}

// moveTo begins the data in a file, behind a header of so many bytes.
func (w *Writer) moveTo(out *atomicfile.File, header int64) error {
	w.buf = bufio.NewWriterSize(out, 1<<20)
	_, err := out.Seek(8+header, io.SeekStart)
	return err
}

// Begin begins the next tensor, to which Write adds; the one before it ends. The first number of the shape may be -1:
// it is counted at the end. Tensors lie in the file in the order in which they were begun. Those of wide types before
// those of narrow ones are aligned, so that [Numbers] need not copy them.
func (w *Writer) Begin(name, dtype string, shape ...int) {
	w.endTensor()
	offsets := []int{int(w.end), 0}
	w.tensors = append(w.tensors, entry{name: name, DType: dtype, Shape: slices.Clone(shape), Offsets: offsets})
}

// endTensor notes where the last tensor ends, and counts its rows where they are not known.
func (w *Writer) endTensor() {
	if len(w.tensors) == 0 {
		return
	}
	e := &w.tensors[len(w.tensors)-1]
	e.Offsets[1] = int(w.end)
	if len(e.Shape) > 0 && e.Shape[0] == -1 {
		e.Shape[0] = e.rows()
	}
	w.fail(e.checkSize())
}

// rows returns how many rows a tensor has. What is no whole number of them is left to checkSize, which names it.
func (e entry) rows() int {
	bits, err := numBits(e.DType, e.Shape[1:])
	if err != nil || bits == 0 {
		return 0
	}
	return (e.Offsets[1] - e.Offsets[0]) * 8 / int(bits)
}

func (w *Writer) fail(err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("safetensors: %w", err)
	}
}

// Write adds bytes to the tensor that was begun last, little-endian and row-major. [Bytes] makes them of numbers.
func (w *Writer) Write(data []byte) (int, error) {
	if len(w.tensors) == 0 {
		w.fail(fmt.Errorf("%d bytes of no tensor: call Begin first", len(data)))
	}
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.buf.Write(data)
	w.end += int64(n)
	w.fail(err)
	return n, w.err
}

// Add writes a whole tensor.
func (w *Writer) Add(t Tensor) error {
	w.Begin(t.Name, t.DType, t.Shape...)
	_, err := w.Write(t.Data)
	return err
}

// Commit writes the header, waits until the file is on the disk and gives it its name. After an error, one of Write
// included, nothing is left, and what was at the path is as it was. Lengths that do not fit the shapes, names that are
// there twice and text that is not UTF-8 are errors, as with [Write].
func (w *Writer) Commit(metadata map[string]string) error {
	defer w.Discard()
	w.endTensor()
	text, err := header(w.tensors, metadata)
	w.fail(err)
	if w.err == nil {
		w.fail(w.finish(text))
	}
	if w.err != nil {
		return w.err
	}
	return w.out.Commit()
}

// finish writes the header before the data. Where it is longer than what was left for it, the data are copied behind
// it.
func (w *Writer) finish(text []byte) error {
	if err := w.buf.Flush(); err != nil {
		return err
	}
	if len(text) > room {
		if err := w.move(int64(len(text))); err != nil {
			return err
		}
	}
	text = append(text, bytes.Repeat([]byte(" "), max(room-len(text), 0))...)
	_, err := w.out.WriteAt(slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text), 0)
	return err
}

// move copies the data to another file in the making, behind a longer header.
func (w *Writer) move(header int64) error {
	from := w.out
	out, err := atomicfile.Create(w.path, 0o644)
	if err != nil {
		return err
	}
	defer from.Discard()
	w.out = out
	if err := w.moveTo(out, header); err != nil {
		return err
	}
	_, err = io.Copy(out, io.NewSectionReader(from, 8+room, w.end))
	return err
}

// Discard throws the file away. After Commit it does nothing, so that it can be deferred.
func (w *Writer) Discard() { w.out.Discard() }
