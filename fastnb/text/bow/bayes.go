package bow

import (
	"fmt"
	"math"

	"github.com/fastnb/fastnb/internal/verb"
)

// LogCountRatio returns for each term how much more it belongs to a class than to the rest: the log of the ratio of its
// shares of all entries of either, to each of which 1 is added. b is the log of the ratio of the numbers of documents.
// The sum of r over a document's terms, and b, is naive Bayes' score: the document is of the class if it is above 0.
//
// labels are the classes of the rows of x, counted from 0. In Wang, Manning 2012 r is written with p and q, and alpha
// is 1.
func LogCountRatio(x *Matrix, labels []int, class int) (r []float64, b float64, err error) {
	defer verb.Name(&err, "bow: LogCountRatio")
	if err := checkClass(x, labels, class); err != nil {
		return nil, 0, err
	}
	r, b = logCountRatio(x, labels, class)
	return r, b, nil
}

// checkClass checks a matrix and the labels of its rows, of which class must be one.
func checkClass(x *Matrix, labels []int, class int) error {
	if err := x.check(); err != nil {
		return err
	}
	classes, err := checkLabels(labels, x.Rows())
	if err == nil && (class < 0 || class >= classes) {
		err = fmt.Errorf("class %d of %d (want 0 to %d)", class, classes, classes-1)
	}
	return err
}

func logCountRatio(x *Matrix, labels []int, class int) (r []float64, b float64) {
	in, out := smoothed(x.Cols), smoothed(x.Cols)
	for i, label := range labels {
		side := &out
		if label == class {
			side = &in
		}
		side.add(x.Row(i))
	}
	r = make([]float64, x.Cols)
	shift := math.Log(out.all / in.all)
	for j := range r {
		r[j] = math.Log(in.of[j]/out.of[j]) + shift
	}
	return r, math.Log(in.docs / out.docs)
}

// sums are the entries of some documents, added up for each term and for all.
type sums struct {
	of        []float64
	all, docs float64
}

// smoothed returns sums that begin with 1 for each term.
func smoothed(terms int) sums {
	s := sums{of: make([]float64, terms), all: float64(terms)}
	for j := range s.of {
		s.of[j] = 1
	}
	return s
}

func (s *sums) add(cols []int32, values []float32) {
	s.docs++
	for k, j := range cols {
		v := 1.
		if values != nil {
			v = float64(values[k])
		}
		s.of[j] += v
		s.all += v
	}
}
