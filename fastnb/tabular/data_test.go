package tabular_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/gomlx/gomlx/core/tensors"
)

func table(t testing.TB, columns ...tabular.Column) *tabular.Table {
	t.Helper()
	tb, err := tabular.NewTable(columns...)
	check(t, err)
	return tb
}

// first returns the first clean batch of a split: codes and numbers.
func first(t testing.TB, d *tabular.Data, s fastnb.Split) (codes []int32, numbers []float32) {
	t.Helper()
	for b, err := range d.Batches(fastnb.View{Split: s}) {
		check(t, err)
		if len(b.Inputs) > 1 {
			codes, err = tensors.CopyFlatData[int32](b.Inputs[0])
			check(t, err)
		}
		numbers, err = tensors.CopyFlatData[float32](b.Inputs[len(b.Inputs)-1])
		check(t, err)
		break
	}
	return codes, numbers
}

// REFERENCE (d) 10: a missing number is the training rows' median, and flagged; a table without missing ones is filled by
// the same rules, and its own numbers change nothing.
func TestMissingNumbers(t *testing.T) {
	nan := math.NaN()
	train := table(t, tabular.Numbers("x", []float64{1, nan, 3, 100}), tabular.Bools("y", []bool{true, false, true, true}))
	test := table(t, tabular.Numbers("x", []float64{nan, 500}))
	d, err := tabular.FromTable(train, tabular.Class("y"), tabular.Conts("x"), tabular.ValidRows([]int{3}), tabular.TestTable(test))
	check(t, err)
	codes, numbers := first(t, d, fastnb.Train)
	if !slices.Equal(codes[:3], []int32{1, 2, 1}) {
		t.Errorf("flags %v, want 1, 2, 1", codes[:3])
	}
	std := math.Sqrt(2. / 3)
	for i, want := range []float64{-1 / std, 0, 1 / std} {
		if math.Abs(float64(numbers[i])-want) > 1e-6 {
			t.Errorf("number %d is %g, want %g", i, numbers[i], want)
		}
	}
	codes, numbers = first(t, d, fastnb.Test)
	if codes[0] != 2 || codes[1] != 1 || numbers[0] != 0 || math.Abs(float64(numbers[1])-498/std) > 1e-3 {
		t.Errorf("test: flags %v, numbers %v", codes[:2], numbers[:2])
	}
}

// Whether a number is missing is a category by its own name.
func TestMissingCategory(t *testing.T) {
	tb := table(t, tabular.Numbers("x", []float64{1.5, math.NaN(), 3, 4}), tabular.Numbers("y", []float64{1, 2, 3, 4}))
	d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.Conts("x"), tabular.ValidRows(nil))
	check(t, err)
	got, err := d.Categories("x_na")
	check(t, err)
	counts, err := d.Counts("x_na")
	check(t, err)
	if !slices.Equal(got, []string{"#na#", "false", "true"}) || !slices.Equal(counts, []int{0, 3, 1}) {
		t.Errorf("%v: %v", got, counts)
	}
}

// Whole numbers that name a thing keep their digits.
func TestLongNumbers(t *testing.T) {
	tb := table(t, tabular.Numbers("id", []float64{1e6, 1234567, 3}), tabular.Numbers("user", []float64{1234567, 1234567, 20000000}), tabular.Numbers("y", []float64{1, 2, 3}))
	d, err := tabular.FromTable(tb, tabular.ID("id"), tabular.Cats("user"), tabular.Target("y"), tabular.ValidRows(nil))
	check(t, err)
	users, err := d.Categories("user")
	check(t, err)
	if names := d.Names(fastnb.Train); !slices.Equal(names, []string{"1000000", "1234567", "3"}) || !slices.Equal(users, []string{"#na#", "1234567", "20000000"}) {
		t.Errorf("names %q, users %q", names, users)
	}
}

