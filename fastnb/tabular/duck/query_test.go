package duck_test

import (
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

func open(t testing.TB) *duck.DB {
	t.Helper()
	db, err := duck.Open(duck.Memory("2GB"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func query(t testing.TB, db *duck.DB, sql string, args ...any) *tabular.Table {
	t.Helper()
	table, err := db.Query(sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// wantError checks that an error has all the parts that a reader needs.
func wantError(t testing.TB, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v (want %q in it)", err, part)
		}
	}
}

// What DuckDB holds and what becomes of it; each is followed by a NULL.
func TestQueryTypes(t *testing.T) {
	db := open(t)
	if err := db.Exec("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2014, 8, 1, 0, 0, 0, 0, time.UTC)
	moment := time.Date(2014, 8, 1, 13, 14, 15, 250e6, time.UTC)
	for _, c := range []struct {
		sql, name string
		kind      tabular.Kind
		want      any
	}{
		{"true", "BOOLEAN", tabular.Bool, 1.},
		{"(-128)::TINYINT", "TINYINT", tabular.Number, -128.},
		{"(-300)::SMALLINT", "SMALLINT", tabular.Number, -300.},
		{"(-70000)::INTEGER", "INTEGER", tabular.Number, -70000.},
		{"(-9007199254740992)::BIGINT", "BIGINT", tabular.Number, -9007199254740992.},
		{"255::UTINYINT", "UTINYINT", tabular.Number, 255.},
		{"65535::USMALLINT", "USMALLINT", tabular.Number, 65535.},
		{"4294967295::UINTEGER", "UINTEGER", tabular.Number, 4294967295.},
		{"9007199254740992::UBIGINT", "UBIGINT", tabular.Number, 9007199254740992.},
		{"(-9007199254740992)::HUGEINT", "HUGEINT", tabular.Number, -9007199254740992.},
		{"(-1)::HUGEINT", "HUGEINT", tabular.Number, -1.},
		{"0.5::FLOAT", "FLOAT", tabular.Number, .5},
		{"0.1::DOUBLE", "DOUBLE", tabular.Number, .1},
		{"'-inf'::DOUBLE", "DOUBLE", tabular.Number, math.Inf(-1)},
		{"(-1.25)::DECIMAL(4,2)", "DECIMAL(4,2)", tabular.Number, -1.25},
		{"(-12345.678)::DECIMAL(9,3)", "DECIMAL(9,3)", tabular.Number, -12345.678},
		{"0.1::DECIMAL(18,3)", "DECIMAL(18,3)", tabular.Number, .1},
		{"(-0.1)::DECIMAL(38,3)", "DECIMAL(38,3)", tabular.Number, -.1},
		{"'twelve bytes'", "VARCHAR", tabular.Text, "twelve bytes"},
		{"'thirteen bytes'", "VARCHAR", tabular.Text, "thirteen bytes"},
		{"'äöü €'", "VARCHAR", tabular.Text, "äöü €"},
		{"'ok'::mood", "ENUM", tabular.Text, "ok"},
		{"'01234567-89ab-cdef-8123-456789abcdef'::UUID", "UUID", tabular.Text, "01234567-89ab-cdef-8123-456789abcdef"},
		{"'f1234567-89ab-cdef-8123-456789abcdef'::UUID", "UUID", tabular.Text, "f1234567-89ab-cdef-8123-456789abcdef"},
		{"DATE '2014-08-01'", "DATE", tabular.Time, day},
		{"DATE '1066-10-14'", "DATE", tabular.Time, time.Date(1066, 10, 14, 0, 0, 0, 0, time.UTC)},
		{"TIMESTAMP '2014-08-01 13:14:15.25'", "TIMESTAMP", tabular.Time, moment},
		{"TIMESTAMP_S '2014-08-01 00:00:00'", "TIMESTAMP_S", tabular.Time, day},
		{"TIMESTAMP_MS '2014-08-01 13:14:15.25'", "TIMESTAMP_MS", tabular.Time, moment},
		{"TIMESTAMP_NS '2014-08-01 13:14:15.25'", "TIMESTAMP_NS", tabular.Time, moment},
		{"TIMESTAMPTZ '2014-08-01 15:14:15.25+02'", "TIMESTAMPTZ", tabular.Time, moment},
	} {
		table := query(t, db, "SELECT "+c.sql+" AS x UNION ALL SELECT NULL")
		x := table.Column("x")
		if x.Kind != c.kind || x.Type != c.name || x.Len() != 2 || x.IsMissing(0) || !x.IsMissing(1) {
			t.Errorf("%s: %+v (want a %s, %s and a missing value)", c.sql, x, c.name, c.kind)
		}
		if got := value(x, 0); got != c.want {
			t.Errorf("%s = %v (want %v)", c.sql, got, c.want)
		}
		switch null := value(x, 1); c.kind {
		case tabular.Number, tabular.Bool:
			if !math.IsNaN(null.(float64)) {
				t.Errorf("%s: NULL is %v (want NaN)", c.sql, null)
			}
		default:
			if !reflect.ValueOf(null).IsZero() {
				t.Errorf("%s: NULL is %v (want nothing)", c.sql, null)
			}
		}
	}
}

func value(c *tabular.Column, i int) any {
	switch c.Kind {
	case tabular.Text:
		return c.Texts[i]
	case tabular.Time:
		return c.Times[i]
	}
	return c.Numbers[i]
}

func TestQueryNaNIsMissing(t *testing.T) {
	x := query(t, open(t), "SELECT unnest(['1', 'nan', 'inf', '4']::DOUBLE[]) AS x").Column("x")
	if want := []bool{false, true, false, false}; !reflect.DeepEqual(x.Missing, want) {
		t.Errorf("missing %v of %v (want %v)", x.Missing, x.Numbers, want)
	}
}

func TestQueryRefuses(t *testing.T) {
	db := open(t)
	for sql, parts := range map[string][]string{
		"SELECT 9007199254740993 AS id":                    {`column "id"`, "9007199254740993 is beyond 2^53", "AS VARCHAR"},
		"SELECT -9007199254740993 AS id":                   {`column "id"`, "beyond 2^53"},
		"SELECT (-9223372036854775808)::BIGINT AS id":      {"beyond 2^53"},
		"SELECT 18446744073709551615::UBIGINT AS id":       {"beyond 2^53"},
		"SELECT 9007199254740993::UBIGINT AS id":           {"beyond 2^53"},
		"SELECT sum(9007199254740992) AS s FROM range(3)":  {`column "s"`, "beyond 2^53"},
		"SELECT -sum(9007199254740992) AS s FROM range(3)": {"beyond 2^53"},
		"SELECT (-18446744073709551616)::HUGEINT AS big":   {`column "big"`, "-18446744073709551616 is beyond 2^53"},
		"SELECT [1, 2] AS l":                               {`column "l" is a list`, `CAST("l" AS VARCHAR)`},
		"SELECT {'a': 1} AS s":                             {`"s" is a struct`},
		"SELECT INTERVAL 3 DAY AS i":                       {`"i" is an INTERVAL`, `epoch("i")`},
		"SELECT TIME '12:00' AS t":                         {`"t" is a TIME`},
		"SELECT DATE 'infinity' AS d":                      {`"d"`, "infinite", "isfinite"},
		"SELECT TIMESTAMP '-infinity' AS d":                {"infinite"},
		"SELECT 1 AS a, 2 AS a":                            {`two columns are called "a"`, "AS"},
		"SELECT nothing FROM nowhere":                      {"duck: Query:", "nowhere"},
		"SELEC 1":                                          {"syntax error"},
	} {
		table, err := db.Query(sql)
		wantError(t, err, parts...)
		if table != nil {
			t.Errorf("%s: a table beside the error", sql)
		}
	}
}

// A NULL has arbitrary bytes in DuckDB's arrays; they must not be taken for values that are too large.
func TestQueryNullIsNoValue(t *testing.T) {
	db := open(t)
	for _, sqlType := range []string{"BIGINT", "UBIGINT", "HUGEINT", "DATE", "TIMESTAMP", "VARCHAR"} {
		table := query(t, db, "SELECT NULL::"+sqlType+" AS x FROM range(5000)")
		if n := table.Column("x").MissingCount(); n != 5000 {
			t.Errorf("%s: %d missing (want 5000)", sqlType, n)
		}
	}
}

func TestQueryArguments(t *testing.T) {
	at := time.Date(2014, 8, 1, 12, 0, 0, 0, time.UTC)
	table := query(t, open(t), "SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f", 7, 1.5, "x'; --", true, at, nil)
	for name, want := range map[string]any{"a": 7., "b": 1.5, "c": "x'; --", "d": 1., "e": at} {
		if got := value(table.Column(name), 0); got != want {
			t.Errorf("%s = %v (want %v)", name, got, want)
		}
	}
	if !table.Column("f").IsMissing(0) {
		t.Error("nil is not missing")
	}
}

func TestQueryArgumentsRefused(t *testing.T) {
	db := open(t)
	_, err := db.Query("SELECT ?", 1, 2)
	wantError(t, err, "2 arguments for 1 question marks")
	_, err = db.Query("SELECT ?", []int{1})
	wantError(t, err, "argument 1 is a []int")
	_, err = db.Query("SELECT ?", "M\xfcnchen")
	wantError(t, err, `argument 1, "M\xfcnchen"`, "not UTF-8")
	wantError(t, db.Exec("INSERT INTO t VALUES (?)", 1), "duck: Exec:", "t does not exist")
}

func TestQueryManyRows(t *testing.T) {
	table := query(t, open(t), `SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 5000 END AS n, 'text ' || i % 5000 AS s
		FROM range(10000) r(i) ORDER BY i`)
	n, s := table.Column("n"), table.Column("s")
	if table.Len() != 10000 || n.MissingCount() != 3334 {
		t.Fatalf("%d rows, %d missing (want 10000, 3334)", table.Len(), n.MissingCount())
	}
	for i := range table.Len() {
		if n.IsMissing(i) != (i%3 == 0) || i%3 != 0 && n.Numbers[i] != float64(i%5000) {
			t.Fatalf("row %d: %v", i, n.Numbers[i])
		}
	}
	if s.Texts[9999] != "text 4999" {
		t.Errorf("row 9999 is %q (want \"text 4999\")", s.Texts[9999])
	}
}

func TestClosed(t *testing.T) {
	db, err := duck.Open()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err = db.Query("SELECT 1")
	wantError(t, err, "duck: Query: the database is closed")
	_, err = duck.Open(duck.Memory("much"))
	wantError(t, err, "duck: Open:", "much")
}

// What does not fit into memory goes to a folder, which Close removes.
func TestMemory(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	db, err := duck.Open(duck.Memory("100MB"), duck.Threads(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("CREATE TABLE t AS SELECT md5(i::VARCHAR) AS x, md5((i + 1)::VARCHAR) AS y FROM range(2000000) r(i)"); err != nil {
		t.Fatal(err)
	}
	if spilled, err := os.ReadDir(tmp); err != nil || len(spilled) == 0 {
		t.Errorf("nothing was put aside (%v)", err)
	}
	if n := query(t, db, "SELECT count(DISTINCT x) AS n FROM t").Column("n").Numbers[0]; n != 2000000 {
		t.Errorf("%v different values (want 2000000)", n)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}

// SQL in a name is a name.
func TestIdent(t *testing.T) {
	db := open(t)
	for _, name := range []string{`x`, `a b`, `"`, `x"; DROP TABLE t; --`, `'`, "a\nb", "ä", "select"} {
		table := query(t, db, "SELECT 1 AS "+duck.Ident(name))
		if got := table.Names()[0]; got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
}

// BenchmarkQuery copies a million rows of 40 columns.
func BenchmarkQuery(b *testing.B) {
	db := open(b)
	sql := "CREATE TABLE t AS SELECT i"
	for c := range 13 {
		sql += ", i * " + string(rune('1'+c%9)) + " AS n" + string(rune('a'+c)) + ", random() AS f" + string(rune('a'+c)) +
			", 'state ' || (i * 7 % 16) AS s" + string(rune('a'+c))
	}
	if err := db.Exec(sql + " FROM range(1000000) r(i)"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if n := query(b, db, "FROM t").Len(); n != 1000000 {
			b.Fatal(n)
		}
	}
}
