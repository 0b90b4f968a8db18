package duck

import (
	"fmt"
	"math"
	"time"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// fetch copies a result into a table, vector by vector: DuckDB hands out 2048 values of a column at once, as an array.
func fetch(result *mapping.Result) (*tabular.Table, error) {
	readers, err := newReaders(result)
	if err != nil {
		return nil, err
	}
	for {
		chunk := mapping.FetchChunk(*result)
		if chunk.Ptr == nil {
			break
		}
		err := readChunk(readers, chunk)
		mapping.DestroyDataChunk(&chunk)
		if err != nil {
			return nil, err
		}
	}
	columns := make([]tabular.Column, len(readers))
	for i, r := range readers {
		columns[i] = r.out
	}
	return tabular.NewTable(columns...)
}

// vector is a part of a column as DuckDB holds it.
type vector struct {
	data  unsafe.Pointer
	valid unsafe.Pointer // a bit for each row; nil if none is NULL
	n     int
}

// null tells whether row i is NULL.
func (v vector) null(i int) bool {
	return v.valid != nil && *(*uint64)(unsafe.Add(v.valid, i/64*8))>>(i%64)&1 == 0
}

// values is the vector's data as a slice; where a row is NULL the value is arbitrary.
func values[T any](v vector) []T { return unsafe.Slice((*T)(v.data), v.n) }

// reader collects the values of a column.
type reader struct {
	out  tabular.Column
	add  func(*tabular.Column, vector) error // appends the values of a vector, whatever is NULL
	size int                                 // rows expected
}

func newReaders(result *mapping.Result) ([]*reader, error) {
	readers := make([]*reader, mapping.ColumnCount(result))
	//lint:ignore SA1019 nothing else tells how much room to make; 0 would do as well, but slower
	rows := int(mapping.ResultChunkCount(*result)) * int(mapping.VectorSize())
	for i := range readers {
		at := mapping.IdxT(i)
		logical := mapping.ColumnLogicalType(result, at)
		kind, add, ok := conversion(logical)
		name, sqlType := mapping.ColumnName(result, at), typeName(logical)
		mapping.DestroyLogicalType(&logical)
		if !ok {
			return nil, fmt.Errorf("column %q is %s, which no column can hold; cast it in the query, as in %s",
				name, sqlType, castHint(name, sqlType))
		}
		readers[i] = &reader{out: tabular.Column{Name: name, Kind: kind, Type: sqlType}, add: add, size: rows}
		readers[i].grow()
	}
	return readers, nil
}

// grow makes room for all rows.
func (r *reader) grow() {
	switch r.out.Kind {
	case tabular.Text:
		r.out.Texts = make([]string, 0, r.size)
	case tabular.Time:
		r.out.Times = make([]time.Time, 0, r.size)
	default:
		r.out.Numbers = make([]float64, 0, r.size)
	}
}

func readChunk(readers []*reader, chunk mapping.DataChunk) error {
	n := int(mapping.DataChunkGetSize(chunk))
	for i, r := range readers {
		v := mapping.DataChunkGetVector(chunk, mapping.IdxT(i))
		err := r.read(vector{mapping.VectorGetData(v), mapping.VectorGetValidity(v), n})
		if err != nil {
			return fmt.Errorf("column %q: %w", r.out.Name, err)
		}
	}
	return nil
}

// read appends the values of a vector and marks those that are NULL or NaN.
func (r *reader) read(v vector) error {
	start := r.out.Len()
	if err := r.add(&r.out, v); err != nil {
		return err
	}
	for i := range v.n {
		switch row := start + i; {
		case v.null(i):
			setMissing(&r.out, row)
			r.mark(row)
		case r.out.Numbers != nil && math.IsNaN(r.out.Numbers[row]):
			r.mark(row)
		}
	}
	if r.out.Missing != nil {
		r.reach(r.out.Len())
	}
	return nil
}

func (r *reader) mark(row int) {
	r.reach(row + 1)
	r.out.Missing[row] = true
}

// reach makes Missing as long as n rows.
func (r *reader) reach(n int) {
	if r.out.Missing == nil {
		r.out.Missing = make([]bool, 0, max(r.size, n))
	}
	r.out.Missing = append(r.out.Missing, make([]bool, n-len(r.out.Missing))...)
}
