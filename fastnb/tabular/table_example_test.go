package tabular_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
)

func shop() *tabular.Table {
	table, err := tabular.NewTable(
		tabular.Column{Name: "Store", Type: "BIGINT", Numbers: []float64{1, 2, 3}},
		tabular.Texts("State", []string{"HE", "TH", "HE"}),
		tabular.Times("Date", []time.Time{time.Date(2015, 7, 31, 0, 0, 0, 0, time.UTC), time.Date(2015, 7, 30, 0, 0, 0, 0, time.UTC), {}}),
		tabular.Numbers("Distance", []float64{1270, 570.123456789, math.NaN()}),
	)
	if err != nil {
		panic(err)
	}
	return table
}

func ExampleTable_String() {
	fmt.Print(shop())
	// Output:
	// Store  State  Date        Distance
	//     1  HE     2015-07-31      1270
	//     2  TH     2015-07-30   570.123
	//     3  HE
	// 3 rows, 4 columns
}

func ExampleTable_Summary() {
	fmt.Print(shop().Summary())
	// Output:
	// column    type    missing  distinct  values
	// Store     bigint        0         3  1 to 3, mean 2
	// State     text          0         2  HE (2), TH (1)
	// Date      time          1         2  2015-07-30 to 2015-07-31
	// Distance  number        1         2  570.123 to 1270, mean 920.062
	// 3 rows, 4 columns
}

func ExampleTable_Save() {
	path := filepath.Join(os.TempDir(), "fastnb-example", "shop.table")
	if err := shop().Save(path); err != nil {
		fmt.Println(err)
	}
	table, err := tabular.OpenTable(path)
	fmt.Println(table.Len(), table.Names(), err)
	// Output: 3 [Store State Date Distance] <nil>
}

func ExampleOpenTable() {
	_, err := tabular.OpenTable(filepath.Join("no", "such", "table"))
	fmt.Println(err)
	// Output: tabular: OpenTable: safetensors: open no/such/table: no such file or directory; run the cell that saves the table
}
