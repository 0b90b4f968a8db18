package nb_test

import "github.com/fastnb/fastnb/fastnb/nb"

// stores is a table, as a query returns one together with its error.
type stores struct{}

func (stores) HTML() string {
	return "<table><tbody><tr><td>Store 1</td><td>5263</td></tr></tbody></table>"
}
func (stores) String() string { return "Store 1  5263\n" }

func query() (stores, error) { return stores{}, nil }

func ExampleShowTable() {
	table, err := query()
	nb.ShowTable(table, err)
	// Output: Store 1  5263
}