// Small numbers are normalised as others are; a column is constant only beside its own size.
func TestSmallNumbers(t *testing.T) {
	tb := table(t, tabular.Numbers("x", []float64{1e-14, 3e-14}), tabular.Numbers("c", []float64{1e14 / 3, 1e14 / 3}), tabular.Numbers("y", []float64{1, 2}))
	d, err := tabular.FromTable(tb, tabular.Conts("x", "c"), tabular.Target("y"), tabular.ValidRows(nil))
	check(t, err)
	if _, numbers := first(t, d, fastnb.Train); !slices.Equal(numbers[:4], []float32{-1, 0, 1, 0}) {
		t.Errorf("%v", numbers[:4])
	}
}

func TestWithTestWrong(t *testing.T) {
	d, err := tabular.FromTable(shops(t, 50), tabular.Class("big"), tabular.Cats("city"))
	check(t, err)
	for want, f := range map[string]func() (*tabular.Data, error){
		"tabular: WithTest: the table has no rows":                       func() (*tabular.Data, error) { return d.WithTest(nil) },
		`tabular: WithTest: test: no column "city"`:                      func() (*tabular.Data, error) { return d.WithTest(table(t, tabular.Numbers("x", []float64{1}))) },
		"tabular: WithTestCodes: row 1: 2 codes for 1 categories":        func() (*tabular.Data, error) { return d.WithTestCodes([][]int32{{1}, {1, 2}}) },
		`tabular: WithTestCodes: row 0: code 5 of "city" (want 0 to 4)`:  func() (*tabular.Data, error) { return d.WithTestCodes([][]int32{{5}}) },
		`tabular: WithTestCodes: row 0: code -1 of "city" (want 0 to 4)`: func() (*tabular.Data, error) { return d.WithTestCodes([][]int32{{-1}}) },
	} {
		if got, err := f(); err == nil || got != nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, %v; want %s", got, err, want)
		}
	}
}

// A category is fitted to training rows alone; what they do not have is unknown, and so is what comes too rarely.
func TestCategories(t *testing.T) {
	tb := table(t, tabular.Texts("c", []string{"b", "a", "b", "a", "z", "q"}), tabular.Numbers("x", []float64{1.5, 2, 3, 4, 5, 6}), tabular.Numbers("y", []float64{1, 2, 3, 4, 5, 6}))
	d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.MinCount(2), tabular.ValidRows([]int{5}))
	check(t, err)
	got, err := d.Categories("c")
	check(t, err)
	codes, _ := first(t, d, fastnb.Train)
	if !slices.Equal(got, []string{"#na#", "a", "b"}) || !slices.Equal(codes[:5], []int32{2, 1, 2, 1, 0}) {
		t.Errorf("categories %v, codes %v", got, codes[:5])
	}
	counts, err := d.Counts("c")
	check(t, err)
	if !slices.Equal(counts, []int{1, 2, 2}) {
		t.Errorf("counts %v", counts)
	}
	if want := "train: 5 rows; unknown: 1 c\nvalid: 1 rows; unknown: 1 c\n"; d.Report().String() != want {
		t.Errorf("report %q, want %q", d.Report(), want)
	}
}

// Roles that nobody named: few whole numbers are categories, times are left out and told.
func TestRoles(t *testing.T) {
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	tb := table(t, tabular.Numbers("few", []float64{1, 2, 1, 2}), tabular.Numbers("half", []float64{.5, 1, 1.5, 2}), tabular.Texts("t", []string{"a", "b", "a", "b"}),
		tabular.Times("when", []time.Time{day, day, day, day}), tabular.Numbers("y", []float64{1, 2, 3, 4}), tabular.Texts("id", []string{"w", "x", "y", "z"}))
	d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.ID("id"), tabular.ValidRows([]int{1}))
	check(t, err)
	if few, err := d.Categories("few"); err != nil || !slices.Equal(few, []string{"#na#", "1", "2"}) {
		t.Errorf("few is %v, %v", few, err)
	}
	if _, err := d.Categories("half"); err == nil {
		t.Error("half is a category")
	}
	if !slices.Equal(d.Names(fastnb.Valid), []string{"x"}) {
		t.Errorf("names %v", d.Names(fastnb.Valid))
	}
	if r := d.Report().String(); !strings.Contains(r, "when is left out: a time") {
		t.Errorf("report %q", r)
	}
}

