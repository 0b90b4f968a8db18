package duck

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// checkJSON tells what is wrong with a JSON file before DuckDB reads it: it is empty, or not UTF-8.
func checkJSON(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("%s: %w; if it is not compressed, name it without .gz", path, err)
		}
	}
	begin := make([]byte, 4)
	n, _ := io.ReadFull(in, begin)
	switch begin = begin[:n]; {
	case n == 0:
		return fmt.Errorf("%s is empty", path)
	case bytes.HasPrefix(begin, []byte("\xff\xfe")) || bytes.HasPrefix(begin, []byte("\xfe\xff")) ||
		bytes.IndexByte(begin, 0) >= 0:
		return fmt.Errorf("%s is UTF-16; save it as UTF-8 first", path)
	}
	return nil
}

// explained is DuckDB's error of a JSON file in our words where its encoding is the cause.
func (r *reading) explained(err error) error {
	if err == nil || !strings.Contains(err.Error(), "UTF-8") {
		return err
	}
	for _, path := range r.paths {
		content, readErr := os.ReadFile(path)
		if readErr != nil || strings.HasSuffix(path, ".gz") {
			return err
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if !utf8.Valid(line) {
				return notUTF8(path, i+1, line, "save it as UTF-8 first")
			}
		}
	}
	return err
}
