package duck_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// reference is what pandas says (testdata/features.py).
type reference struct {
	Dates             []string
	Parts             map[string][]float64
	Date              []string
	Store, Promo      []float64
	Since, Until      []*float64
	Backward, Forward []float64
}

func pandas(t testing.TB) (r reference) {
	t.Helper()
	content, err := os.ReadFile("testdata/features.json")
	if err == nil {
		err = json.Unmarshal(content, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func create(t testing.TB, db *duck.DB, name string, columns ...tabular.Column) {
	t.Helper()
	table, err := tabular.NewTable(columns...)
	if err == nil {
		err = db.Create(name, table)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestDateParts(t *testing.T) {
	r, db := pandas(t), open(t)
	create(t, db, "t", tabular.Texts("saleDate", r.Dates))
	table := query(t, db, "SELECT "+duck.DateParts("saleDate", duck.Clock(true))+" FROM t")
	want := []string{"saleYear", "saleMonth", "saleWeek", "saleDay", "saleDayofweek", "saleDayofyear", "saleIs_month_end", "saleIs_month_start",
		"saleIs_quarter_end", "saleIs_quarter_start", "saleIs_year_end", "saleIs_year_start", "saleHour", "saleMinute", "saleSecond", "saleElapsed"}
	if !slices.Equal(table.Names(), want) || len(r.Parts) != len(want) {
		t.Fatalf("columns %q (want %q)", table.Names(), want)
	}
	for _, c := range table.Columns() {
		for i, want := range r.Parts[c.Name[len("sale"):]] {
			if c.Numbers[i] != want {
				t.Errorf("%s of %s = %v (want %v)", c.Name, r.Dates[i], c.Numbers[i], want)
			}
		}
	}
}

type fastaiDate struct {
	Date   *string
	Values []any
}

// The same as fastai's own add_datepart, on dates at the edges of months, quarters, years and weeks.
func TestDatePartsOfFastai(t *testing.T) {
	var fastai struct {
		Field string
		Parts []string
		Rows  []fastaiDate
	}
	content, err := os.ReadFile("../../../testdata/fastai_datepart.json")
	if err == nil {
		err = json.Unmarshal(content, &fastai)
	}
	if err != nil {
		t.Fatal(err)
	}
	fastai.Rows = slices.DeleteFunc(fastai.Rows,
		func(r fastaiDate) bool { return r.Date == nil }) // pandas has no bool for it; see TestDatePartsOfTypes
	dates, numbers := make([]string, len(fastai.Rows)), make([]float64, len(fastai.Rows))
	for n, row := range fastai.Rows {
		dates[n], numbers[n] = *row.Date, float64(n)
	}
	db, compared := open(t), 0
	create(t, db, "t", tabular.Texts(fastai.Field, dates), tabular.Numbers("n", numbers))
	table := query(t, db, "SELECT "+duck.DateParts(fastai.Field, duck.Clock(true))+" FROM t ORDER BY n")
	if !slices.Equal(table.Names(), fastai.Parts) {
		t.Fatalf("columns %q (want %q)", table.Names(), fastai.Parts)
	}
	for n, row := range fastai.Rows {
		for i, want := range row.Values {
			if got := table.Columns()[i].Numbers[n]; fmt.Sprint(got) != fmt.Sprint(number(want)) {
				t.Errorf("%s of %s = %v (want %v)", fastai.Parts[i], *row.Date, got, want)
			}
			compared++
		}
	}
	if compared < 16*60 {
		t.Errorf("%d values compared", compared)
	}
}

// number is a value of JSON as a column has it.
func number(v any) any {
	switch v {
	case true:
		return 1.
	case false:
		return 0.
	}
	return v
}

// All ways to hold a date give the same parts; missing dates give missing ones.
func TestDatePartsOfTypes(t *testing.T) {
	db := open(t)
	for _, sql := range []string{"DATE '2014-03-31'", "TIMESTAMP '2014-03-31 00:00'", "TIMESTAMP_S '2014-03-31 00:00:00'", "'2014-03-31'",
		"TIMESTAMPTZ '2014-03-31 00:00:00+00'"} {
		table := query(t, db, "SELECT "+duck.DateParts("day", duck.Prefix("p_"))+" FROM (SELECT "+sql+" AS day UNION ALL SELECT NULL)")
		got := ""
		for _, c := range table.Columns() {
			got += fmt.Sprintf("%s %v ", c.Name, c.Numbers[0])
			if !c.IsMissing(1) {
				t.Errorf("%s: %s of NULL is %v", sql, c.Name, c.Numbers[1])
			}
		}
		if want := "p_Year 2014 p_Month 3 p_Week 14 p_Day 31 p_Dayofweek 0 p_Dayofyear 90 p_Is_month_end 1 p_Is_month_start 0 " +
			"p_Is_quarter_end 1 p_Is_quarter_start 0 p_Is_year_end 0 p_Is_year_start 0 p_Elapsed 1.396224e+09 "; got != want {
			t.Errorf("%s: %s (want %s)", sql, got, want)
		}
	}
}

func TestDatePartsRefuses(t *testing.T) {
	db := open(t)
	for sql, value := range map[string]string{"'13/01/2014'": "13/01/2014", "unnest(['2014-01-13', 'Jan 13'])": "Jan 13", "20140113": "20140113", "true": "true"} {
		_, err := db.Query("SELECT " + duck.DateParts("sold") + " FROM (SELECT " + sql + " AS sold)")
		wantError(t, err, `column "sold" has `+value, "no date", "duck.DateFormat")
	}
	for _, value := range []string{ // of which DuckDB's cast drops what follows the seconds, or counts it
		"2024-03-31 00:30:00+02:00:00", "2024-03-31 00:30:00+99:00", "2024-03-31 00:30:00+02:75", "2024-03-31 (BC)",
	} {
		_, err := db.Query("SELECT " + duck.DateParts("sold") + " FROM (SELECT '" + value + "' AS sold)")
		wantError(t, err, `column "sold" has `+value, "no date", "duck.DateFormat")
	}
	if err := db.Exec("CREATE TABLE t AS SELECT DATE '2014-01-13' AS " + duck.Ident(`"; DROP TABLE t; --'%s`)); err != nil {
		t.Fatal(err)
	}
	table := query(t, db, "SELECT *, "+duck.DateParts(`"; DROP TABLE t; --'%s`)+" FROM t")
	if name := table.Names()[1]; name != `"; DROP TABLE t; --'%sYear` {
		t.Errorf("SQL in a name became %q", name)
	}
}

func TestWindows(t *testing.T) {
	r, db := pandas(t), open(t)
	days := make([]time.Time, len(r.Date))
	row := make([]float64, len(r.Date))
	for i, d := range r.Date {
		day, err := time.Parse(time.DateOnly, d)
		if err != nil {
			t.Fatal(err)
		}
		days[i], row[i] = day, float64(i)
	}
	create(t, db, "t", tabular.Numbers("row", row), tabular.Numbers("Store", r.Store), tabular.Times("Date", days), tabular.Numbers("Promo", r.Promo))
	table := query(t, db, "SELECT "+duck.Since("Promo = 1", "Store", "Date")+" AS since, "+duck.Until("Promo = 1", "Store", "Date")+" AS until, "+
		duck.Backward("Promo", 7, "Store", "Date")+" AS backward, "+duck.Forward("Promo", 7, "Store", "Date")+" AS forward FROM t ORDER BY row")
	for name, want := range map[string][]float64{"since": orNaN(r.Since), "until": orNaN(r.Until), "backward": r.Backward, "forward": r.Forward} {
		for i, got := range table.Column(name).Numbers {
			if got != want[i] && !(math.IsNaN(got) && math.IsNaN(want[i])) {
				t.Errorf("%s of store %v on %s = %v (want %v)", name, r.Store[i], r.Date[i], got, want[i])
			}
		}
	}
}

func orNaN(values []*float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		if out[i] = math.NaN(); v != nil {
			out[i] = *v
		}
	}
	return out
}
