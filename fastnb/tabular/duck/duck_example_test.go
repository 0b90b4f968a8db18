package duck_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

func Example() {
	dir, _ := os.MkdirTemp("", "duck")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "sales.csv")
	os.WriteFile(path, []byte("store,date,sales\n1,2014-08-01,5263\n2,2014-08-01,\n1,2014-08-02,6064\n"), 0o600)

	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if _, err := db.Read("sales", path); err != nil {
		fmt.Println(err)
	}
	table, err := db.Query("SELECT store, sum(sales) AS total, max(date) AS last FROM sales GROUP BY store ORDER BY store")
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range table.Len() {
		total := table.Column("total")
		fmt.Println(table.Column("store").Numbers[i], total.Numbers[i], total.IsMissing(i), table.Column("last").Times[i].Format("Jan 2"))
	}
	// Output:
	// 1 11327 false Aug 2
	// 2 NaN true Aug 1
}

// run shows the result of an expression over a table of five days.
func run(expression string) {
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if err := db.Exec("CREATE TABLE days AS SELECT 1 AS store, DATE '2014-08-01' + i::INTEGER AS day, i IN (1, 3) AS promo FROM range(5) r(i)"); err != nil {
		fmt.Println(err)
	}
	table, err := db.Query("SELECT " + expression + " AS x FROM days ORDER BY day")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Column("x").Numbers)
}

func ExampleSince() {
	run(duck.Since("promo", "store", "day"))
	// Output: [NaN 0 1 0 1]
}

func ExampleUntil() {
	run(duck.Until("promo", "store", "day"))
	// Output: [-1 0 -1 0 NaN]
}

func ExampleBackward() {
	run(duck.Backward("promo::INTEGER", 3, "store", "day"))
	// Output: [0 1 1 2 1]
}

func ExampleForward() {
	run(duck.Forward("promo::INTEGER", 3, "store", "day"))
	// Output: [1 2 1 1 0]
}

func ExampleDateParts() {
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	table, err := db.Query("SELECT " + duck.DateParts("saleDate") + " FROM (SELECT DATE '2014-12-31' AS saleDate)")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range table.Columns() {
		fmt.Printf("%s %.0f\n", c.Name, c.Numbers[0])
	}
	// Output:
	// saleYear 2014
	// saleMonth 12
	// saleWeek 1
	// saleDay 31
	// saleDayofweek 2
	// saleDayofyear 365
	// saleIs_month_end 1
	// saleIs_month_start 0
	// saleIs_quarter_end 1
	// saleIs_quarter_start 0
	// saleIs_year_end 1
	// saleIs_year_start 0
	// saleElapsed 1419984000
}

func ExampleIdent() {
	fmt.Println(duck.Ident(`x"; DROP TABLE sales; --`))
	// Output: "x""; DROP TABLE sales; --"
}

func ExampleDB_Create() {
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	table, err := tabular.NewTable(tabular.Texts("film", []string{"Fargo", "Heat"}), tabular.Numbers("stars", []float64{5, 4}))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := db.Create("films", table); err != nil {
		fmt.Println(err)
	}
	best, err := db.Query("SELECT film FROM films WHERE stars > ?", 4)
	fmt.Println(best.Column("film").Texts, err)
	// Output: [Fargo] <nil>
}

func ExampleDB_Read() {
	dir, _ := os.MkdirTemp("", "duck")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "sales.csv")
	os.WriteFile(path, []byte("store,sales\n1,5263\n2\n3,6064,x\n4,8314\n"), 0o600)
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	report, err := db.Read("sales", path, duck.SkipBad(true))
	fmt.Println(report.RowsIn, "rows in,", report.RowsOut, "out,", len(report.Skipped), "bad:",
		report.Skipped[0].Line, report.Skipped[1].Line, err)
	// Output: 4 rows in, 2 out, 2 bad: 3 4 <nil>
}

// numbers reads a file with one column, amount, and shows its numbers.
func numbers(file string, opts ...duck.ReadOption) {
	dir, _ := os.MkdirTemp("", "duck")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "amounts.csv")
	os.WriteFile(path, []byte(file), 0o600)
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if _, err := db.Read("amounts", path, opts...); err != nil {
		fmt.Println(err)
		return
	}
	table, err := db.Query("FROM amounts")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Column("amount").Numbers)
}

func ExampleThousands() {
	numbers("amount\n\"1,234\"\n\"-5,263,000\"\n12\n", duck.Thousands(","))
	// Output: [1234 -5.263e+06 12]
}

func ExampleDecimal() {
	numbers("amount\n3,5\n1.234,25\n12\n", duck.Delimiter(";"), duck.Decimal(","), duck.Thousands("."))
	// Output: [3.5 1234.25 12]
}

func ExampleUnits() {
	numbers("amount\n$12.50\n5 %\n7\n", duck.Units("$", "%"))
	// Output: [12.5 5 7]
}

func ExampleOpen() {
	db, err := duck.Open(duck.Memory("2GB"), duck.Threads(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	err = db.Exec("CREATE TABLE t AS SELECT 1 AS x")
	fmt.Println(err)
	// Output: <nil>
}

func ExampleDB_Exec() {
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Exec("CREATE TABLE t (name VARCHAR); CREATE TABLE u (name VARCHAR)"))
	fmt.Println(db.Exec("INSERT INTO t VALUES (?)", `Robert'); DROP TABLE t; --`))
	table, err := db.Query("FROM t")
	fmt.Println(table.Column("name").Texts[0], err)
	// Output:
	// <nil>
	// <nil>
	// Robert'); DROP TABLE t; -- <nil>
}

func ExampleDB_Query() {
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	table, err := db.Query("SELECT i AS number, i % 2 = 0 AS even, 'no. ' || i AS name FROM range(3) r(i)")
	fmt.Print(table)
	fmt.Println(err)
	// Output:
	// number  even   name
	//      0  true   no. 0
	//      1  false  no. 1
	//      2  true   no. 2
	// 3 rows, 3 columns
	// <nil>
}

func ExampleDB_Write() {
	dir, _ := os.MkdirTemp("", "duck")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "squares.csv")
	db, err := duck.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if err := db.Write("SELECT i, i * i AS square FROM range(3) r(i)", path); err != nil {
		fmt.Println(err)
	}
	content, _ := os.ReadFile(path)
	fmt.Printf("%s", content)
	// Output:
	// i,square
	// 0,0
	// 1,1
	// 2,4
}
