package duck

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// readCSV looks at all of the files once to learn what DuckDB must know, and lets it read them with nothing left to
// guess. DuckDB's own guesses are made on a sample: it may skip lines that don't fit, take 01/02/2014 for one of two
// days, or round 1.5 in a column that began with integers.
func (r *reading) readCSV() error {
	if err := r.style.Check(); err != nil {
		return err
	}
	if len(r.delimiter) > 1 || len(r.quote) > 1 {
		return fmt.Errorf("Delimiter(%q), Quote(%q): want one byte each", r.delimiter, r.quote)
	}
	if err := r.prepare(notCSV); err != nil {
		return err
	}
	all, err := r.scanAll()
	if err != nil {
		return err
	}
	r.report.RowsIn = all.records
	if len(all.bad) > 0 && !r.skipBad {
		return fmt.Errorf("%d of %d lines cannot be read; correct them, say how the file is written (Delimiter, Quote), or "+
			"leave them out with SkipBad(true):\n%s", len(all.bad), all.records, listed(all.bad))
	}
	if len(all.bad) > 0 && all.mixed {
		return fmt.Errorf("%s has bad lines, and its lines end in different ways (\\n, \\r\\n), so that they can't be "+
			"left out: make the ends equal first", r.pattern)
	}
	names, err := r.named(all)
	if err != nil {
		return err
	}
	return r.createCSV(names, all)
}

// magic is how files begin that are no CSV files.
var magic = []struct{ begin, is string }{
	{"\x1f\x8b", "compressed with gzip; name it .csv.gz"},
	{"PK\x03\x04", "a ZIP archive, as a sheet of Excel is; unpack it, or save the sheet as CSV"},
	{"PAR1", "Parquet; name it .parquet"},
}

// notCSV tells what a file is that is no CSV file, by how it begins.
func notCSV(begin []byte) error {
	for _, m := range magic {
		if bytes.HasPrefix(begin, []byte(m.begin)) {
			return errors.New(m.is)
		}
	}
	return nil
}

// scanAll looks at all of the files.
func (r *reading) scanAll() (all *scan, err error) {
	for _, path := range r.paths {
		if all, err = r.scan(path, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// named returns the names of the columns.
func (r *reading) named(s *scan) ([]string, error) {
	names := s.names
	if r.rename != nil {
		if len(r.rename) != len(names) {
			return nil, fmt.Errorf("%s has %d columns, the options name %d; is the delimiter %q?", r.paths[0],
				len(names), len(r.rename), s.delimiter)
		}
		names = r.rename
	}
	seen := map[string]int{}
	for i, name := range names {
		if name == "" || strings.ContainsRune(name, 0) {
			return nil, fmt.Errorf("column %d of %s is called %q, which is no name; name all columns with Columns",
				i+1, r.paths[0], name)
		}
		key := strings.ToLower(name)
		if first, ok := seen[key]; ok {
			return nil, fmt.Errorf("columns %d and %d of %s are both called %q, which SQL can't tell apart; "+
				"name all columns with Columns", first+1, i+1, r.paths[0], name)
		}
		seen[key] = i
	}
	return names, r.known(names)
}

const rejects, scans = "fastnb_rejects", "fastnb_scans"

func (r *reading) createCSV(names []string, s *scan) error {
	columns, picked := make([]string, len(names)), make([]string, len(names))
	for i, name := range names {
		t := r.csvType(name, s.kinds[i])
		picked[i] = Ident(name)
		switch {
		case isMoment(t) && r.skipBad && r.types[name] != "": // DuckDB lists the lines with none
			if s.kinds[i]&look.Zoned != 0 && !isZoned(t) {
				return fmt.Errorf("column %q has offsets from UTC, which SkipBad loses with %s; use Type(%q, \"TIMESTAMPTZ\")",
					name, t, name)
			}
		case r.byText(name, s.kinds[i], t):
			picked[i] = r.typedText(name, Ident(name), t) + " AS " + Ident(name)
			t = "VARCHAR"
		}
		columns[i] = text(name) + ": " + text(t)
	}
	sql := fmt.Sprintf("CREATE OR REPLACE TABLE %s AS SELECT %s "+
		"FROM read_csv(%s, auto_detect=false, header=%t, delim=%s, quote=%s, "+
		"escape=%s, nullstr=%s, columns={%s}, max_line_size=%d%s)", Ident(r.table), strings.Join(picked, ", "),
		r.readable(), r.header, text(string(s.delimiter)), text(r.quote), text(r.quote),
		texts(append([]string{""}, r.nulls...)), strings.Join(columns, ", "), maxLine, s.lines()+r.rejecting())
	if err := r.run("%s", sql); err != nil {
		return err
	}
	if err := r.rejected(); err != nil {
		return err
	}
	return r.account()
}

// csvType is the type of a column: the one asked for, or the narrowest.
func (r *reading) csvType(name string, k look.Kinds) string {
	t, asked := r.types[name]
	if asked {
		return t
	}
	if t = k.SQL(); k&look.Zeros != 0 && t != "VARCHAR" && r.dates[name] == "" {
		r.note("%s has leading zeros, which a number loses; Type(%q, \"VARCHAR\") keeps them", name, name)
	}
	return t
}

// byText tells whether a column is read as text first, as DuckDB would read its values otherwise than they are meant.
func (r *reading) byText(name string, k look.Kinds, sqlType string) bool {
	_, asked := r.types[name]
	return r.dates[name] != "" || k.Styled() && isNumber(sqlType) || k == look.Zoned && !asked || asked &&
		(isMoment(sqlType) || isNumber(sqlType) && !r.style.Plain())
}

// lines tells DuckDB where lines begin and end.
func (s *scan) lines() string {
	options := fmt.Sprintf(", skip=%d", s.skip)
	switch {
	case s.mixed:
		options += ", strict_mode=false"
	case s.newline != "":
		options += ", new_line=" + text(s.newline)
	}
	return options
}

// rejecting has DuckDB list what it leaves out.
func (r *reading) rejecting() string {
	if !r.skipBad {
		return ""
	}
	return fmt.Sprintf(", store_rejects=true, rejects_table='%s', rejects_scan='%s', rejects_limit=0", rejects, scans)
}

// rejected puts the lines that DuckDB left out into the report.
func (r *reading) rejected() error {
	if !r.skipBad {
		return nil
	}
	list, err := r.Query("SELECT file_path, line, first(error_message) AS reason FROM " + rejects + " JOIN " + scans +
		" USING (scan_id, file_id) GROUP BY file_path, line ORDER BY file_path, line")
	if err != nil {
		return errors.Unwrap(err)
	}
	paths, lines, reasons := list.Column("file_path").Texts, list.Column("line").Numbers, list.Column("reason").Texts
	for i := range list.Len() {
		r.report.Skipped = append(r.report.Skipped,
			fastnb.Skipped{Path: r.original(paths[i]), Line: int(lines[i]), Count: 1, Reason: reasons[i]})
	}
	return r.run("DROP TABLE %s; DROP TABLE %s", rejects, scans)
}
