package duck

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/internal/verb"
)

// Create makes a table of a [tabular.Table], so that it can be queried. Numbers become BIGINT if their Type is one of
// DuckDB's integer types and DOUBLE otherwise, text VARCHAR, bools BOOLEAN, times DATE if their Type is DATE and
// TIMESTAMP otherwise; missing values become NULL. A table of that name is replaced. Column names that differ only in
// upper and lower case are an error, as is text that is not UTF-8.
func (db *DB) Create(name string, t *tabular.Table) (err error) {
	defer verb.Name(&err, "duck: Create")
	fillers, err := newFillers(t)
	if err != nil {
		return err
	}
	columns := make([]string, len(fillers))
	for i, f := range fillers {
		columns[i] = Ident(f.in.Name) + " " + f.sqlType
	}
	db.verb.Lock()
	defer db.verb.Unlock()
	if err := db.run("CREATE OR REPLACE TABLE %s (%s)", Ident(name), strings.Join(columns, ", ")); err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.append(name, t.Len(), fillers)
}

// filler writes a column's values.
type filler struct {
	in      *tabular.Column
	sqlType string
	held    mapping.Type
	fill    func(v mapping.Vector, start, n int) // writes n values from row start on
}

func newFillers(t *tabular.Table) ([]filler, error) {
	if t == nil || len(t.Columns()) == 0 {
		return nil, fmt.Errorf("a table without columns")
	}
	fillers := make([]filler, len(t.Columns()))
	seen := map[string]string{}
	for i := range fillers {
		c := &t.Columns()[i]
		if other, ok := seen[strings.ToLower(c.Name)]; ok {
			return nil, fmt.Errorf("SQL can't tell the columns %q and %q apart; rename one", other, c.Name)
		}
		if !utf8.ValidString(c.Name) || strings.ContainsRune(c.Name, 0) {
			return nil, fmt.Errorf("column %d is called %q, which SQL has no name for (want UTF-8 without a NUL); rename it",
				i+1, c.Name)
		}
		seen[strings.ToLower(c.Name)] = c.Name
		if row := slices.IndexFunc(c.Texts, func(s string) bool { return !utf8.ValidString(s) }); row >= 0 {
			return nil, fmt.Errorf("column %q, row %d: %q is not UTF-8", c.Name, row, c.Texts[row])
		}
		fillers[i] = newFiller(c)
	}
	return fillers, nil
}

// integers are the types whose numbers are kept as integers.
var integers = []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
	"HUGEINT"}

func newFiller(c *tabular.Column) filler {
	switch {
	case c.Kind == tabular.Text:
		return filler{c, "VARCHAR", mapping.TypeVarchar, func(v mapping.Vector, start, n int) {
			for i, s := range c.Texts[start : start+n] {
				mapping.VectorAssignStringElement(v, mapping.IdxT(i), s)
			}
		}}
	case c.Kind == tabular.Time && c.Type == "DATE":
		day := func(i int) int32 { return int32(floorDiv(c.Times[i].Unix(), 86400)) }
		return filler{c, "DATE", mapping.TypeDate, fill(day)}
	case c.Kind == tabular.Time:
		return filler{c, "TIMESTAMP", mapping.TypeTimestamp, fill(func(i int) int64 { return c.Times[i].UnixMicro() })}
	case c.Kind == tabular.Bool:
		return filler{c, "BOOLEAN", mapping.TypeBoolean, fill(func(i int) bool { return c.Numbers[i] == 1 })}
	case slices.Contains(integers, c.Type) && !slices.ContainsFunc(c.Numbers, fractional):
		return filler{c, "BIGINT", mapping.TypeBigInt, fill(func(i int) int64 { return int64(c.Numbers[i]) })}
	}
	return filler{c, "DOUBLE", mapping.TypeDouble, fill(func(i int) float64 { return c.Numbers[i] })}
}

func fractional(x float64) bool { return x != math.Trunc(x) && !math.IsNaN(x) || math.Abs(x) > exact }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// fill writes values of a type that DuckDB holds as an array.
func fill[T any](value func(i int) T) func(v mapping.Vector, start, n int) {
	return func(v mapping.Vector, start, n int) {
		out := unsafe.Slice((*T)(mapping.VectorGetData(v)), n)
		for i := range out {
			out[i] = value(start + i)
		}
	}
}

// append copies the columns into a table, a chunk of rows at a time.
func (db *DB) append(name string, rows int, fillers []filler) error {
	if !db.open {
		return errClosed
	}
	var appender mapping.Appender
	defer func() { mapping.AppenderDestroy(&appender) }()
	if mapping.AppenderCreate(db.conn, "", name, &appender) == mapping.StateError {
		return plain(mapping.AppenderError(appender))
	}
	types := make([]mapping.LogicalType, len(fillers))
	for i, f := range fillers {
		types[i] = mapping.CreateLogicalType(f.held)
		defer mapping.DestroyLogicalType(&types[i])
	}
	chunk := mapping.CreateDataChunk(types)
	defer mapping.DestroyDataChunk(&chunk)
	for start := 0; start < rows; start += int(mapping.VectorSize()) {
		mapping.DataChunkReset(chunk)
		fillChunk(chunk, fillers, start, min(rows-start, int(mapping.VectorSize())))
		if mapping.AppendDataChunk(appender, chunk) == mapping.StateError {
			return plain(mapping.AppenderError(appender))
		}
	}
	if mapping.AppenderFlush(appender) == mapping.StateError {
		return plain(mapping.AppenderError(appender))
	}
	return nil
}

func fillChunk(chunk mapping.DataChunk, fillers []filler, start, n int) {
	for i, f := range fillers {
		v := mapping.DataChunkGetVector(chunk, mapping.IdxT(i))
		f.fill(v, start, n)
		if f.in.Missing != nil {
			markNull(v, f.in.Missing[start:start+n])
		}
	}
	mapping.DataChunkSetSize(chunk, mapping.IdxT(n))
}

func markNull(v mapping.Vector, missing []bool) {
	mapping.VectorEnsureValidityWritable(v)
	mask := mapping.VectorGetValidity(v)
	for i, m := range missing {
		mapping.ValiditySetRowValidity(mask, mapping.IdxT(i), !m)
	}
}
