package duck_test

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// amounts is a CSV file of a column of 400 amounts, each as written says.
func amounts(written func(i int) string) string {
	var b strings.Builder
	b.WriteString("amount,y\n")
	for i := range 400 {
		fmt.Fprintf(&b, "%q,%d\n", written(i), i%2)
	}
	return b.String()
}

// A column of numbers that a few odd values make text is named, with the option that reads it; and the option does.
func TestReadNotesOddValues(t *testing.T) {
	odd := func(word string) func(int) string {
		return func(i int) string {
			if i%97 == 5 {
				return word
			}
			return fmt.Sprint(50 + i%90)
		}
	}
	for name, c := range map[string]struct {
		written func(int) string
		note    string
		opts    []duck.ReadOption
		sqlType string
		first   float64 // the number of row 5
	}{
		"NA": {odd("NA"), `amount is text in 5 of 400 rows only: NA; NullStrings("NA") reads them as missing`,
			[]duck.ReadOption{duck.NullStrings("NA")}, "BIGINT", math.NaN()},
		"a word": {odd("free"), `amount is text in 5 of 400 rows only: free; NullStrings("free") reads them as missing`,
			[]duck.ReadOption{duck.NullStrings("free")}, "BIGINT", math.NaN()},
		"dollars": {odd("$7.5"), `Units("$") reads them`, []duck.ReadOption{duck.Units("$")}, "DOUBLE", 7.5},
		"thousands": {func(i int) string { return fmt.Sprintf("%d,%03d", 1+i/50, i%50) },
			`amount is text, though its 400 values are numbers, such as 1,000; Thousands(",") reads them`,
			[]duck.ReadOption{duck.Thousands(",")}, "BIGINT", 1005},
		"decimal comma": {func(i int) string { return fmt.Sprintf("%d,%d", i%60, i%10) },
			`amount is text, though its 400 values are numbers, such as 0,0; Decimal(",") reads them`,
			[]duck.ReadOption{duck.Decimal(",")}, "DOUBLE", 5.5},
		"as in Germany": {func(i int) string { return fmt.Sprintf("-%d.%03d,%d €", 1+i, i%50, i%10) },
			`Thousands(".") with Decimal(",") with Units("€") reads them`,
			[]duck.ReadOption{duck.Thousands("."), duck.Decimal(","), duck.Units("€")}, "DOUBLE", -6005.5},
		"per cent": {func(i int) string { return fmt.Sprintf("%d %%", i) }, `Units("%") reads them`,
			[]duck.ReadOption{duck.Units("%")}, "BIGINT", 5},
	} {
		t.Run(name, func(t *testing.T) {
			content := amounts(c.written)
			table, report := read(t, content)
			if got := table.Column("amount").Type; got != "VARCHAR" || len(report.Notes) != 1 ||
				!strings.Contains(report.String(), c.note) {
				t.Errorf("%s, %q (want a note %q)", got, report.Notes, c.note)
			}
			table, report = read(t, content, c.opts...)
			amount := table.Column("amount")
			if got := amount.Numbers; amount.Type != c.sqlType || len(report.Notes) > 0 || len(got) != 400 ||
				got[5] != c.first && !math.IsNaN(c.first) || math.IsNaN(c.first) != amount.IsMissing(5) {
				t.Errorf("%s: %v, %q (want %s, %g)", amount.Type, got[:min(6, len(got))], report.Notes, c.sqlType, c.first)
			}
		})
	}
}

// A plus and tabs make a number no text, as pandas has it; unbreakable spaces are a unit.
func TestReadNumbersAsTheyCome(t *testing.T) {
	for content, opts := range map[string][]duck.ReadOption{
		"a\n+5\n-7\n":             nil,
		"a\n\"5\t\"\n\"\t-7 \"\n": nil,
		"a\n5\u00a0\n\u00a0-7\n":  {duck.Units("\u00a0")},
	} {
		table, report := read(t, content, opts...)
		if a := table.Column("a"); !slices.Equal(a.Numbers, []float64{5, -7}) || len(report.Notes) > 0 {
			t.Errorf("%q: %s %v %q %q", content, a.Type, a.Numbers, a.Texts, report.Notes)
		}
	}
}

