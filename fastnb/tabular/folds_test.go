package tabular_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// rare is a table of 40 rows, one in ten of which is of the class "yes".
func rare() *tabular.Table {
	x, y := make([]float64, 40), make([]string, 40)
	for i := range x {
		if x[i], y[i] = float64(i)+.5, "no"; i%10 == 3 {
			y[i] = "yes"
		}
	}
	return nb.Must(tabular.NewTable(tabular.Numbers("x", x), tabular.Texts("y", y)))
}

// Each row is for validation in one fold; with Stratify each fold has the rare class once.
func TestFoldsOfTables(t *testing.T) {
	for _, stratify := range []bool{false, true} {
		var all []string
		for k := range 4 {
			d, err := tabular.FromTable(rare(), tabular.Class("y"), tabular.Fold(k, 4), tabular.Stratify(stratify))
			check(t, err)
			all = append(all, d.Names(fastnb.Valid)...)
			yes := 0
			for _, label := range d.Labels(fastnb.Valid) {
				yes += label
			}
			if stratify && yes != 1 || d.Len(fastnb.Train) != 30 {
				t.Errorf("fold %d: %d of the rare class, %d rows to train on", k, yes, d.Len(fastnb.Train))
			}
		}
		if slices.Sort(all); len(slices.Compact(all)) != 40 {
			t.Errorf("the folds have %d of 40 rows", len(all))
		}
	}
	for want, opts := range map[string][]tabular.DataOption{
		"Fold(4, 4) (want":         {tabular.Class("y"), tabular.Fold(4, 4)},
		"Fold(0, 0) (want":         {tabular.Class("y"), tabular.Fold(0, 0)},
		"41 folds of 40 rows":      {tabular.Class("y"), tabular.Fold(0, 41)},
		"ValidShare and Fold at":   {tabular.Class("y"), tabular.ValidShare(.2), tabular.Fold(0, 4)},
		"Stratify says how":        {tabular.Class("y"), tabular.ValidRows([]int{1}), tabular.Stratify(true)},
		"Stratify is for a Class,": {tabular.Target("x"), tabular.Stratify(true)},
	} {
		if _, err := tabular.FromTable(rare(), opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
}

// A fold for validation that has as much of a rare class as the others.
func ExampleFold() {
	data := nb.Must(tabular.FromTable(rare(), tabular.Class("y"), tabular.Fold(0, 4), tabular.Stratify(true)))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output: 30 10
}
