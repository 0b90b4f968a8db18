package tabular_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb/tabular"
)

func TestSummary(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	day := func(d int) time.Time { return time.Date(2014, 8, d, 0, 0, 0, 0, time.UTC) }
	missing := []bool{false, false, false, true, false, false}
	table := mustTable(t,
		tabular.Column{Name: "n", Type: "BIGINT", Numbers: []float64{3, 1, 3, nan, 2, -5}, Missing: missing},
		tabular.Numbers("far", []float64{-inf, inf, 1, nan, nan, 2}),
		tabular.Numbers("none", []float64{nan, nan, nan, nan, nan, nan}),
		tabular.Numbers("huge", []float64{-math.MaxFloat64, math.MaxFloat64, 0, 0, 0, 0}),
		tabular.Column{Name: "s", Kind: tabular.Text, Texts: []string{"b", "a", "b", "", "a", ""}, Missing: missing},
		tabular.Column{Name: "b", Kind: tabular.Bool, Numbers: []float64{1, 1, 1, nan, 0, 1}, Missing: missing},
		tabular.Times("t", []time.Time{day(5), day(1), {}, day(1), day(21), day(2)}),
	)
	s := table.Summary()
	histogram := func(counts map[int]int) []int {
		h := make([]int, 20)
		for i, n := range counts {
			h[i] = n
		}
		return h
	}
	want := []tabular.ColumnSummary{
		{Name: "n", Type: "bigint", Missing: 1, Distinct: 4, Min: -5, Mean: .8, Max: 3, Histogram: histogram(map[int]int{0: 1, 15: 1, 17: 1, 19: 2})},
		{Name: "far", Type: "number", Missing: 2, Infinite: 2, Distinct: 4, Min: 1, Mean: 1.5, Max: 2, Histogram: histogram(map[int]int{0: 1, 19: 1})},
		{Name: "none", Type: "number", Missing: 6, Min: nan, Mean: nan, Max: nan},
		{Name: "huge", Type: "number", Distinct: 3, Min: -math.MaxFloat64, Max: math.MaxFloat64, Histogram: histogram(map[int]int{0: 1, 10: 4, 19: 1})},
		{Name: "s", Kind: tabular.Text, Type: "text", Missing: 1, Distinct: 3, Min: nan, Mean: nan, Max: nan, Top: []tabular.Value{{"a", 2}, {"b", 2}, {"", 1}}},
		{Name: "b", Kind: tabular.Bool, Type: "bool", Missing: 1, Distinct: 2, Min: nan, Mean: nan, Max: nan, Top: []tabular.Value{{"true", 4}, {"false", 1}}},
		{Name: "t", Kind: tabular.Time, Type: "time", Missing: 1, Distinct: 4, Min: nan, Mean: nan, Max: nan, First: day(1), Last: day(21),
			Histogram: histogram(map[int]int{0: 2, 1: 1, 4: 1, 19: 1})},
	}
	for i, c := range s.Columns {
		if i == 3 && math.IsInf(c.Mean, 0) || i == 0 && math.Abs(c.Mean-.8) > 1e-12 {
			t.Errorf("mean of %s is %v", c.Name, c.Mean)
		}
		if i == 0 || i == 3 {
			c.Mean = want[i].Mean
		}
		if fmt.Sprint(c) != fmt.Sprint(want[i]) {
			t.Errorf("%+v\nwant %+v", c, want[i])
		}
	}
	if s.Rows != 6 || len(s.Columns) != len(want) {
		t.Errorf("%d rows, %d columns", s.Rows, len(s.Columns))
	}
}

// hostile is a table whose names and values are markup.
func hostile(t testing.TB) *tabular.Table {
	const evil = `<script>alert("x")</script>&'`
	many := make([]tabular.Column, 0, 30)
	for i := range 30 {
		many = append(many, tabular.Texts(fmt.Sprint(evil, i), []string{evil, "a\nb", strings.Repeat("ä", 100)}))
	}
	many[1].Type = evil
	return mustTable(t, many...)
}

func TestHTMLEscapesAll(t *testing.T) {
	for name, text := range map[string]string{"table": hostile(t).HTML(), "summary": hostile(t).Summary().HTML()} {
		if strings.Contains(text, "<script") || !strings.Contains(text, "&lt;script&gt;") {
			t.Errorf("%s: markup is not escaped: %s", name, text)
		}
		wellFormed(t, text)
	}
}

// wellFormed checks that every element is closed.
func wellFormed(t testing.TB, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(text, "<br>", "<br/>")))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%v in %s", err, text)
			return
		}
	}
}

// Colours are the page's, so that a dark theme stays dark.
func TestHTMLHasNoColours(t *testing.T) {
	for _, text := range []string{everyKind(t).HTML(), everyKind(t).Summary().HTML()} {
		if strings.Contains(text, "color:") || strings.Contains(text, "background") {
			t.Errorf("colours in %s", text)
		}
	}
}

func TestStringFits(t *testing.T) {
	text := hostile(t).String()
	for line := range strings.Lines(text) {
		if n := len([]rune(line)); n > 121 {
			t.Errorf("a line of %d letters: %s", n, line)
		}
	}
	if !strings.Contains(text, "3 rows, 30 columns (") || strings.Contains(text, "a\nb") {
		t.Error(text)
	}
}

func TestShowNothing(t *testing.T) {
	for _, table := range []*tabular.Table{mustTable(t), mustTable(t, tabular.Numbers("a", nil), tabular.Texts("b", nil), tabular.Times("c", nil), tabular.Bools("d", nil))} {
		s := table.Summary()
		for _, text := range []string{table.String(), s.String()} {
			if !strings.Contains(text, fmt.Sprintf("0 rows, %d columns", len(table.Columns()))) {
				t.Error(text)
			}
		}
		wellFormed(t, table.HTML())
		wellFormed(t, s.HTML())
	}
	if !reflect.DeepEqual(mustTable(t).Summary().Columns, []tabular.ColumnSummary{}) {
		t.Error("columns of a table without any")
	}
}
