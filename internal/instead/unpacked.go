package instead

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// mostPlain is how large a file may be once it is unpacked.
var mostPlain int64 = 1 << 31

// IsPacked tells whether a file that begins so is compressed, by gzip or as a ZIP file, whatever it is called.
func IsPacked(begin []byte) bool {
	return bytes.HasPrefix(begin, []byte("\x1f\x8b")) || bytes.HasPrefix(begin, []byte("PK\x03\x04"))
}

// Unpacked returns what a table's file holds: its contents, which gzip may have compressed, whatever the file is
// called. A ZIP file is an error, and so is what is not whole, or more than 2 GB once it is unpacked.
func Unpacked(content []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return nil, errors.New("this is a ZIP file, as a sheet of Excel is; unpack it, or save the sheet as CSV")
	case !IsPacked(content):
		return content, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, broken(err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, mostPlain+1))
	if err != nil {
		return nil, broken(err)
	}
	if int64(len(plain)) > mostPlain {
		return nil, fmt.Errorf("this is compressed with gzip and larger than %d MB once it is unpacked; unpack it first",
			mostPlain>>20)
	}
	return plain, nil
}

func broken(err error) error {
	return fmt.Errorf("this is compressed with gzip and is not whole (%w); get it again, or unpack it yourself", err)
}
