package safetensors

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/fastnb/fastnb/internal/instead"
)

// ReadMetadata reads a file's metadata and no tensor: it is fast however large the file is. The header is checked as by
// [Open], and that the file is as long as it says.
func ReadMetadata(path string) (map[string]string, error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	return r.Metadata, r.Close()
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
	if n > maxHeader || int64(n) > size-8 {
		return fmt.Errorf("a header of %d bytes in a file of %d (at most %d)", n, size, maxHeader)
	}
	return nil
}
