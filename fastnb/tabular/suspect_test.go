package tabular_test

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// amounts are 400 numbers as text, of which 5 are NA.
func amounts() []string {
	texts := make([]string, 400)
	for i := range texts {
		if texts[i] = fmt.Sprint(50 + i%90); i%97 == 5 {
			texts[i] = "NA"
		}
	}
	return texts
}

const amountNote = `amount is text in 5 of 400 rows only: NA; duck.NullStrings("NA") reads them as missing`

func labelled(t testing.TB, columns ...tabular.Column) *tabular.Table {
	y := make([]float64, columns[0].Len())
	for i := range y {
		y[i] = float64(i % 2)
	}
	return table(t, append(columns, tabular.Numbers("y", y))...)
}

// A column that a few odd values make a category is named by the report and by the summary, unless it is meant as one.
func TestSuspectCategories(t *testing.T) {
	ids := make([]string, 400)
	for i := range ids {
		ids[i] = fmt.Sprint("A", i%7)
	}
	tb := labelled(t, tabular.Texts("amount", amounts()), tabular.Texts("kind", ids))
	d, err := tabular.FromTable(tb, tabular.Class("y"))
	check(t, err)
	if notes := d.Report().Notes; !slices.Equal(notes, []string{"amount is taken for a category: " + amountNote}) ||
		!strings.Contains(d.Report().String(), amountNote) {
		t.Errorf("%q", notes)
	}
	if s := tb.Summary(); s.Columns[0].Note != amountNote || s.Columns[1].Note != "" || !strings.Contains(s.String(),
		amountNote) || !strings.Contains(s.HTML(), "<p>amount is text in 5") {
		t.Errorf("%s", s)
	}
	d, err = tabular.FromTable(tb, tabular.Class("y"), tabular.Cats("amount", "kind"))
	check(t, err)
	if notes := d.Report().Notes; len(notes) > 0 {
		t.Errorf("named in Cats: %q", notes)
	}
}

// Few whole numbers are categories as text, too: nothing is lost.
func TestFewNumbersAsTextAreNotSuspect(t *testing.T) {
	d, err := tabular.FromTable(labelled(t, tabular.Texts("rooms", []string{"1", "2", "3", "1", "2", "3"})),
		tabular.Class("y"))
	check(t, err)
	if notes := d.Report().Notes; len(notes) > 0 {
		t.Errorf("%q", notes)
	}
}

// Where numbers are needed the error says what makes text of them.
func TestNumbersThatAreText(t *testing.T) {
	tb := labelled(t, tabular.Texts("amount", amounts()))
	_, err := tabular.FromTable(tb, tabular.Class("y"), tabular.Conts("amount"))
	says(t, err, `column "amount" is text, not a number: `+amountNote)
	_, err = tabular.FromTable(tb, tabular.Target("amount"))
	says(t, err, `the target "amount" is text, not a number: `+amountNote)
	numbers := make([]float64, 400)
	for i := range numbers {
		numbers[i] = float64(i)
	}
	d, err := tabular.FromTable(labelled(t, tabular.Numbers("amount", numbers)), tabular.Class("y"))
	check(t, err)
	_, err = d.WithTest(tb)
	says(t, err, amountNote)
	d, err = tabular.FromTable(labelled(t, tabular.Numbers("x", numbers), tabular.Texts("amount", amounts())),
		tabular.Class("amount"), tabular.ValidRows([]int{0}))
	check(t, err)
	if notes := d.Report().Notes; len(notes) != 1 || !strings.Contains(notes[0], amountNote) {
		t.Errorf("a class that is none: %q", notes)
	}
}

// Every name and text that a column can have comes back from a file as it was.
func TestSaveOddNames(t *testing.T) {
	names := []string{"a\xff", "a\xfe", "a\ufffd", "nul\x00", "x/../y", strings.Repeat("long ", 1000), "\n\"<&>", " "}
	var columns []tabular.Column
	for _, name := range names {
		columns = append(columns, tabular.Texts(name, []string{name, ""}))
	}
	local := time.Date(2024, 3, 31, 0, 30, 0, 5, time.FixedZone("x", 7200))
	columns = append(columns, tabular.Times("t", []time.Time{local, {}}))
	in := table(t, columns...)
	path := filepath.Join(t.TempDir(), "x.table")
	check(t, in.Save(path))
	out, err := tabular.OpenTable(path)
	check(t, err)
	if !slices.Equal(out.Names(), in.Names()) {
		t.Errorf("%q, want %q", out.Names(), in.Names())
	}
	for i := range names {
		if got := out.Columns()[i].Texts; !slices.Equal(got, []string{names[i], ""}) {
			t.Errorf("%q, want %q", got, names[i])
		}
	}
	if got := out.Column("t").Times[0]; !got.Equal(local) || out.String() != in.String() {
		t.Errorf("%v, want %v:\n%s%s", got, local, out, in)
	}
}

// Odd categories are kept by a checkpoint's fitted state; a name that it could not keep is refused before training.
func TestFittedOddValues(t *testing.T) {
	texts := []string{"", "#na#", "nul\x00", "a/b", "NaN", "\ufffd", strings.Repeat("x", 100_000), "null"}
	x := tabular.Numbers("x", []float64{math.Copysign(0, -1), 1e-300, 3, 4.5, 5, 6, 7, 8})
	d, err := tabular.FromTable(labelled(t, tabular.Texts("c\x00\n", texts), x), tabular.Class("y"),
		tabular.ValidRows(nil))
	check(t, err)
	fitted, err := d.Fitted()
	check(t, err)
	check(t, d.CheckFitted(fitted))
	codes, err := d.Codes(fastnb.Train, "c\x00\n")
	check(t, err)
	values, err := d.Categories("c\x00\n")
	check(t, err)
	for i, code := range codes {
		if code < 1 || values[code] != texts[i] {
			t.Errorf("row %d: %q has code %d", i, texts[i], code)
		}
	}
	for _, opts := range [][]tabular.DataOption{{tabular.Class("y")}, {tabular.Class("y"), tabular.ID("c\xff")},
		{tabular.Class("c\xff")}} {
		_, err = tabular.FromTable(labelled(t, tabular.Texts("c\xff", texts), x), append(opts, tabular.ValidRows(nil))...)
		says(t, err, `the column's name "c\xff" is not UTF-8`, `call it "c_"`)
	}
}