// What the options don't say of a number is refused, whatever the file.
func TestReadStyleRefuses(t *testing.T) {
	csv := "a\n\"1,000\"\n12 people\n"
	for _, c := range []struct {
		opts []duck.ReadOption
		want string
	}{
		{[]duck.ReadOption{duck.Thousands(","), duck.Type("a", "DOUBLE")},
			`column "a" has 12 people, which is no number as Thousands, Decimal and Units say`},
		{[]duck.ReadOption{duck.Thousands(".")}, `Thousands(".") is the decimal sign, too`},
		{[]duck.ReadOption{duck.Decimal("::")}, `Decimal("::")`},
		{[]duck.ReadOption{duck.Units("5")}, `Units: "5"`},
	} {
		_, err := open(t).Read("t", write(t, "t.csv", csv), c.opts...)
		wantError(t, err, c.want)
	}
}

// Dates that are not year-month-day are named with the format that reads them.
func TestReadNotesDates(t *testing.T) {
	_, report := read(t, "d,e,f\n13/01/2014,2014-01-02,2014-01-02 10:00:00+02:00\n02/03/2014,NULL,2014-01-02 10:00:00\n04/05/2014,2014-01-03,2014-01-02 10:00:00Z\n")
	want := []string{`d is text, though its 3 values are dates, such as 02/03/2014; DateFormat("d", "%d/%m/%Y") reads them`,
		`e is text in 1 of 3 rows only: NULL; NullStrings("NULL") reads them as missing`,
		`f is text: its times have an offset from UTC in 2 of 3 rows, and none in others; DateParts takes those for UTC`}
	if !slices.Equal(report.Notes, want) {
		t.Errorf("%q, want %q", report.Notes, want)
	}
}

