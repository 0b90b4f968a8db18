package bow

import (
	"fmt"
	"runtime"
	"sync"
)

// Matrix holds which terms each document has, a row a document, in compressed rows: most entries are 0 and not kept.
type Matrix struct {
	Cols  int       // number of terms
	Start []int     // where each row begins in Col, and the end: one more than there are rows
	Col   []int32   // terms of the documents, one row after another, each rising
	Value []float32 // entry of each Col; nil if all are 1
}

// Rows returns the number of documents.
func (x *Matrix) Rows() int { return len(x.Start) - 1 }

// Row returns the terms of document i and their entries: nil if all are 1. Both are views.
func (x *Matrix) Row(i int) (cols []int32, values []float32) {
	a, b := x.Start[i], x.Start[i+1]
	if x.Value != nil {
		values = x.Value[a:b:b]
	}
	return x.Col[a:b:b], values
}

// Matrix returns the matrix [documents, terms] of any documents. What is in them and not among the terms is left out.
func (t *Terms) Matrix(docs Docs) *Matrix {
	n := count(docs)
	rows := make([]row, n)
	onAllCores(n, func(from, to int) {
		var buf []int32
		for i := from; i < to; i++ {
			buf = t.in(docs.Doc(i), buf[:0])
			rows[i] = t.row(buf)
		}
	})
	return joinRows(rows, t.Len(), t.counts)
}

// row is a row of a matrix.
type row struct {
	cols   []int32
	values []float32
}

// row makes a row of a sorted list of terms.
func (t *Terms) row(terms []int32) (r row) {
	r.cols = make([]int32, 0, len(terms))
	for i, term := range terms {
		if i == 0 || term != terms[i-1] {
			r.cols = append(r.cols, term)
			if t.counts {
				r.values = append(r.values, 0)
			}
		}
		if t.counts {
			r.values[len(r.values)-1]++
		}
	}
	return r
}

func joinRows(rows []row, cols int, counts bool) *Matrix {
	x := &Matrix{Cols: cols, Start: make([]int, 1, len(rows)+1)}
	for _, r := range rows {
		x.Start = append(x.Start, x.Start[len(x.Start)-1]+len(r.cols))
	}
	n := x.Start[len(rows)]
	x.Col = make([]int32, 0, n)
	if counts {
		x.Value = make([]float32, 0, n)
	}
	for i, r := range rows {
		x.Col, x.Value = append(x.Col, r.cols...), append(x.Value, r.values...)
		rows[i] = row{} // no longer needed
	}
	return x
}

// onAllCores cuts n items into a part for each core.
func onAllCores(n int, do func(from, to int)) {
	parts := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() { do(n*p/parts, n*(p+1)/parts) })
	}
	wg.Wait()
}

// check tells whether the matrix is one, whoever made it.
func (x *Matrix) check() error {
	if len(x.Start) == 0 || x.Start[0] != 0 || x.Start[len(x.Start)-1] != len(x.Col) {
		return fmt.Errorf("the Start of %d rows does not go from 0 to the %d entries of Col "+
			"(Terms.Matrix makes one that does)", len(x.Start)-1, len(x.Col))
	}
	if x.Value != nil && len(x.Value) != len(x.Col) {
		return fmt.Errorf("%d values for %d entries (want as many, or none)", len(x.Value), len(x.Col))
	}
	for i := range x.Rows() {
		if x.Start[i] > x.Start[i+1] {
			return fmt.Errorf("the Start falls from %d to %d at row %d", x.Start[i], x.Start[i+1], i)
		}
	}
	return x.checkEntries()
}

func (x *Matrix) checkEntries() error {
	for i, col := range x.Col {
		if col < 0 || int(col) >= x.Cols {
			return fmt.Errorf("entry Col[%d] is %d of %d columns", i, col, x.Cols)
		}
	}
	for i, v := range x.Value {
		if !(v > 0 && v <= 1e30) {
			return fmt.Errorf("entry Value[%d] is %g (want a finite number above 0)", i, v)
		}
	}
	return nil
}
