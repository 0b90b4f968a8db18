package duck_test

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// A table goes into the database and comes back as it was, with missing values in each column and more rows than a chunk has.
func TestCreate(t *testing.T) {
	const rows = 5001
	numbers, whole, bools, texts := make([]float64, rows), make([]float64, rows), make([]float64, rows), make([]string, rows)
	days, moments, missing := make([]time.Time, rows), make([]time.Time, rows), make([]bool, rows)
	for i := range rows {
		if missing[i] = i%7 == 3; missing[i] {
			numbers[i], whole[i], bools[i] = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		numbers[i], whole[i], bools[i] = float64(i)/3, float64(i-2000), float64(i%2)
		texts[i] = "text \"'; ä" + string(rune('a'+i%20))
		days[i] = time.Date(1960, 1, 1+i, 0, 0, 0, 0, time.UTC)
		moments[i] = time.Date(1969, 12, 31, 0, 0, i*60, 123000, time.UTC)
	}
	in, err := tabular.NewTable(
		tabular.Column{Name: "x", Type: "DOUBLE", Numbers: numbers, Missing: missing},
		tabular.Column{Name: "n", Type: "BIGINT", Numbers: whole, Missing: missing},
		tabular.Column{Name: "b", Kind: tabular.Bool, Type: "BOOLEAN", Numbers: bools, Missing: missing},
		tabular.Column{Name: `t"; --`, Kind: tabular.Text, Type: "VARCHAR", Texts: texts, Missing: missing},
		tabular.Column{Name: "day", Kind: tabular.Time, Type: "DATE", Times: days, Missing: missing},
		tabular.Column{Name: "moment", Kind: tabular.Time, Type: "TIMESTAMP", Times: moments, Missing: missing},
	)
	if err != nil {
		t.Fatal(err)
	}
	db := open(t)
	for range 2 { // the second replaces the first
		if err := db.Create("a table", in); err != nil {
			t.Fatal(err)
		}
	}
	out := query(t, db, `FROM "a table"`)
	if out.Len() != rows || !reflect.DeepEqual(out.Names(), in.Names()) {
		t.Fatalf("%d rows of %q", out.Len(), out.Names())
	}
	for i, want := range in.Columns() {
		got := out.Columns()[i]
		if column(&got) != column(&want) || !reflect.DeepEqual(got.Missing, missing) || got.Type != want.Type {
			t.Errorf("%s is not what it was", want.Name)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	db := open(t)
	for want, columns := range map[string][]tabular.Column{
		`can't tell the columns "a" and "A" apart`: {tabular.Numbers("a", []float64{1}), tabular.Numbers("A", []float64{1})},
		`row 1: "\xff" is not UTF-8`:               {tabular.Texts("a", []string{"x", "\xff"})},
		"without columns":                          nil,
	} {
		table, err := tabular.NewTable(columns...)
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, db.Create("t", table), "duck: Create:", want)
	}
	wantError(t, db.Create("t", nil), "duck: Create:", "without columns")
}

// A comment at the end of a query does not swallow what follows it.
func TestWriteAfterComment(t *testing.T) {
	db := open(t)
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := db.Write("SELECT 7 AS a -- lucky", path); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "a\n7\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	db := open(t)
	wantError(t, db.Write("SELECT 1", "t.xlsx"), "duck: Write:", ".parquet")
	wantError(t, db.Write("SELECT 1", filepath.Join(t.TempDir(), "no", "t.csv")), "duck: Write:")
	path := write(t, "t.csv", "what was there")
	wantError(t, db.Write("SELECT x", path), "x")
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("files %q are left (want t.csv alone)", left)
	}
	_, err = db.Read("t", path, duck.NoHeader("a"))
	if got := column(query(t, db, "FROM t").Column("a")); err != nil || got != printed([]string{"what was there"}) {
		t.Errorf("the file is now %s, %v", got, err)
	}
}
