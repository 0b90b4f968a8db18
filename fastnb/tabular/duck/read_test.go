package duck_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// write makes a file in a folder of its own.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read reads a CSV file of that content.
func read(t testing.TB, content string, opts ...duck.ReadOption) (*tabular.Table, duck.Report) {
	t.Helper()
	db := open(t)
	report, err := db.Read("t", write(t, "t.csv", content), opts...)
	if err != nil {
		t.Fatal(err)
	}
	table := query(t, db, "FROM t")
	if report.RowsOut != table.Len() || report.RowsIn != report.RowsOut+len(report.Skipped) {
		t.Errorf("report %+v of a table of %d rows", report, table.Len())
	}
	return table, report
}

func columnTypes(table *tabular.Table) string {
	var types []string
	for _, c := range table.Columns() {
		types = append(types, c.Name+" "+c.Type)
	}
	return strings.Join(types, ", ")
}

func TestReadCSV(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2014, 8, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, content string
		opts          []duck.ReadOption
		types         string
		column        string
		want          any
	}{
		{"plain", "a,b\n1,x\n2,y\n", nil, "a BIGINT, b VARCHAR", "b", []string{"x", "y"}},
		{"no newline at the end", "a,b\n1,x\n2,y", nil, "a BIGINT, b VARCHAR", "a", []float64{1, 2}},
		{"CRLF, byte order mark", "\ufeffa,b\r\n1,x\r\n2,y\r\n", nil, "a BIGINT, b VARCHAR", "a", []float64{1, 2}},
		{"mixed line ends", "a,b\n1,x\r\n2,\"y\nz\"\n3,w\r\n", nil, "a BIGINT, b VARCHAR", "b", []string{"x", "y\nz", "w"}},
		{"blank lines", "\na,b\n\n1,x\n\n\n2,y\n\n", nil, "a BIGINT, b VARCHAR", "a", []float64{1, 2}},
		{"tabs", "a\tb\n1\tx,y\n", nil, "a BIGINT, b VARCHAR", "b", []string{"x,y"}},
		{"semicolons", "a;b\n1,5;x\n", nil, "a VARCHAR, b VARCHAR", "a", []string{"1,5"}},
		{"bars", "1|Toy Story (1995)|x\n2|Get, Shorty|y\n", []duck.ReadOption{duck.NoHeader("id", "title", "z")}, "id BIGINT, title VARCHAR, z VARCHAR", "title", []string{"Toy Story (1995)", "Get, Shorty"}},
		{"a delimiter told", "a b\n1 2\n", []duck.ReadOption{duck.Delimiter(" ")}, "a BIGINT, b BIGINT", "b", []float64{2}},
		{"no header", "1\tx\n2\ty\n", []duck.ReadOption{duck.NoHeader("n", "s")}, "n BIGINT, s VARCHAR", "n", []float64{1, 2}},
		{"other names", "a,b\n1,x\n", []duck.ReadOption{duck.Columns("n", "s")}, "n BIGINT, s VARCHAR", "s", []string{"x"}},
		{"a column without a name", ",b\n0,x\n1,y\n", nil, "column1 BIGINT, b VARCHAR", "column1", []float64{0, 1}},
		{"quotes", "a,b\n1,\"x, \"\"y\"\"\nz\"\n2,w\n", nil, "a BIGINT, b VARCHAR", "b", []string{"x, \"y\"\nz", "w"}},
		{"spaces around quotes", "a,b\n1, \"x, y\" \n2,  z \n", nil, "a BIGINT, b VARCHAR", "b", []string{"x, y", "  z "}},
		{"old line ends", "a,b\r1,x\r2,y\r", nil, "a BIGINT, b VARCHAR", "b", []string{"x", "y"}},
		{"quoted numbers", "a\n\"1\"\n\"2\"\n", nil, "a BIGINT", "a", []float64{1, 2}},
		{"quotes in the header", "\"a \"\"b\"\"\",c\n1,2\n", nil, `a "b" BIGINT, c BIGINT`, `a "b"`, []float64{1}},
		{"quotes that are none", "a,b\n\"1,x\n2,\"\n", []duck.ReadOption{duck.Quote("")}, "a VARCHAR, b VARCHAR", "a", []string{`"1`, "2"}},
		{"a quote within a field", "a,b\n1,5\" disk\n2,3.5\"\n", nil, "a BIGINT, b VARCHAR", "b", []string{`5" disk`, `3.5"`}},
		{"half a number, late", "a\n" + strings.Repeat("1\n", 30000) + "1.5\n", nil, "a DOUBLE", "", nil},
		{"a name, late", "a\n" + strings.Repeat("0\n", 30000) + "x\n", nil, "a VARCHAR", "", nil},
		{"Latin-1", "a,\xfc\n1,M\xfcnchen\n", []duck.ReadOption{duck.Encoding("latin-1")}, "a BIGINT, ü VARCHAR", "ü", []string{"München"}},
		{"UTF-8", "a,ü\n1,München\n", nil, "a BIGINT, ü VARCHAR", "ü", []string{"München"}},
		{"texts for missing values", "a,b\n1,NA\n?,2\n", []duck.ReadOption{duck.NullStrings("NA", "?")}, "a BIGINT, b BIGINT", "b", []float64{math.NaN(), 2}},
		{"types", "zip,n\n007,1\n", []duck.ReadOption{duck.Type("zip", "VARCHAR"), duck.Type("n", "DECIMAL(5,2)")}, "zip VARCHAR, n DECIMAL(5,2)", "zip", []string{"007"}},
		{"dates", "d\n2014-08-01\n2014-08-02\n", nil, "d DATE", "d", []time.Time{day(1), day(2)}},
		{"moments", "d\n2014-08-01\n2014-08-02 00:00:00\n", nil, "d TIMESTAMP", "d", []time.Time{day(1), day(2)}},
		{"days first or months first", "d\n01/08/2014\n02/08/2014\n", nil, "d VARCHAR", "d", []string{"01/08/2014", "02/08/2014"}},
		{"days first, told", "d\n01/08/2014\n02/08/2014\n", []duck.ReadOption{duck.DateFormat("d", "%d/%m/%Y")}, "d DATE", "d", []time.Time{day(1), day(2)}},
		{"moments, told", "d\n01.08.2014 00:00\n", []duck.ReadOption{duck.DateFormat("d", "%d.%m.%Y %H:%M")}, "d TIMESTAMP", "d", []time.Time{day(1)}},
		{"dates in several formats", "d\n2014-08-01\n02.08.2014\nAug 3 2014\n", nil, "d VARCHAR", "d", []string{"2014-08-01", "02.08.2014", "Aug 3 2014"}},
		{"no rows", "a,b\n", nil, "a BIGINT, b BIGINT", "a", []float64{}},
		{"all missing", "a,b\n,1\n,2\n", nil, "a BIGINT, b BIGINT", "a", []float64{math.NaN(), math.NaN()}},
		{"one column, one missing", "a\n1\n\n3\n", nil, "a BIGINT", "a", []float64{1, math.NaN(), 3}},
		{"infinities", "a\n1.5\ninf\n-inf\nnan\n", nil, "a DOUBLE", "a", []float64{1.5, math.Inf(1), math.Inf(-1), math.NaN()}},
		{"SQL in a name", "\"x\"\"; DROP TABLE t; --\",'y\n1,2\n", nil, `x"; DROP TABLE t; -- BIGINT, 'y BIGINT`, "'y", []float64{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, _ := read(t, c.content, c.opts...)
			if got := columnTypes(table); got != c.types {
				t.Errorf("%s (want %s)", got, c.types)
			}
			if c.column == "" {
				return
			}
			if got, want := column(table.Column(c.column)), printed(c.want); got != want {
				t.Errorf("%s = %s (want %s)", c.column, got, want)
			}
		})
	}
}

