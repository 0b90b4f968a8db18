package fastnb_test

import (
	"errors"
	"fmt"
	"os"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// Who asks with a row that the model can't take can mend it; what else goes wrong is not his.
func ExampleItemError() {
	dir := nb.Must(os.MkdirTemp("", "itemerror"))
	defer os.RemoveAll(dir)
	table := nb.Must(tabular.NewTable(tabular.Numbers("wind", []float64{1, 2, 3, 4}),
		tabular.Bools("rain", []bool{false, true, false, true})))
	data := nb.Must(tabular.FromTable(table, tabular.Class("rain"), tabular.ValidRows(nil), tabular.WorkDir(dir)))
	learn := nb.Must(tabular.NewLearner(data, tabular.With(fastnb.WithProgress(nil))))

	_, err := learn.PredictRow(tabular.Row{"winds": 3})
	var bad *fastnb.ItemError
	fmt.Println(errors.As(err, &bad))
	fmt.Println(bad)
	// Output:
	// true
	// no column "winds" (the model sees [wind])
}
