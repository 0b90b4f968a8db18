package safetensors

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/edsrzf/mmap-go"
)

// Reader is an open file of which only the header has been read. Its methods may be called by several goroutines at
// once, but for Map and Close.
type Reader struct {
	Metadata map[string]string // free text, nil if there is none

	path    string
	file    *os.File
	size    int64 // of the file
	start   int64 // of the tensors' data in the file
	entries []entry
	buf     []byte // the file, once Map was called
	unmap   func() error
}

// Open opens a file and reads its header. That is checked as [Read] checks it: types, shapes, and that the tensors fill
// the data without gap or overlap, which end with the file. A header that claims more than there is is an error before
// anything of its size is allocated.
//
// The file is closed by Close or, where Map was not called, when nothing of it is in use any more.
func Open(path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	r := &Reader{file: file, path: path}
	if err := r.readHeader(); err != nil {
		file.Close()
		return nil, fmt.Errorf("safetensors: not a valid file: %w (in %s)", err, path)
	}
	return r, nil
}

func (r *Reader) readHeader() error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	r.size = info.Size()
	header, err := readHeader(r.file, r.size)
	if err != nil {
		return err
	}
	if r.entries, r.Metadata, err = parseHeader(header); err != nil {
		return err
	}
	r.start = 8 + int64(len(header))
	return checkEntries(r.entries, r.size-r.start)
}

// Section returns a tensor's bytes, to be read in parts as with [io.ReaderAt]: each part is read from the file when it
// is asked for, and none beyond the tensor. The tensor that comes with it has no Data. A file that has become shorter
// since it was opened gives an error for the parts that are gone.
func (r *Reader) Section(name string) (Tensor, *io.SectionReader, error) {
	i := slices.IndexFunc(r.entries, func(e entry) bool { return e.name == name })
	if i < 0 {
		return Tensor{}, nil, fmt.Errorf("safetensors: there is no tensor %q (in %s)", name, r.path)
	}
	e := r.entries[i]
	from, to := int64(e.Offsets[0]), int64(e.Offsets[1])
	return Tensor{Name: e.name, DType: e.DType, Shape: e.Shape}, io.NewSectionReader(r.file, r.start+from, to-from), nil
}

// Tensor reads a tensor into memory.
func (r *Reader) Tensor(name string) (Tensor, error) {
	t, section, err := r.Section(name)
	if err != nil {
		return t, err
	}
	t.Data = make([]byte, section.Size()) // within the file, as Open checked
	if _, err := io.ReadFull(section, t.Data); err != nil {
		return t, fmt.Errorf("safetensors: tensor %q: %w (in %s)", name, err, r.path)
	}
	return t, nil
}

// Map returns the whole file, its tensors' data mapped to memory: they are read from the disk as they are touched, and
// shared with other processes that map the file. Where the system cannot map it, it is read.
//
// The data must not be changed, and not be used after Close: both end the program, and so does using them after
// another program has made the file shorter, which one that replaces files as [WriteFile] does not do. Without Close
// the mapping stays until the program ends.
func (r *Reader) Map() (*File, error) {
	if r.buf == nil {
		if err := r.mapFile(); err != nil {
			return nil, fmt.Errorf("safetensors: %w (in %s)", err, r.path)
		}
	}
	f := &File{Metadata: r.Metadata, Tensors: make([]Tensor, len(r.entries))}
	for i, e := range r.entries {
		f.Tensors[i] = e.tensor(r.buf[r.start:])
	}
	return f, nil
}

func (r *Reader) mapFile() error {
	if m, err := mmap.Map(r.file, mmap.RDONLY, 0); err == nil {
		if int64(len(m)) != r.size {
			return errors.Join(fmt.Errorf("it had %d bytes and now has %d", r.size, len(m)), m.Unmap())
		}
		r.buf, r.unmap = m, m.Unmap
		return nil
	}
	return r.readAll()
}

// readAll is mapFile where there is no mapping.
func (r *Reader) readAll() error {
	buf := make([]byte, r.size)
	if _, err := io.ReadFull(io.NewSectionReader(r.file, 0, r.size), buf); err != nil {
		return err
	}
	r.buf = buf
	return nil
}

// Close closes the file and ends the mapping. It may be called twice.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	if r.unmap != nil {
		err = cmp.Or(err, r.unmap())
	}
	r.file, r.buf, r.unmap = nil, nil, nil
	return err
}