// column prints values, so that NaNs can be compared.
func column(c *tabular.Column) string {
	switch c.Kind {
	case tabular.Text:
		return printed(c.Texts)
	case tabular.Time:
		return printed(c.Times)
	}
	return printed(c.Numbers)
}

func printed(values any) string { return fmt.Sprintf("%q", fmt.Sprint(values)) }

func TestReadCSVRefuses(t *testing.T) {
	for _, c := range []struct {
		name, content string
		opts          []duck.ReadOption
		want          []string
	}{
		{"ragged rows", "a,b\n1,2\n3\n4,5,6\n7,8\n", nil, []string{"duck: Read:", "2 of 4 lines", "t.csv:3: 1 fields (want 2)", "t.csv:4: 3 fields (want 2)", "SkipBad(true)"}},
		{"ragged after quoted lines", "a,b\n1,\"x\ny\"\n3\n", nil, []string{"t.csv:4: 1 fields"}},
		{"a trailing delimiter", "a,b\n1,2,\n", nil, []string{"t.csv:2: 3 fields"}},
		{"an open quote", "a,b\n1,2\n2,\"x\n3,4\n", nil, []string{"t.csv:3: a quote is not closed"}},
		{"text after a quote", "a,b\n1,\"x\"y\n", nil, []string{"t.csv:2: text after a closing quote"}},
		{"mixed line ends and bad lines", "a,b\n1,x\r\n2\n", []duck.ReadOption{duck.SkipBad(true)}, []string{"end in different ways"}},
		{"wrong encoding", "a,b\n1,x\n2,M\xfcnchen\n", nil, []string{`t.csv:3:`, `M\xfcnchen`, "München", `Encoding("latin-1")`}},
		{"wrong encoding, bad lines left out", "a,b\n1,x\n2,M\xfcnchen\n", []duck.ReadOption{duck.SkipBad(true)}, []string{`Encoding("latin-1")`}},
		{"half of UTF-16", "\xff\xfea\x00,", nil, []string{"t.csv: bytes 4 and on", "are not UTF-16"}},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", nil, []string{"t.csv: this is UTF-32; convert it to UTF-8"}},
		{"damaged", "a\nMünchen, M\xfcnchen\n", nil, []string{"t.csv:2: ", "it is damaged"}},
		{"gzip as Latin-1", "\x1f\x8b\x08", []duck.ReadOption{duck.Encoding("latin-1")}, []string{".csv.gz"}},
		{"an encoding that there is not", "a\n1\n", []duck.ReadOption{duck.Encoding("cp1252")}, []string{`Encoding("cp1252")`, "latin-1"}},
		{"empty", "", nil, []string{"t.csv is empty"}},
		{"blank", "\n\n", nil, []string{"blank lines only"}},
		{"two columns of one name", "a,b,a\n1,2,3\n", nil, []string{"columns 1 and 3", `"a"`, "Columns"}},
		{"names that differ in case", "id,ID\n1,2\n", nil, []string{"columns 1 and 2", "Columns"}},
		{"too few names", "a,b\n1,2\n", []duck.ReadOption{duck.Columns("x")}, []string{"2 columns", "name 1"}},
		{"another number of fields", "1,2\n", []duck.ReadOption{duck.NoHeader("x")}, []string{"2 columns", "name 1", "','"}},
		{"a type for no column", "a,b\n1,2\n", []duck.ReadOption{duck.Type("c", "VARCHAR")}, []string{`no column "c"`, "have a, b"}},
		{"a type that does not fit", "a\nx\n", []duck.ReadOption{duck.Type("a", "BIGINT")}, []string{`"x"`, `column "a"`}},
		{"a format that does not fit", "a\n2014-08-01\n", []duck.ReadOption{duck.DateFormat("a", "%d.%m.%Y")}, []string{`column "a" has 2014-08-01`, "%d.%m.%Y"}},
		{"compressed", "\x1f\x8b\x08", nil, []string{"compressed with gzip", ".gz"}},
		{"a sheet of Excel", "PK\x03\x04\x14", []duck.ReadOption{duck.Encoding("latin-1")}, []string{"ZIP", "save the sheet as CSV"}},
		{"a pointer", "version https://git-lfs", nil, []string{"t.csv: this is a Git LFS pointer"}},
		{"a page", "<!DOCTYPE html>\n<title>Log in</title>\n", nil, []string{"t.csv: this is a web page"}},
		{"Parquet", "PAR1\x15", nil, []string{".parquet"}},
		{"a name with a NUL", "a\x00,b\n1,2\n", nil, []string{`column 1`, `"a\x00"`, "Columns"}},
		{"an empty name", "a,b\n1,2\n", []duck.ReadOption{duck.Columns("x", "")}, []string{"column 2", `""`}},
		{"a format that is none", "a\n1\n", []duck.ReadOption{duck.DateFormat("a", "%")}, []string{"format"}},
		{"a long delimiter", "a::b\n", []duck.ReadOption{duck.Delimiter("::")}, []string{`Delimiter("::")`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := open(t)
			_, err := db.Read("t", write(t, "t.csv", c.content), c.opts...)
			wantError(t, err, c.want...)
			if _, err := db.Query("FROM t"); err == nil {
				t.Error("there is a table beside the error")
			}
		})
	}
}

