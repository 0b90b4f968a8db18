package text

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"

	"github.com/edsrzf/mmap-go"
)

// The file of a corpus: codes (int32), zeros up to a multiple of 8 bytes, the start of each document in codes and the end of
// the last (int64), the trailer. All in the order of bytes of the machine, which the trailer's first number tells.
type trailer struct {
	Order uint64 // corpusMagic
	Key   [32]byte
	Codes uint64
	Docs  uint64
}

const corpusMagic = 0x0142_4e54_5341_4601 // reads otherwise on a machine of the other order

var trailerSize = int64(binary.Size(trailer{}))

// corpusWriter writes the file document by document.
type corpusWriter struct {
	out    *bufio.Writer
	starts []int64
}

func newCorpusWriter(f io.Writer) *corpusWriter {
	return &corpusWriter{bufio.NewWriterSize(f, 1<<20), []int64{0}}
}

func (w *corpusWriter) add(codes []int32) error {
	w.starts = append(w.starts, w.starts[len(w.starts)-1]+int64(len(codes)))
	_, err := w.out.Write(bytesOf(codes))
	return err
}

// finish writes starts and trailer.
func (w *corpusWriter) finish(key string) error {
	n := w.starts[len(w.starts)-1]
	t := trailer{Order: corpusMagic, Key: keyBytes(key), Codes: uint64(n), Docs: uint64(len(w.starts) - 1)}
	w.out.Write(make([]byte, padded(n)-4*n)) // an error stays with the writer
	w.out.Write(bytesOf(w.starts))
	if err := binary.Write(w.out, binary.NativeEndian, t); err != nil {
		return err
	}
	return w.out.Flush()
}

// padded returns the bytes that n codes take.
func padded(n int64) int64 { return (4*n + 7) &^ 7 }

func keyBytes(key string) (b [32]byte) {
	hex.Decode(b[:], []byte(key))
	return b
}

func bytesOf[T int32 | int64](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(T(0))))
}

// openCorpus maps the file at path, an error where it is cut off or not that of key.
func openCorpus(path, key string) (*Corpus, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the mapping stays
	t, err := readTrailer(f, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; delete it", path, err)
	}
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be mapped to memory: %w", path, err)
	}
	c := &Corpus{unmap: m.Unmap}
	c.codes = unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(m))), t.Codes)
	c.starts = unsafe.Slice((*int64)(unsafe.Pointer(&m[padded(int64(t.Codes))])), t.Docs+1)
	if c.starts[0] != 0 || c.starts[t.Docs] != int64(t.Codes) || !slices.IsSorted(c.starts) {
		c.Close()
		return nil, fmt.Errorf("%s is damaged; delete it", path)
	}
	return c, nil
}

// readTrailer reads the end of a file and checks that all before it is there.
func readTrailer(f *os.File, key string) (t trailer, err error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return t, err
	}
	if err := binary.Read(io.NewSectionReader(f, size-trailerSize, trailerSize), binary.NativeEndian, &t); err != nil {
		return t, err
	}
	whole := t.Codes < 1<<48 && t.Docs < 1<<48 && size == padded(int64(t.Codes))+8*int64(t.Docs+1)+trailerSize
	if t.Order != corpusMagic || t.Key != keyBytes(key) || !whole {
		return t, fmt.Errorf("this is damaged or another version's")
	}
	return t, nil
}

// versions is how many versions of a cache file are kept: of the documents as they were, with other vocabularies.
const versions = 3

// removeOld removes the oldest versions of a cache file.
func removeOld(dir, name string) {
	paths, _ := filepath.Glob(filepath.Join(dir, name+"-*"))
	slices.SortFunc(paths, func(a, b string) int { return changed(b).Compare(changed(a)) })
	for _, old := range paths[min(len(paths), versions):] {
		os.Remove(old)
	}
}

func changed(path string) (t time.Time) {
	if info, err := os.Stat(path); err == nil {
		t = info.ModTime()
	}
	return t
}
