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

// visits is a table of three visits of each of 20 people.
func visits() *tabular.Table {
	var person []float64
	var x []float64
	var y []string
	for i := range 60 {
		person, x, y = append(person, float64(100+i/3)), append(x, float64(i)), append(y, []string{"ill", "well"}[i/3%2])
	}
	return nb.Must(tabular.NewTable(tabular.Numbers("person", person), tabular.Numbers("x", x), tabular.Texts("y", y)))
}

// A group is for validation as a whole, and the model does not see it.
func TestGroups(t *testing.T) {
	group := tabular.GroupColumn("person")
	for name, opts := range map[string][]tabular.DataOption{
		"share": {tabular.ValidShare(.3)}, "first fold": {tabular.Fold(0, 4)}, "last fold": {tabular.Fold(3, 4)},
	} {
		d, err := tabular.FromTable(visits(), append(opts, tabular.Class("y"), group)...)
		check(t, err)
		visits := map[int]int{}
		for _, row := range d.Names(fastnb.Valid) {
			var i int
			fmt.Sscan(row, &i)
			visits[i/3]++
		}
		for person, n := range visits {
			if n != 3 {
				t.Errorf("%s: %d of 3 visits of person %d are for validation", name, n, person)
			}
		}
		if len(visits) < 5 || len(visits) > 6 {
			t.Errorf("%s: %d people for validation", name, len(visits))
		}
		if _, err := d.Categories("person"); err == nil || strings.Contains(fmt.Sprint(d.Report()), "person") {
			t.Errorf("%s: the model sees the person: %v", name, d.Report())
		}
	}
	gap := nb.Must(tabular.NewTable(tabular.Texts("g", []string{"a", "", "b", "b"}),
		tabular.Numbers("x", []float64{1, 2, 3, 4}), tabular.Texts("y", []string{"c", "d", "c", "d"})))
	for want, c := range map[string]struct {
		table *tabular.Table
		opts  []tabular.DataOption
	}{
		"GroupColumn: row 1 has no value in column": {gap, []tabular.DataOption{tabular.GroupColumn("g")}},
		`no column "nobody"`:                        {visits(), []tabular.DataOption{tabular.GroupColumn("nobody")}},
		"Stratify and GroupColumn at once":          {visits(), []tabular.DataOption{group, tabular.Stratify(true)}},
		"GroupColumn says how ValidShare":           {visits(), []tabular.DataOption{group, tabular.ValidRows([]int{1})}},
		"the model must not see it, for new rows":   {visits(), []tabular.DataOption{group, tabular.Cats("person")}},
		"21 folds of 20 groups":                     {visits(), []tabular.DataOption{group, tabular.Fold(0, 21)}},
	} {
		_, err := tabular.FromTable(c.table, append(c.opts, tabular.Class("y"))...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %q)", err, want)
		}
	}
}

// All visits of a person are in one part.
func ExampleGroupColumn() {
	data := nb.Must(tabular.FromTable(visits(), tabular.Class("y"), tabular.GroupColumn("person"), tabular.Fold(0, 5)))
	fmt.Println(data.Len(fastnb.Train), data.Len(fastnb.Valid))
	// Output: 48 12
}