func TestReadMissing(t *testing.T) {
	path := write(t, "train.csv", "a\n1\n")
	dir := filepath.Dir(path)
	report, err := open(t).Read("t", filepath.Join(dir, "tran.csv"))
	if report.String() != "t: 0 rows of 0 columns from no file" {
		t.Errorf("report %q", report)
	}
	wantError(t, err, "no file "+filepath.Join(dir, "tran.csv"), "train.csv")
	_, err = open(t).Read("t", filepath.Join(dir, "*.parquet"))
	wantError(t, err, "no file", "train.csv")
	_, err = open(t).Read("t", filepath.Join(dir, "no", "train.csv"))
	wantError(t, err, "there is no folder")
	_, err = open(t).Read("t", dir)
	wantError(t, err, "is a folder", "*.csv")
}

// Bad lines are left out where that is asked for; the report counts and names them, also those that a type does not fit.
func TestReadSkipsBad(t *testing.T) {
	table, report := read(t, "a,b\n1,2\n3\n\n4,5,6\nx,7\n8,\"y\"z\n9,10\n", duck.SkipBad(true), duck.Type("a", "BIGINT"))
	if got := column(table.Column("a")); got != printed([]float64{1, 9}) {
		t.Errorf("a = %s", got)
	}
	var lines []int
	for _, b := range report.Skipped {
		lines = append(lines, b.Line)
		if filepath.Base(b.Path) != "t.csv" || b.Reason == "" {
			t.Errorf("bad line %+v", b)
		}
	}
	if want := []int{3, 5, 6, 7}; !reflect.DeepEqual(lines, want) || report.RowsIn != 6 {
		t.Errorf("lines %v of %d are bad (want %v of 6)", lines, report.RowsIn, want)
	}
	for _, part := range []string{"t: 2 rows of 2 columns", "4 of 6 left out", "t.csv:3:"} {
		if !strings.Contains(report.String(), part) {
			t.Errorf("%s (want %q in it)", report, part)
		}
	}
}