// A column of truth values says which rows are for validation; the model does not see it.
func TestValidColumn(t *testing.T) {
	tb := table(t, tabular.Numbers("x", []float64{1.5, 2, 3, 4}), tabular.Bools("late", []bool{false, true, false, true}), tabular.Numbers("y", []float64{1, 2, 3, 4}))
	d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.ValidColumn("late"))
	check(t, err)
	if _, err := d.Categories("late"); err == nil || !slices.Equal(d.Names(fastnb.Valid), []string{"1", "3"}) {
		t.Errorf("validation rows %v", d.Names(fastnb.Valid))
	}
	if _, err := tabular.FromTable(tb, tabular.Target("y"), tabular.ValidColumn("x")); err == nil || !strings.Contains(err.Error(), "want bool") {
		t.Errorf("a column of numbers: %v", err)
	}
}

// A constant column does no harm.
func TestConstantColumn(t *testing.T) {
	tb := table(t, tabular.Numbers("same", []float64{7.5, 7.5, 7.5, 7.5}), tabular.Texts("c", []string{"a", "b", "a", "b"}), tabular.Numbers("y", []float64{1, 2, 3, 4}))
	d, err := tabular.FromTable(tb, tabular.Target("y"), tabular.ValidRows([]int{1}))
	check(t, err)
	if _, numbers := first(t, d, fastnb.Train); !slices.Equal(numbers[:3], []float32{0, 0, 0}) {
		t.Errorf("a constant becomes %v", numbers[:3])
	}
}

