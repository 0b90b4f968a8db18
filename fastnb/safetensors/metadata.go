package safetensors

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"github.com/fastnb/fastnb/internal/instead"
)

// ReadMetadata reads a file's metadata and no tensor: it is fast however large the file is. The header is checked, and that
// the file is as long as it says.
func ReadMetadata(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	defer file.Close()
	metadata, err := readMetadata(file)
	if err != nil {
		return nil, fmt.Errorf("safetensors: not a valid file: %w (in %s)", err, path)
	}
	return metadata, nil
}

func readMetadata(file *os.File) (map[string]string, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	header, err := readHeader(file, info.Size())
	if err != nil {
		return nil, err
	}
	entries, metadata, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	return metadata, checkOffsets(entries, info.Size()-8-int64(len(header)))
}

// readHeader reads the header of a file of so many bytes.
func readHeader(r io.Reader, size int64) ([]byte, error) {
	start := make([]byte, 8)
	if _, err := io.ReadFull(r, start); err != nil {
		return nil, fmt.Errorf("%d bytes are too few for a header", size)
	}
	n := binary.LittleEndian.Uint64(start)
	if err := checkHeader(n, size); err != nil {
		more, _ := io.ReadAll(io.LimitReader(r, 1024))
		return nil, cmp.Or(instead.Check(append(start, more...)), err)
	}
	header := make([]byte, n)
	_, err := io.ReadFull(r, header)
	return header, err
}

// checkHeader tells whether a file of so many bytes may have a header of n.
func checkHeader(n uint64, size int64) error {
	if n > maxHeader || n > uint64(size-8) {
		return fmt.Errorf("a header of %d bytes in a file of %d (at most %d)", n, size, maxHeader)
	}
	return nil
}

// checkOffsets tells whether the entries fill so many bytes of data without gap or overlap.
func checkOffsets(entries []entry, size int64) error {
	end := 0
	for _, e := range entries {
		if from, to := e.Offsets[0], e.Offsets[1]; from != end || to < from {
			return fmt.Errorf("tensor %q: data at %d to %d (want from %d)", e.name, from, to, end)
		}
		end = e.Offsets[1]
	}
	return checkEnd(end, size)
}

// checkEnd tells whether so many bytes of data end where the header says.
func checkEnd(end int, size int64) error {
	if int64(end) != size {
		return fmt.Errorf("%d bytes of data, the header describes %d: the file is cut or damaged", size, end)
	}
	return nil
}
