package tabular_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/internal/python"
	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

func mustTable(t testing.TB, columns ...tabular.Column) *tabular.Table {
	t.Helper()
	table, err := tabular.NewTable(columns...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// everyKind is a table with each way to store a column.
func everyKind(t testing.TB) *tabular.Table {
	nan, far := math.NaN(), time.Date(1066, 10, 14, 9, 0, 0, 1, time.UTC)
	missing := []bool{false, true, false}
	return mustTable(t,
		tabular.Numbers("bytes", []float64{-128, 0, 127}), tabular.Numbers("shorts", []float64{-129, nan, 3}),
		tabular.Numbers("ints", []float64{-40000, 0, 2147483647}), tabular.Numbers("longs", []float64{1 << 53, 0, -(1 << 40)}),
		tabular.Numbers("floats", []float64{.1, nan, math.Inf(-1)}), tabular.Numbers("minus zero", []float64{math.Copysign(0, -1), 1, 2}),
		tabular.Numbers("large", []float64{1e300, 1, 2}), tabular.Bools("bools", []bool{true, false, true}),
		tabular.Column{Name: "some bools", Kind: tabular.Bool, Type: "BOOLEAN", Numbers: []float64{1, nan, 0}, Missing: missing},
		tabular.Texts("texts", []string{"", "ä\"<", "ä\"<"}),
		tabular.Column{Name: "some texts", Kind: tabular.Text, Type: "VARCHAR", Texts: []string{"x", "", ""}, Missing: missing},
		tabular.Times("days", []time.Time{time.Date(2014, 8, 1, 0, 0, 0, 0, time.UTC), {}, far}),
		tabular.Column{Name: "NaN, not missing", Numbers: []float64{nan, 1, 2}},
	)
}

// oddNames is a table whose columns' names are not UTF-8, or look like those of tensors.
func oddNames(t testing.TB) *tabular.Table {
	var columns []tabular.Column
	for i, name := range []string{"\xff", "\xfe", "\ufffd#1", "0", "a", "a.values", "a.missing", "__metadata__", "#0"} {
		columns = append(columns, tabular.Numbers(name, []float64{float64(i)}))
	}
	return mustTable(t, columns...)
}

func TestSaveOpenTable(t *testing.T) {
	for _, in := range []*tabular.Table{everyKind(t), oddNames(t), mustTable(t), mustTable(t, tabular.Texts("none", nil), tabular.Numbers("no", nil))} {
		path := filepath.Join(t.TempDir(), "new", "folder", "x.table")
		if err := in.Save(path); err != nil {
			t.Fatal(err)
		}
		out, err := tabular.OpenTable(path)
		if err != nil {
			t.Fatal(err)
		}
		wantTable(t, out, in)
	}
}

// wantTable checks that tables hold the same, to the bit.
func wantTable(t *testing.T, out, in *tabular.Table) {
	t.Helper()
	if !slices.Equal(out.Names(), in.Names()) || out.Len() != in.Len() {
		t.Fatalf("%d rows of %q (want %d of %q)", out.Len(), out.Names(), in.Len(), in.Names())
	}
	for i, want := range in.Columns() {
		got := out.Columns()[i]
		bits := slices.EqualFunc(got.Numbers, want.Numbers, func(a, b float64) bool {
			return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
		})
		if got.Kind != want.Kind || got.Type != want.Type || !bits || !slices.Equal(got.Texts, want.Texts) ||
			!slices.Equal(got.Times, want.Times) || !reflect.DeepEqual(got.Missing, want.Missing) {
			t.Errorf("read %+v (wrote %+v)", got, want)
		}
	}
}

// A file of commit 8ccaf2f, whose tensors had the numbers of their columns as names, is opened as it was saved.
func TestOpenOfBefore(t *testing.T) {
	out, err := tabular.OpenTable("testdata/saved-before-names.table")
	if err != nil {
		t.Fatal(err)
	}
	wantTable(t, out, everyKind(t))
}

// Whoever reads the file as safetensors finds columns by their names.
func TestSavedTensorsHaveTheColumnsNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.table")
	if err := everyKind(t).Save(path); err != nil {
		t.Fatal(err)
	}
	python.CheckSafetensors(t, path)
	f, err := safetensors.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	floats, err := f.Tensor("floats.values")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := safetensors.Numbers[float64](floats); err != nil || len(got) != 3 || got[0] != .1 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := f.Tensor("some texts.missing"); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.table")
	if _, err := tabular.OpenTable(path); err == nil || !strings.Contains(err.Error(), "tabular: OpenTable:") || !strings.Contains(err.Error(), "run the cell") {
		t.Errorf("no file: %v", err)
	}
	if err := everyKind(t).Save(path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len(whole) - 1; at > 0; at /= 2 { // one byte at a time, from the last one to the header's first
		broken := slices.Clone(whole)
		broken[at] ^= 1
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := tabular.OpenTable(path); err == nil {
			t.Errorf("byte %d of %d is wrong: no error", at, len(whole))
		}
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tabular.OpenTable(path); err == nil {
		t.Error("half a file: no error")
	}
}

func TestOpenForeign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	f, err := os.Create(path)
	if err == nil {
		err = safetensors.Write(f, &safetensors.File{})
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tabular.OpenTable(path); err == nil || !strings.Contains(err.Error(), "no table of Save's") {
		t.Errorf("a file of weights: %v", err)
	}
}

func million(b *testing.B) *tabular.Table {
	const rows = 1_000_000
	var columns []tabular.Column
	for c := range 40 {
		numbers, texts := make([]float64, rows), make([]string, rows)
		for i := range rows {
			numbers[i] = float64(i % (c + 100))
			if c%3 == 1 {
				numbers[i] /= 7
			}
			texts[i] = []string{"Bayern", "Berlin", "Hessen", "Saarland"}[i%4]
		}
		name := fmt.Sprint("c", c)
		if c%3 == 2 {
			columns = append(columns, tabular.Texts(name, texts))
			continue
		}
		columns = append(columns, tabular.Numbers(name, numbers))
	}
	return mustTable(b, columns...)
}

func BenchmarkSave(b *testing.B) {
	table, path := million(b), filepath.Join(b.TempDir(), "x.table")
	for b.Loop() {
		if err := table.Save(path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenTable(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.table")
	if err := million(b).Save(path); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := tabular.OpenTable(path); err != nil {
			b.Fatal(err)
		}
	}
}
