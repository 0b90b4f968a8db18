package tabular

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/internal/verb"
)

// tableKey is where a saved table's metadata say what its columns are.
const tableKey = "fastnb.table"

// savedColumn is a column's line in the metadata; its values are tensors whose names begin with Tensors.
type savedColumn struct {
	Name    string `json:"name"`
	Raw     []byte `json:"raw,omitempty"` // the name, where it is not UTF-8 and JSON would change it
	Kind    Kind   `json:"kind"`
	Type    string `json:"type"`
	Tensors string `json:"tensors,omitempty"` // none in files of before: there it is the column's number
}

func savedOf(c *Column) savedColumn {
	s := savedColumn{Name: c.Name, Kind: c.Kind, Type: strings.ToValidUTF8(c.Type, "\ufffd")}
	if !utf8.ValidString(c.Name) {
		s.Raw = []byte(c.Name)
	}
	return s
}

// name is the column's name as it was.
func (s savedColumn) name() string {
	if s.Raw != nil {
		return string(s.Raw)
	}
	return s.Name
}

// prefix is what the names of the tensors of column i begin with.
func (s savedColumn) prefix(i int) string { return cmp.Or(s.Tensors, strconv.Itoa(i)) }

// prefixes names the tensors of each column as the column, with its number where another has that name.
func prefixes(columns []Column) []string {
	names, taken := make([]string, len(columns)), map[string]bool{}
	for i := range columns {
		name := strings.ToValidUTF8(columns[i].Name, "\ufffd")
		for taken[name] {
			name += "#" + strconv.Itoa(i)
		}
		names[i], taken[name] = name, true
	}
	return names
}

// savedTable is the metadata.
type savedTable struct {
	Rows    int           `json:"rows"`
	Columns []savedColumn `json:"columns"`
}

// Save writes the table to a file, from which [OpenTable] reads it in a fraction of a second and without DuckDB: that
// is how a lesson's cells hand a table on. The file is whole or not there at all, and has a checksum. Folders on the
// way are made.
//
// It is in the safetensors format, which Python's numpy reads too: column Sales is the tensor Sales.values, and
// Sales.missing is 1 where a value is missing. Times are in seconds since 1970. Column Shop, of text, is Shop.codes,
// which number words; word k ends at byte Shop.ends[k] of Shop.words, where the one before it ends. Programs that do
// not know the format read Parquet, which package duck writes.
func (t *Table) Save(path string) (err error) {
	defer verb.Name(&err, "tabular: Save")
	f, err := t.encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return safetensors.WriteFile(path, f)
}

func (t *Table) encode() (*safetensors.File, error) {
	meta := savedTable{Rows: t.rows}
	f := &safetensors.File{}
	for i, prefix := range prefixes(t.columns) {
		c := savedOf(&t.columns[i])
		c.Tensors = prefix
		meta.Columns = append(meta.Columns, c)
		f.Tensors = append(f.Tensors, t.columns[i].encode(prefix)...)
	}
	text, err := json.Marshal(meta)
	if err != nil {
		return nil, err
	}
	f.Metadata = map[string]string{tableKey: string(text), safetensors.ChecksumKey: checksum(string(text), f.Tensors)}
	return f, nil
}

// checksum covers the metadata and every tensor, whatever their order.
func checksum(meta string, tensors []safetensors.Tensor) string {
	sums := map[string]string{}
	for _, t := range tensors {
		sum := sha256.Sum256(t.Data)
		sums[t.Name] = t.DType + hex.EncodeToString(sum[:])
	}
	h := sha256.New()
	fmt.Fprintln(h, meta)
	for _, name := range sortedKeys(sums) {
		fmt.Fprintln(h, name, sums[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// OpenTable reads a table that Save wrote, of this version or one before. A file that is damaged, or none of Save's,
// is an error.
func OpenTable(path string) (t *Table, err error) {
	defer verb.Name(&err, "tabular: OpenTable")
	r, err := safetensors.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; run the cell that saves the table", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w; save the table again, if it is one of Save's; read CSV, Parquet and JSON with package duck", err)
	}
	defer r.Close()
	meta, ok := r.Metadata[tableKey]
	if !ok {
		return nil, fmt.Errorf("%s is no table of Save's; read CSV, Parquet and JSON with package duck", path)
	}
	f, err := r.Map() // the table gets copies
	if err != nil {
		return nil, err
	}
	if checksum(meta, f.Tensors) != f.Metadata[safetensors.ChecksumKey] {
		return nil, fmt.Errorf("%s is damaged: its checksum is another; save it again", path)
	}
	if t, err = decode(meta, f.Tensors); err != nil {
		return nil, fmt.Errorf("%s: %w; save it again", path, err)
	}
	return t, nil
}

func decode(text string, tensors []safetensors.Tensor) (*Table, error) {
	var meta savedTable
	if err := json.Unmarshal([]byte(text), &meta); err != nil {
		return nil, err
	}
	named := map[string]safetensors.Tensor{}
	for _, t := range tensors {
		named[t.Name] = t
	}
	columns := make([]Column, len(meta.Columns))
	for i, s := range meta.Columns {
		columns[i] = Column{Name: s.name(), Kind: s.Kind, Type: s.Type}
		if err := columns[i].decode(s.prefix(i), named); err != nil {
			return nil, fmt.Errorf("column %q: %w", s.Name, err)
		}
	}
	return NewTable(columns...)
}
