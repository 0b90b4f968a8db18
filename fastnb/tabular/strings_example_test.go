package tabular_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// The values of a column as text, whatever it holds.
func ExampleTable_Strings() {
	t := nb.Must(tabular.NewTable(tabular.Numbers("id", []float64{1234567, 2.5}),
		tabular.Bools("sold", []bool{true, false})))
	fmt.Printf("%q %q %q\n", t.Strings("id"), t.Strings("sold"), t.Strings("price"))
	// Output: ["1234567" "2.5"] ["true" "false"] []
}
