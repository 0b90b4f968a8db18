package tabular

import (
	"cmp"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Summary says what is in a table, column by column.
type Summary struct {
	Rows    int
	Columns []ColumnSummary
}

// ColumnSummary says what is in a column. Missing values count for Missing alone.
type ColumnSummary struct {
	Name     string
	Kind     Kind
	Type     string // what the source calls the type, else the kind
	Missing  int
	Infinite int // of Number
	Distinct int // different values

	Min, Mean, Max float64   // of Number, without the infinite ones; NaN if there is none
	First, Last    time.Time // of Time
	Top            []Value   // of Text and Bool: the most frequent values, at most 5, those of one count in their order
	Note           string    // of Text: what keeps the column from being numbers, dates or truth values, if little does
	Histogram      []int     // of Number and Time: values in each of 20 equal parts from Min to Max, First to Last
}

// Value is a value, as text, and how often it is there.
type Value struct {
	Text  string
	Count int
}

const (
	topValues = 5
	bins      = 20
)

// Summary looks at every value of the table.
func (t *Table) Summary() *Summary {
	s := &Summary{Rows: t.rows, Columns: make([]ColumnSummary, len(t.columns))}
	var wait sync.WaitGroup
	slots := make(chan bool, runtime.GOMAXPROCS(0))
	for i := range t.columns {
		wait.Add(1)
		slots <- true
		go func() {
			defer wait.Done()
			s.Columns[i] = t.columns[i].summary()
			<-slots
		}()
	}
	wait.Wait()
	return s
}

func (c *Column) summary() ColumnSummary {
	s := ColumnSummary{Name: c.Name, Kind: c.Kind, Type: c.typeName(), Missing: c.MissingCount(),
		Min: math.NaN(), Mean: math.NaN(), Max: math.NaN()}
	switch c.Kind {
	case Text:
		s.top(counted(c.Texts, c))
		s.Note = c.suspect()
	case Bool:
		counts := counted(c.Numbers, c)
		s.top(map[string]int{"false": counts[0], "true": counts[1]})
	case Time:
		s.times(c)
	default:
		s.numbers(c)
	}
	return s
}

// counted counts the values that are there.
func counted[T comparable](values []T, c *Column) map[T]int {
	counts := map[T]int{}
	for i, v := range values {
		if !c.IsMissing(i) {
			counts[v]++
		}
	}
	return counts
}

// top keeps the most frequent values.
func (s *ColumnSummary) top(counts map[string]int) {
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	s.Distinct = len(counts)
	for text, n := range counts {
		s.Top = append(s.Top, Value{text, n})
	}
	slices.SortFunc(s.Top, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	s.Top = slices.Clone(s.Top[:min(topValues, len(s.Top))])
}

func (s *ColumnSummary) numbers(c *Column) {
	finite := make([]float64, 0, c.Len())
	for i, x := range c.Numbers {
		switch {
		case c.IsMissing(i) || math.IsNaN(x):
		case math.IsInf(x, 0):
			s.Infinite++
		default:
			finite = append(finite, x)
		}
	}
	s.Distinct = distinct(c)
	s.spread(finite)
}

// distinct counts the different values, also infinite ones.
func distinct(c *Column) int {
	seen := map[float64]bool{}
	for i, x := range c.Numbers {
		if !c.IsMissing(i) && !math.IsNaN(x) {
			seen[x] = true
		}
	}
	return len(seen)
}

// spread measures finite values.
func (s *ColumnSummary) spread(values []float64) {
	if len(values) == 0 {
		return
	}
	s.Min, s.Max, s.Mean = slices.Min(values), slices.Max(values), 0
	for i, x := range values {
		s.Mean += (x - s.Mean) / float64(i+1)
	}
	s.Histogram = histogram(values, s.Min, s.Max)
}

// histogram counts values in equal parts between low and high, all of them in the first if there is nothing between.
func histogram(values []float64, low, high float64) []int {
	counts := make([]int, bins)
	for _, x := range values {
		part := (x/2 - low/2) / (high/2 - low/2) * bins // halves, so that no difference overflows
		if math.IsNaN(part) {
			part = 0
		}
		counts[min(int(part), bins-1)]++
	}
	return counts
}

func (s *ColumnSummary) times(c *Column) {
	seconds := make([]float64, 0, c.Len())
	seen := map[time.Time]bool{}
	for i, t := range c.Times {
		if c.IsMissing(i) {
			continue
		}
		if len(seen) == 0 || t.Before(s.First) {
			s.First = t
		}
		if len(seen) == 0 || t.After(s.Last) {
			s.Last = t
		}
		seen[t] = true
		seconds = append(seconds, float64(t.Unix()))
	}
	if s.Distinct = len(seen); s.Distinct > 0 {
		s.Histogram = histogram(seconds, float64(s.First.Unix()), float64(s.Last.Unix()))
	}
}
