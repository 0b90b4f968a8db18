package duck_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

// asRead reads a CSV file and returns what it was read as.
func asRead(file string, opts ...duck.ReadOption) duck.Report {
	dir := nb.Must(os.MkdirTemp("", "duck"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "file.csv")
	nb.Check(os.WriteFile(path, []byte(file), 0o600))
	db := nb.Must(duck.Open())
	defer db.Close()
	report := nb.Must(db.Read("t", path, opts...))
	fmt.Print(nb.Must(db.Query("FROM t")))
	return report
}

func ExampleNoHeader() {
	report := asRead("7\tsoup\n8\tcake\n", duck.NoHeader("id", "dish"))
	fmt.Println(report.Columns)
	// Output:
	// id  dish
	//  7  soup
	//  8  cake
	// 2 rows, 2 columns
	// [id BIGINT dish VARCHAR]
}

// The report names what keeps a column from being numbers, and the option that mends it.
func ExampleReport() {
	var report duck.Report = asRead("zip,price\n01067,NA\n89073,2.5\n80331,3\n10115,4\n")
	for _, note := range report.Notes {
		fmt.Println(note)
	}
	// Output:
	//   zip  price
	//  1067  NA
	// 89073  2.5
	// 80331  3
	// 10115  4
	// 4 rows, 2 columns
	// zip has leading zeros, which a number loses; Type("zip", "VARCHAR") keeps them
	// price is text in 1 of 4 rows only: NA; NullStrings("NA") reads them as missing
}

func ExampleType() {
	asRead("zip,price\n01067,NA\n89073,2.5\n", duck.Type("zip", "VARCHAR"), duck.NullStrings("NA"))
	// Output:
	// zip    price
	// 01067
	// 89073    2.5
	// 2 rows, 2 columns
}

func ExampleDateFormat() {
	report := asRead("sold\n31.12.2025\n01.01.2026\n", duck.DateFormat("sold", "%d.%m.%Y"))
	fmt.Println(report.Columns)
	// Output:
	// sold
	// 2025-12-31
	// 2026-01-01
	// 2 rows, 1 columns
	// [sold DATE]
}

func ExampleEncoding() {
	asRead("town\nM\xfcnchen\n", duck.Encoding("latin-1"))
	// Output:
	// town
	// München
	// 1 rows, 1 columns
}

// A file whose quotes are letters like others.
func ExampleQuote() {
	asRead("size,note\n5,5\" wide\n", duck.Quote(""))
	// Output:
	// size  note
	//    5  5" wide
	// 1 rows, 2 columns
}

// A moment's parts, those of the clock too, under names of one's own.
func ExamplePrefix() {
	db := nb.Must(duck.Open())
	defer db.Close()
	table := nb.Must(db.Query("SELECT " + duck.DateParts("t", duck.Prefix("sold"), duck.Clock(true)) +
		" FROM (SELECT TIMESTAMP '2026-03-01 15:04:05' AS t)"))
	for _, name := range []string{"soldYear", "soldHour", "soldMinute", "soldSecond"} {
		fmt.Print(table.Column(name).Numbers[0], " ")
	}
	// Output: 2026 15 4 5
}
