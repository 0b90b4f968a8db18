package duck

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// settle looks at the columns of the new table that are text: dates of a JSON file become dates, and what a few odd
// values keep from being numbers or dates is noted.
func (r *reading) settle() error {
	names, types, err := r.described(Ident(r.table))
	if err != nil {
		return err
	}
	var texts []string
	for i, name := range names {
		_, asked := r.types[name]
		switch {
		case types[i] == "VARCHAR" && !asked:
			texts = append(texts, name)
		case types[i] == "TIMESTAMP WITH TIME ZONE" || strings.Contains(strings.ToLower(r.dates[name]), "%z"):
			r.note("%s has offsets from UTC: its times are UTC's; in SQL, timezone('Europe/Berlin', %s) makes them local ones",
				name, r.zoned(name, types[i]))
		}
	}
	if texts, err = r.suspects(texts); err != nil {
		return err
	}
	for _, name := range texts {
		if err := r.settleText(name); err != nil {
			return err
		}
	}
	return nil
}

// zoned is the SQL of a column of moments in UTC as one that DuckDB knows the zone of.
func (r *reading) zoned(name, sqlType string) string {
	if isZoned(sqlType) {
		return Ident(name)
	}
	return "timezone('UTC', " + Ident(name) + ")"
}

// suspects returns those columns of text that might be numbers, dates or truth values: of few different values, or
// with digits in more than every third of those that are no short words. It costs one pass, where a look at all values
// would cost many.
func (r *reading) suspects(names []string) (found []string, err error) {
	if len(names) == 0 || r.report.RowsOut == 0 {
		return nil, nil
	}
	var counts []string
	for _, name := range names {
		c := Ident(name)
		counts = append(counts, fmt.Sprintf("approx_count_distinct(%s) < 50", c),
			fmt.Sprintf("3 * count_if(regexp_matches(%s, '[0-9]') AND length(%[1]s) < 50) > "+
				"count(%[1]s) - count_if(length(%[1]s) < 8 AND NOT regexp_matches(%[1]s, '[0-9]'))", c))
	}
	table, err := r.Query("SELECT " + strings.Join(aliased(counts), ", ") + " FROM " + Ident(r.table))
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	for i, name := range names {
		if table.Columns()[2*i].Numbers[0] == 1 || table.Columns()[2*i+1].Numbers[0] == 1 {
			found = append(found, name)
		}
	}
	return found, nil
}

// aliased gives expressions names of their own.
func aliased(expressions []string) []string {
	named := make([]string, len(expressions))
	for i, e := range expressions {
		named[i] = fmt.Sprintf("%s AS c%d", e, i)
	}
	return named
}

// settleText looks at all values of a column of text.
func (r *reading) settleText(name string) error {
	c := Ident(name)
	counted, err := r.Query("SELECT " + c + " AS v, count(*) AS n FROM " + Ident(r.table) +
		" WHERE v IS NOT NULL GROUP BY v ORDER BY v")
	if err != nil {
		return errors.Unwrap(err)
	}
	values := make(look.Values, counted.Len())
	for i, text := range counted.Column("v").Texts {
		values[i] = look.Value{Text: text, Rows: int(counted.Column("n").Numbers[i])}
	}
	f := look.Find(values)
	if t := f.Kinds.SQL(); r.json() && f.Class == look.Day && t != "VARCHAR" && len(f.Missing)+len(f.Odd) == 0 {
		return r.retype(name, t)
	}
	if note := f.Note(name, r.report.RowsOut, look.Source{Typed: extension(r.paths[0]) == ".parquet" ||
		r.json()}); note != "" {
		r.note("%s", note)
	}
	return nil
}

// retype makes a column of text one of another type.
func (r *reading) retype(name, sqlType string) error {
	if sqlType == "TIMESTAMPTZ" {
		r.note("%s has offsets from UTC: its times are UTC's; in SQL, timezone('Europe/Berlin', %s) makes them local ones",
			name, Ident(name))
	}
	return r.run("CREATE OR REPLACE TABLE %s AS SELECT * REPLACE (%s AS %s) FROM %[1]s", Ident(r.table), r.typedText(name,
		Ident(name), sqlType), Ident(name))
}

func (r *reading) json() bool {
	switch extension(r.paths[0]) {
	case ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}