// A record that lies across the parts in which a file is looked at is whole.
func TestReadLong(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,text\r\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "%d,\"%s\n\"\"%d\"\"\"\r\n", i, strings.Repeat("ä", i%997), i)
	}
	table, _ := read(t, b.String())
	for i, text := range table.Column("text").Texts {
		if want := fmt.Sprintf("%s\n\"%d\"", strings.Repeat("ä", i%997), i); text != want || table.Column("id").Numbers[i] != float64(i) {
			t.Fatalf("row %d: %q (want %q)", i, text, want)
		}
	}
	if table.Len() != 3000 {
		t.Errorf("%d rows (want 3000)", table.Len())
	}
}

func TestReadSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"1.csv": "a,b\n1,2\n", "2.csv": "a,b\n3,4.5\n5,6\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t)
	report, err := db.Read("t", filepath.Join(dir, "*.csv"))
	if err != nil || report.RowsIn != 3 || report.RowsOut != 3 || len(report.Paths) != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	if got := column(query(t, db, "SELECT b FROM t ORDER BY b").Column("b")); got != printed([]float64{2, 4.5, 6}) {
		t.Errorf("b = %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "3.csv"), []byte("b,a\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = db.Read("t", filepath.Join(dir, "*.csv"))
	wantError(t, err, "3.csv has the columns b, a", "a, b")
}

// The path of a file that is there means this file, also where DuckDB would take its name for a pattern and read another.
func TestReadNameLikeAPattern(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"a[1].csv": "v\n1\n", "a1.csv": "v\n2\n", "b*.csv": "v\n3\n", "bb.csv": "v\n4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t)
	for name, want := range map[string]float64{"a[1].csv": 1, "a1.csv": 2, "b*.csv": 3} {
		if _, err := db.Read("t", filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
		if got := query(t, db, "FROM t").Column("v").Numbers; !reflect.DeepEqual(got, []float64{want}) {
			t.Errorf("%s holds %v, want %g", name, got, want)
		}
	}
}

// Reads at the same time don't mix up the lines that they leave out.
func TestReadsAtOnce(t *testing.T) {
	db := open(t)
	var wait sync.WaitGroup
	for i := range 8 {
		path := write(t, "t.csv", "a,b\n"+strings.Repeat("1,2\n", 5000)+strings.Repeat("1,2,3\n", i))
		wait.Go(func() {
			report, err := db.Read(fmt.Sprintf("t%d", i), path, duck.SkipBad(true))
			if err != nil || len(report.Skipped) != i || report.RowsOut != 5000 {
				t.Errorf("file %d: %d rows, %d bad lines, %v", i, report.RowsOut, len(report.Skipped), err)
			}
		})
	}
	wait.Wait()
}

func TestReadGzip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	fmt.Fprint(z, "a,b\n1,x\n")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if report, err := open(t).Read("t", path); err != nil || report.RowsOut != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A compressed file that is cut off is an error: what is left of it must not pass for the whole.
func TestReadGzipCutOff(t *testing.T) {
	var whole bytes.Buffer
	z := gzip.NewWriter(&whole)
	for i := range 100_000 {
		fmt.Fprintf(z, "%d,x\n", i*i)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5, whole.Len() / 2, whole.Len() - 9, whole.Len() - 1} {
		_, err := open(t).Read("t", write(t, "t.csv.gz", whole.String()[:n]))
		wantError(t, err, "t.csv.gz", "unexpected EOF")
	}
	_, err := open(t).Read("t", write(t, "t.csv.gz", "a,b\n1,2\n3,4\n"))
	wantError(t, err, "t.csv.gz", "without .gz")
}

func TestReadNameNotUTF8(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t\xfc.csv")
	if err := os.WriteFile(path, []byte("a\n1\n"), 0o600); err != nil {
		t.Skip(err) // a file system that has no such names
	}
	_, err := open(t).Read("t", path)
	wantError(t, err, `t\xfc.csv`, "not UTF-8")
}

// Zeros before a number are lost, but not silently.
func TestReadLeadingZeros(t *testing.T) {
	content := "zip,n,s\n01234,0,01\n501,-10,x\n"
	_, report := read(t, content)
	if len(report.Notes) != 1 || !strings.Contains(report.String(), `zip has leading zeros, which a number loses; Type("zip", "VARCHAR") keeps them`) {
		t.Errorf("%q", report)
	}
	if table, report := read(t, content, duck.Type("zip", "VARCHAR")); len(report.Notes) > 0 || table.Column("zip").Texts[0] != "01234" {
		t.Errorf("%q of %q", table.Column("zip").Texts, report)
	}
	if _, report := read(t, "d\n01022014\n", duck.DateFormat("d", "%d%m%Y")); len(report.Notes) > 0 {
		t.Errorf("a date: %q", report)
	}
}

// A table needs a name, and a JSON file something in it.
func TestReadNothing(t *testing.T) {
	_, err := open(t).Read("", write(t, "t.csv", "a\n1\n"))
	wantError(t, err, "no name")
	_, err = open(t).Read("t", write(t, "t.jsonl", ""))
	wantError(t, err, "t.jsonl is empty")
}

// Dates of a format may be missing.
func TestReadDateFormatMissing(t *testing.T) {
	table, _ := read(t, "d,x\n31.12.2014,1\n,2\n", duck.DateFormat("d", "%d.%m.%Y"))
	if d := table.Column("d"); d.Type != "DATE" || d.IsMissing(0) || !d.IsMissing(1) {
		t.Errorf("%+v", d)
	}
}

func TestReadOtherFormats(t *testing.T) {
	db := open(t)
	dir := t.TempDir()
	for _, name := range []string{"t.parquet", "t.csv", "t.json"} {
		path := filepath.Join(dir, name)
		if err := db.Write("SELECT i AS a, 'x' || i AS b FROM range(3000) r(i)", path); err != nil {
			t.Fatal(err)
		}
		report, err := db.Read("t", path, duck.Type("a", "INTEGER"), duck.Columns("a", "c"))
		if err != nil || report.RowsIn != 3000 || report.RowsOut != 3000 {
			t.Fatalf("%s: %+v, %v", name, report, err)
		}
		table := query(t, db, "FROM t")
		if got := columnTypes(table); got != "a INTEGER, c VARCHAR" || table.Column("c").Texts[2999] != "x2999" {
			t.Errorf("%s: %s, %q", name, got, table.Column("c").Texts[2999])
		}
	}
	for name, content := range map[string]string{"bad.parquet": "no parquet", "bad.json": `{"a": `} {
		_, err := db.Read("t", write(t, name, content))
		wantError(t, err, "duck: Read:", name)
	}
}

func TestReadJSON(t *testing.T) {
	db := open(t)
	if _, err := db.Read("t", write(t, "t.jsonl", "{\"a\": 1, \"b\": {\"c\": [1]}}\n{\"a\": 2.5}\n")); err != nil {
		t.Fatal(err)
	}
	if got := column(query(t, db, "SELECT a FROM t").Column("a")); got != printed([]float64{1, 2.5}) {
		t.Errorf("a = %s", got)
	}
	_, err := db.Query("FROM t")
	wantError(t, err, `column "b" is a struct`)
}