func TestFromTableWrong(t *testing.T) {
	nan, n := math.NaN(), 30_000
	each := make([]string, n)
	numbers := make([]float64, n)
	for i := range each {
		each[i], numbers[i] = fmt.Sprint("user ", i), float64(i)
	}
	when := tabular.Times("when", []time.Time{time.Unix(0, 0), time.Unix(1, 0), time.Unix(2, 0)})
	y := tabular.Numbers("y", []float64{1, 2, 3})
	x := tabular.Numbers("x", []float64{1, 2, 3})
	gone := tabular.Numbers("gone", []float64{nan, nan, nan})
	for want, try := range map[string]struct {
		columns []tabular.Column
		opts    []tabular.DataOption
	}{
		"has no rows":                         {nil, []tabular.DataOption{tabular.Target("y")}},
		"0 targets":                           {[]tabular.Column{x, y}, nil},
		"2 targets":                           {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Class("y")}},
		`no column "z" (have x, y)`:           {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("z")}},
		`no column "drop table`:               {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Cats(`drop table x; --`)}},
		"the model must not see it":           {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("x", "y")}},
		"in Cats and in Conts":                {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("x"), tabular.Cats("x")}},
		`"gone" has no value`:                 {[]tabular.Column{x, y, gone}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("gone")}},
		`Skip("gone")`:                        {[]tabular.Column{x, y, gone}, []tabular.DataOption{tabular.Target("y"), tabular.Cats("gone")}},
		"infinite in 1 rows (the first: [1])": {[]tabular.Column{tabular.Numbers("x", []float64{1, math.Inf(1), 2}), y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("x")}},
		"infinite in 1 rows (the first: [2])": {[]tabular.Column{tabular.Numbers("x", []float64{1, 2, math.Inf(1)}), y}, []tabular.DataOption{tabular.Target("y")}},
		"class: column \"x\" is infinite":     {[]tabular.Column{tabular.Numbers("x", []float64{1, 2, math.Inf(1)}), y}, []tabular.DataOption{tabular.Class("x")}},
		`"\xe9t\xe9", which is not UTF-8`:     {[]tabular.Column{tabular.Texts("x", []string{"a", "\xe9t\xe9", "a"}), y}, []tabular.DataOption{tabular.Target("y")}},
		"too large to be normalised":          {[]tabular.Column{tabular.Numbers("x", []float64{1, 1e200, 3}), y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("x")}},
		"too large for a net":                 {[]tabular.Column{x, tabular.Numbers("y", []float64{1, 2, 1e39})}, []tabular.DataOption{tabular.Target("y")}},
		"or twice in one of them":             {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Cats("x"), tabular.Cats("x")}},
		"is a time":                           {[]tabular.Column{when, y}, []tabular.DataOption{tabular.Target("y"), tabular.Cats("when")}},
		"is time, not a number":               {[]tabular.Column{when, y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("when")}},
		"is text, not a number":               {[]tabular.Column{tabular.Texts("x", []string{"a", "b", "c"}), y}, []tabular.DataOption{tabular.Target("y"), tabular.Conts("x")}},
		"no column is left":                   {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.Skip("x")}},
		"nearly every row its own":            {[]tabular.Column{tabular.Texts("user", each), tabular.Numbers("y", numbers)}, []tabular.DataOption{tabular.Target("y")}},
		"the target \"y\" is missing in 1":    {[]tabular.Column{x, tabular.Numbers("y", []float64{1, nan, 3})}, []tabular.DataOption{tabular.Target("y")}},
		"has no logarithm":                    {[]tabular.Column{x, tabular.Numbers("y", []float64{1, 0, 3})}, []tabular.DataOption{tabular.LogTarget("y")}},
		"want 0 or 1":                         {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Labels("y")}},
		"1 classes":                           {[]tabular.Column{x, tabular.Texts("y", []string{"a", "a", "a"})}, []tabular.DataOption{tabular.Class("y")}},
		"that no training row has":            {[]tabular.Column{x, tabular.Texts("y", []string{"a", "b", "c"})}, []tabular.DataOption{tabular.Class("y")}},
		"row 3 (want rows of 0 to 2":          {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.ValidRows([]int{3})}},
		"each once":                           {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.ValidRows([]int{1, 1})}},
		"0 of 3 rows are left":                {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.ValidRows([]int{0, 1, 2})}},
		"BatchSize(0)":                        {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.BatchSize(0)}},
		`test: no column "x"`:                 {[]tabular.Column{x, y}, []tabular.DataOption{tabular.Target("y"), tabular.ValidRows([]int{2}), tabular.TestTable(table(t, gone))}},
	} {
		opts := append([]tabular.DataOption{tabular.ValidRows([]int{2})}, try.opts...)
		if _, err := tabular.FromTable(table(t, try.columns...), opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// A NaN is missing, whether a column says so or not; and the columns that a table was made of stay as they were.
func TestNewTableNaN(t *testing.T) {
	said := []bool{true, false, false}
	columns := []tabular.Column{{Name: "a", Numbers: []float64{0, math.NaN(), 1}, Missing: said}, {Name: "b", Numbers: []float64{math.NaN(), 1, 2}}}
	tb, err := tabular.NewTable(columns...)
	check(t, err)
	if a, b := tb.Column("a"), tb.Column("b"); !slices.Equal(a.Missing, []bool{true, true, false}) || b.MissingCount() != 1 || !b.IsMissing(0) {
		t.Errorf("missing %v and %v", a.Missing, b.Missing)
	}
	if columns[0].Name = "c"; !slices.Equal(said, []bool{true, false, false}) || columns[1].Missing != nil || tb.Column("a") == nil {
		t.Errorf("the columns are now %v, the table's %v", columns, tb.Names())
	}
}

func TestNewTableWrong(t *testing.T) {
	for want, columns := range map[string][]tabular.Column{
		"has no name":                {tabular.Numbers("", nil)},
		`two columns are called "a"`: {tabular.Numbers("a", nil), tabular.Texts("a", nil)},
		`"b" has 1 rows, "a" has 2`:  {tabular.Numbers("a", []float64{1, 2}), tabular.Numbers("b", []float64{1})},
		`"a" is of Kind(9)`:          {{Name: "a", Kind: 9}},
		"its Missing 1":              {{Name: "a", Numbers: []float64{1, 2}, Missing: []bool{true}}},
	} {
		if _, err := tabular.NewTable(columns...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
