package fastnb

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
)

// compressed returns a file's content as gzip writes it, with its name; the same content gives the same bytes.
func compressed(content []byte, name string) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if isLatin(name) {
		w.Name = name
	}
	_, err := w.Write(content)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// isLatin tells whether a name can be that of a file in gzip.
func isLatin(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r == 0 || r > 126 })
}

// sampleTable is a sample submission: its columns' names, and as many cells in each row.
type sampleTable struct {
	Header []string
	Rows   [][]string
}

// readCSV reads a sample submission.
func readCSV(path string) (sampleTable, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return sampleTable{}, err
	}
	if content, err = instead.Unpacked(content); err != nil {
		return sampleTable{}, fmt.Errorf("%s: %w", path, err)
	}
	if err := instead.Check(content); err != nil {
		return sampleTable{}, fmt.Errorf("%s: %w", path, err)
	}
	if content, err = charset.Unmark(content); err != nil {
		return sampleTable{}, fmt.Errorf("%s: %w", path, err)
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return sampleTable{}, fmt.Errorf("%s has zero bytes, as no text has; save it as UTF-8 first", path)
	}
	if !bytes.Contains(content, []byte("\n")) {
		content = bytes.ReplaceAll(content, []byte("\r"), []byte("\n"))
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return sampleTable{}, fmt.Errorf("%s: %w", path, err)
	}
	rows = slices.DeleteFunc(rows, func(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) == "" })
	if len(rows) == 0 {
		return sampleTable{}, fmt.Errorf("%s is empty (want a header and a row per id)", path)
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return sampleTable{}, fmt.Errorf("%s: row %d has %d cells (want %d as the header)", path, i, len(row), len(rows[0]))
		}
	}
	for _, sign := range []string{";", "\t"} {
		if len(rows[0]) == 1 && strings.Contains(rows[0][0], sign) {
			return sampleTable{}, fmt.Errorf("the cells of %s lie between %q; save it with commas", path, sign)
		}
	}
	return sampleTable{rows[0], rows[1:]}, nil
}
