package duck

import (
	"testing"

	"github.com/fastnb/fastnb/fastnb/tabular/internal/look"
)

// What the look at a file takes for a value of a type, DuckDB must read as one, with the value that it has: otherwise a
// file could be read wrongly without a word.
func TestKindOf(t *testing.T) {
	db, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for field, want := range map[string]struct{ sqlType, value string }{
		"0": {"BIGINT", "0"}, "-12": {"BIGINT", "-12"}, " 39": {"BIGINT", "39"}, "007": {"BIGINT", "7"}, "+5": {"BIGINT", "5"}, "-0": {"BIGINT", "0"},
		"999999999999999999": {"BIGINT", "999999999999999999"},
		"1.5":                {"DOUBLE", "1.5"}, "-.5": {"DOUBLE", "-0.5"}, "5.": {"DOUBLE", "5.0"}, "1e-3": {"DOUBLE", "0.001"}, "1E5": {"DOUBLE", "100000.0"},
		"inf": {"DOUBLE", "inf"}, "-Infinity": {"DOUBLE", "-inf"}, "NaN": {"DOUBLE", "nan"}, "1.5e+2": {"DOUBLE", "150.0"},
		"true": {"BOOLEAN", "true"}, "False": {"BOOLEAN", "false"}, "TRUE": {"BOOLEAN", "true"},
		"2014-08-01": {"DATE", "2014-08-01"}, "2014/8/1": {"DATE", "2014-08-01"}, "2012-02-29": {"DATE", "2012-02-29"},
		"2014-08-01 12:30":            {"TIMESTAMP", "2014-08-01 12:30:00"},
		"2014-08-01T12:30:15.25":      {"TIMESTAMP", "2014-08-01 12:30:15.25"},
		"2014-08-01 12:30:15Z":        {"TIMESTAMPTZ", "2014-08-01 12:30:15+00"},
		"2014-08-01 12:30:15+02:00":   {"TIMESTAMPTZ", "2014-08-01 10:30:15+00"},
		"2014-08-01 00:30:15.5+02:00": {"TIMESTAMPTZ", "2014-07-31 22:30:15.5+00"},
		"2014/8/1T12:30Z":             {"TIMESTAMPTZ", "2014-08-01 12:30:00+00"}, "2014-08-01 12:30 UTC": {"TIMESTAMPTZ", "2014-08-01 12:30:00+00"},
		"2014-08-01 12:30:15-0530": {"TIMESTAMPTZ", "2014-08-01 18:00:15+00"}, "2014-08-01 12:30:15 +02": {"TIMESTAMPTZ", "2014-08-01 10:30:15+00"},
	} {
		if got := look.Of([]byte(field)).SQL(); got != want.sqlType {
			t.Errorf("%q is %s (want %s)", field, got, want.sqlType)
		}
		as := "CAST(f AS " + want.sqlType + ")"
		if want.sqlType == "TIMESTAMPTZ" {
			as = zonedOf("f", "f", want.sqlType)
		}
		read, err := db.Query("SELECT CAST("+as+" AS VARCHAR) AS x FROM (SELECT ? AS f)", field)
		if err != nil {
			t.Errorf("%q: %v", field, err)
		} else if got := read.Column("x").Texts[0]; got != want.value {
			t.Errorf("%q: DuckDB reads %s (want %s)", field, got, want.value)
		}
	}
}

// Names, parts of dates and what DuckDB would read as something else stay text.
func TestKindOfText(t *testing.T) {
	for _, field := range []string{"a", "-", ".", "e5", "1e", "1e+", "1_000", "0x10", "++5", "1,5", " ", "--1", "1.2.3", "12 3", "yes", "t", "1d",
		"2014-", "2014-13-01", "2014-02-30", "2013-02-29", "01/02/2014", "13.1.2014", "2014-01-01 25:00", "2014-01-01 x", "2014-01-01 12:30 CET", "2014-01-01 12:30+16:00", "2014-01-01+02:00",
		"12:30", "20140101x", "9999999999999999999", "epoch", "infinit", "1e5x", "١٢"} {
		if got := look.Of([]byte(field)); got != look.Text {
			t.Errorf("%q is %s (want text)", field, got.SQL())
		}
	}
}

func TestKindsTogether(t *testing.T) {
	for _, c := range []struct {
		kinds look.Kinds
		want  string
	}{
		{0, "BIGINT"}, {look.Int, "BIGINT"}, {look.Int | look.Float, "DOUBLE"}, {look.Bool, "BOOLEAN"}, {look.Bool | look.Int, "VARCHAR"}, {look.Date, "DATE"},
		{look.Date | look.Moment, "TIMESTAMP"}, {look.Zoned, "TIMESTAMPTZ"}, {look.Zoned | look.Moment, "VARCHAR"}, {look.Date | look.Int, "VARCHAR"}, {look.Int | look.Text, "VARCHAR"},
	} {
		if got := c.kinds.SQL(); got != c.want {
			t.Errorf("%b: %s (want %s)", c.kinds, got, c.want)
		}
	}
}
