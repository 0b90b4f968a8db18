package duck

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/instead"
	"github.com/fastnb/fastnb/internal/verb"
)

// Read makes a table of a file: Parquet (.parquet), JSON (.json, .jsonl, .ndjson) or, of any other name, CSV, also
// compressed (.gz). A path with * or ? in it reads all files that match; CSV files among them must have the same
// header. A table of that name is replaced.
//
// Every row of the file is in the table, or among those that the report says were skipped, which SkipBad asks for. A
// file that is empty, has lines with too few or too many fields, two columns of one name, or another encoding is an
// error that says what to do.
func (db *DB) Read(table, path string, opts ...ReadOption) (report Report, err error) {
	defer verb.Name(&err, "duck: Read")
	r := &reading{DB: db, table: table, pattern: path, header: true, quote: `"`, encoding: charset.UTF8,
		types: map[string]string{}, dates: map[string]string{}}
	r.report.Table = table
	for _, o := range opts {
		o.read(r)
	}
	db.verb.Lock()
	defer db.verb.Unlock()
	err = r.discard(r.read())
	return r.report, err
}

func (r *reading) read() (err error) {
	if r.table == "" {
		return errors.New("the table has no name")
	}
	if r.paths, err = find(r.pattern); err != nil {
		return err
	}
	r.report.Paths = r.paths
	switch extension(r.paths[0]) {
	case ".parquet":
		return r.readParquet()
	case ".json", ".jsonl", ".ndjson":
		return r.readJSON()
	}
	return r.readCSV()
}

func extension(path string) string {
	return strings.ToLower(filepath.Ext(strings.TrimSuffix(path, ".gz")))
}

func (r *reading) readParquet() error {
	for _, path := range r.paths {
		if err := checkMeant(path); err != nil {
			return err
		}
	}
	counted, err := r.count("SELECT sum(num_rows) FROM parquet_file_metadata(" + literal(r.paths) + ")")
	if err != nil {
		return err
	}
	r.report.RowsIn = counted
	return r.create("read_parquet(" + literal(r.paths) + ")")
}

// checkMeant tells what lies in the place of a file.
func checkMeant(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	begin, err := io.ReadAll(io.LimitReader(f, 1024))
	if err == nil {
		err = instead.Check(begin)
	}
	return about(path, err)
}

// create makes the table of a source that has names and types, with what the options ask for.
func (r *reading) create(source string) error {
	if err := r.style.Check(); err != nil {
		return err
	}
	names, types, err := r.described("FROM " + source)
	if err != nil {
		return err
	}
	as := names
	if r.rename != nil {
		if len(r.rename) != len(names) {
			return fmt.Errorf("%s has %d columns, Columns names %d", r.paths[0], len(names), len(r.rename))
		}
		as = r.rename
	}
	picked := make([]string, len(names))
	for i, name := range names {
		picked[i] = r.typed(Ident(name), as[i], types[i]) + " AS " + Ident(as[i])
	}
	if err := r.known(as); err != nil {
		return err
	}
	err = r.run("CREATE OR REPLACE TABLE %s AS SELECT %s FROM %s", Ident(r.table), strings.Join(picked, ", "), source)
	if err != nil {
		return err
	}
	return r.account()
}

// typed is the expression of a column with the type that was asked for.
func (r *reading) typed(column, name, sqlType string) string {
	switch sqlType {
	case "JSON": // of numbers and texts together
		column = r.nulled("(" + column + " ->> '$')")
	case "VARCHAR":
		column = r.nulled(column)
	default:
		return r.cast(column, name)
	}
	if t := r.types[name]; t != "" || r.dates[name] != "" {
		return r.typedText(name, column, t)
	}
	return column
}

// cast is the expression of a column that is no text with the type that was asked for.
func (r *reading) cast(column, name string) string {
	if r.dates[name] != "" {
		return dated(name, column, r.dates[name])
	}
	if t, ok := r.types[name]; ok {
		return "CAST(" + column + " AS " + t + ")"
	}
	return column
}

// dated reads a column's dates of a format, and moments where the format has hours. What is written otherwise fails
// with a message of ours.
func dated(name, column, format string) string {
	as := "DATE"
	if strings.ContainsAny(strings.ReplaceAll(format, "%%", ""), "HIcXsT") {
		as = "TIMESTAMP"
	}
	return fmt.Sprintf("CAST(CASE WHEN %[1]s IS NULL THEN NULL ELSE "+
		"coalesce(try_strptime(%[1]s, %[2]s), error(%[3]s || %[1]s || %[4]s)) END AS %[5]s)",
		column, text(format), text(fmt.Sprintf("column %q has ", name)),
		text(", which is not written as DateFormat says: "+format), as)
}

// known says whether the columns that options name are there.
func (r *reading) known(names []string) error {
	for _, option := range []map[string]string{r.types, r.dates} {
		for name := range option {
			if !slices.Contains(names, name) {
				return fmt.Errorf("no column %q in %s (have %s)", name, r.paths[0], strings.Join(names, ", "))
			}
		}
	}
	return nil
}

// account fills in the report and checks that no row was lost. Sources that don't count theirs have none to lose.
func (r *reading) account() error {
	counted, err := r.count("SELECT count(*) FROM " + Ident(r.table))
	if err != nil {
		return err
	}
	r.report.RowsOut = counted
	if r.report.RowsIn == 0 {
		r.report.RowsIn = counted
	}
	if err := r.settle(); err != nil {
		return err
	}
	names, types, err := r.described(Ident(r.table))
	if err != nil {
		return err
	}
	for i, name := range names {
		r.report.Columns = append(r.report.Columns, name+" "+types[i])
	}
	if lost := r.report.RowsIn - r.report.RowsOut - len(r.report.Skipped); lost != 0 {
		return errors.Join(fmt.Errorf("%s has %d rows, %d were read and %d are bad: the file is not read as it is written; "+
			"say how with Delimiter and Quote", r.pattern, r.report.RowsIn, r.report.RowsOut, len(r.report.Skipped)),
			r.run("DROP TABLE %s", Ident(r.table)))
	}
	return nil
}

// described returns the columns of a source and their types.
func (r *reading) described(source string) (names, types []string, err error) {
	described, err := r.Query("SELECT column_name, column_type FROM (DESCRIBE " + source + ")")
	if err != nil {
		return nil, nil, errors.Unwrap(err)
	}
	return described.Column("column_name").Texts, described.Column("column_type").Texts, nil
}

// count runs a query for one number.
func (r *reading) count(sql string) (int, error) {
	table, err := r.Query(sql)
	if err != nil {
		return 0, errors.Unwrap(err)
	}
	return first(table), nil
}

func first(t *tabular.Table) int { return int(t.Columns()[0].Numbers[0]) }