// Texts of JSON and Parquet files are looked at as those of CSV files are; a text of such a file becomes a number by
// Type.
func TestReadNotesTypedFiles(t *testing.T) {
	dir := t.TempDir()
	db := open(t)
	for _, name := range []string{"t.parquet", "t.jsonl"} {
		path := filepath.Join(dir, name)
		if err := db.Write("SELECT CASE WHEN i = 7 THEN 'NA' ELSE CAST(i / 2 AS VARCHAR) END AS a, '1,' || (100 + i) AS b, CAST(i AS VARCHAR) AS c FROM range(40) r(i)", path); err != nil {
			t.Fatal(err)
		}
		report, err := db.Read("t", path)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{`a is text in 1 of 40 rows only: NA; NullStrings("NA") with Type("a", "DOUBLE") reads them as missing`,
			`b is text, though its 40 values are numbers, such as 1,100; Thousands(",") with Type("b", "BIGINT") reads them (Decimal(",") if the comma is a decimal one)`,
			`c is text, though its 40 values are numbers, such as 0; Type("c", "BIGINT") reads them`}
		if !slices.Equal(report.Notes, want) {
			t.Errorf("%s: %q, want %q", name, report.Notes, want)
		}
		report, err = db.Read("t", path, duck.NullStrings("NA"), duck.Thousands(","),
			duck.Type("a", "DOUBLE"), duck.Type("b", "BIGINT"), duck.Type("c", "BIGINT"))
		if err != nil || len(report.Notes) > 0 {
			t.Fatal(err, report.Notes)
		}
		table := query(t, db, "FROM t")
		if got := fmt.Sprint(columnTypes(table), " ", table.Column("a").IsMissing(7), table.Column("a").Numbers[9],
			table.Column("b").Numbers[1]); got != "a DOUBLE, b BIGINT, c BIGINT true 4.5 1101" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// JSON's numbers and texts in one column are the texts themselves; dates are those of the one rule, none is guessed.
func TestReadJSONTexts(t *testing.T) {
	db := open(t)
	path := write(t, "t.jsonl", `{"a": 1, "d": "2014-02-01", "e": "01-02-2014", "z": "2024-03-31T00:30:00+02:00"}
{"a": "NA", "d": "2014-02-03", "e": "03-02-2014", "z": "2024-03-30T22:30:00Z"}
{"a": 2.5, "d": null, "e": "13-02-2014", "z": "2024-03-30 17:30:00-0500"}
`)
	report, err := db.Read("t", path)
	if err != nil {
		t.Fatal(err)
	}
	table := query(t, db, "FROM t")
	if got := columnTypes(table); got != "a VARCHAR, d DATE, e VARCHAR, z TIMESTAMPTZ" ||
		!slices.Equal(table.Column("a").Texts, []string{"1", "NA", "2.5"}) {
		t.Errorf("%s, %q", got, table.Column("a").Texts)
	}
	instant := time.Date(2024, 3, 30, 22, 30, 0, 0, time.UTC)
	if z := table.Column("z").Times; !slices.Equal(z, []time.Time{instant, instant, instant}) {
		t.Errorf("z = %v", z)
	}
	for _, part := range []string{"a is text in 1 of 3 rows only: NA", `DateFormat("e", "%d-%m-%Y")`, "z has offsets from UTC"} {
		if !strings.Contains(report.String(), part) {
			t.Errorf("%s\nwant %q in it", report, part)
		}
	}
}

// One moment has the same parts however its offset is written, in a column of moments and in one of texts.
func TestDatePartsOffsets(t *testing.T) {
	db := open(t)
	parts := duck.DateParts("t", duck.Clock(true))
	for _, content := range []string{
		"t\n2024-03-31 00:30:00+02:00\n2024-03-30 22:30:00+00:00\n2024-03-30 17:30:00-05:00\n",
		"t\n2024-03-31 00:30:00+02:00\n2024-03-30 22:30:00Z\n2024-03-30 17:30:00-0500\n",
		"t\n2024/03/30T22:30UTC\n2024-03-31 04:00:00.000 +05:30\n2024-03-30 17:30:00-05\n",
	} {
		path := write(t, "t.csv", content)
		for as, opts := range map[string][]duck.ReadOption{"": nil, "VARCHAR": {duck.Type("t", "VARCHAR")},
			"TIMESTAMP": {duck.Type("t", "TIMESTAMP")}, "TIMESTAMPTZ": {duck.Type("t", "TIMESTAMPTZ")}} {
			if _, err := db.Read("t", path, opts...); err != nil {
				t.Fatal(err)
			}
			table := query(t, db, "SELECT "+parts+" FROM t")
			for name, want := range map[string]float64{"tDay": 30, "tHour": 22, "tMinute": 30, "tElapsed": 1711837800} {
				if got := table.Column(name).Numbers; !slices.Equal(got, []float64{want, want, want}) {
					t.Errorf("%q as %v: %s = %.0f (want %.0f)", content, as, name, got, want)
				}
			}
		}
	}
	_, report := read(t, "t\n2024-03-31 00:30:00+02:00\n")
	if len(report.Notes) != 1 || report.Notes[0] != `t has offsets from UTC: its times are UTC's; in SQL, timezone('Europe/Berlin', "t") makes them local ones` {
		t.Errorf("%q", report.Notes)
	}
	local := query(t, db, `SELECT `+parts+` FROM (SELECT timezone('Europe/Berlin', TIMESTAMPTZ '2024-03-30 23:30:00+00') AS t)`)
	if day, hour := local.Column("tDay").Numbers[0], local.Column("tHour").Numbers[0]; day != 31 || hour != 0 {
		t.Errorf("in Berlin it is day %g, hour %g", day, hour)
	}
	_, err := db.Query("SELECT " + parts + " FROM (SELECT unnest(['2024-03-30 22:30:00 EST', '2024-03-30']) AS t)")
	wantError(t, err, `column "t" has 2024-03-30 22:30:00 EST`)
}

// The offset of DateFormat counts, too, and SkipBad does not lose one.
func TestReadOffsetsByOptions(t *testing.T) {
	instant := time.Date(2024, 3, 30, 22, 30, 0, 0, time.UTC)
	table, report := read(t, "t\n31.03.2024 00:30 +0200\n", duck.DateFormat("t", "%d.%m.%Y %H:%M %z"))
	if got := table.Column("t").Times[0]; got != instant || len(report.Notes) != 1 {
		t.Errorf("%v, %q", got, report.Notes)
	}
	_, err := open(t).Read("t", write(t, "t.csv", "t\n2024-03-31 00:30:00+02:00\nx\n"), duck.Type("t", "TIMESTAMP"),
		duck.SkipBad(true))
	wantError(t, err, `column "t" has offsets from UTC`, `Type("t", "TIMESTAMPTZ")`)
}

// Names that SQL can't hold are refused; texts are kept byte for byte.
func TestCreateOddNames(t *testing.T) {
	db := open(t)
	texts := []string{"a\x00b", "", "NaN", "x/../y", strings.Repeat("long ", 1000), "\ufeff"}
	create(t, db, "t", tabular.Texts("a \"name\"/\n", texts))
	if got := query(t, db, "FROM t").Column("a \"name\"/\n").Texts; !slices.Equal(got, texts) {
		t.Errorf("%q", got)
	}
	for _, name := range []string{"a\x00b", "a\xff"} {
		table := tableOf(t, tabular.Texts(name, texts))
		wantError(t, db.Create("t", table), fmt.Sprintf("%q", name), "rename")
	}
}

func tableOf(t *testing.T, c tabular.Column) *tabular.Table {
	t.Helper()
	table, err := tabular.NewTable(c)
	if err != nil {
		t.Fatal(err)
	}
	return table
}
