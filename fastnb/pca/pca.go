// Package pca finds the directions in which vectors differ most: of the embeddings that a net has learned, so that they
// can be drawn in two dimensions.
package pca

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Project returns the first k principal components of n vectors of d numbers: of what is left when the mean vector is
// taken off (Pearson 1901, https://doi.org/10.1080/14786440109462720). Scores is [n][k], in the vectors' order; share
// is the part of the variance that lies along each of the k components, largest first, at most 1 in sum. A component
// points to where its largest loading is positive, so that the signs are the same in every run.
//
//	scores, share, err := pca.Project(vectors, 2)
//	nb.Show(plots.Embedding(scores, titles))
//
// Vectors of different lengths, numbers that are not finite, and a k that is not 1 to min(n-1, d) are errors, as are
// vectors that are all the same.
func Project(vectors [][]float64, k int) (scores [][]float64, share []float64, err error) {
	if err := check(vectors, k); err != nil {
		return nil, nil, fmt.Errorf("pca: Project: %w", err)
	}
	centred := centre(vectors)
	axes, share, err := components(centred, k)
	if err != nil {
		return nil, nil, fmt.Errorf("pca: Project: %w", err)
	}
	var projected mat.Dense
	projected.Mul(centred, axes)
	scores = make([][]float64, len(vectors))
	for i := range scores {
		scores[i] = projected.RawRowView(i)
	}
	return scores, share, nil
}

func check(vectors [][]float64, k int) error {
	if len(vectors) < 2 {
		return fmt.Errorf("too few vectors: %d (want 2 or more)", len(vectors))
	}
	d := len(vectors[0])
	for i, v := range vectors {
		if len(v) != d {
			return fmt.Errorf("vectors[%d] has %d numbers, vectors[0] has %d (want as many)", i, len(v), d)
		}
		for j, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("vectors[%d][%d] is %g (want finite numbers)", i, j, x)
			}
		}
	}
	if !slices.ContainsFunc(vectors, func(v []float64) bool { return !slices.Equal(v, vectors[0]) }) {
		return errors.New("the vectors are all the same (want some that differ)")
	}
	if most := min(len(vectors)-1, d); k < 1 || k > most {
		return fmt.Errorf("%d components of %d vectors of %d numbers (want 1 to %d)", k, len(vectors), d, most)
	}
	return nil
}

// centre returns the vectors as rows, their mean taken off.
func centre(vectors [][]float64) *mat.Dense {
	n, d := len(vectors), len(vectors[0])
	m, column := mat.NewDense(n, d, nil), make([]float64, n)
	for i, v := range vectors {
		m.SetRow(i, v)
	}
	for j := range d {
		mean := stat.Mean(mat.Col(column, j, m), nil)
		for i, x := range column {
			m.Set(i, j, x-mean)
		}
	}
	return m
}

// components returns the first k directions, as columns of unit length, and each one's share of the variance.
func components(centred *mat.Dense, k int) (axes mat.Matrix, share []float64, err error) {
	var pc stat.PC
	if !pc.PrincipalComponents(centred, nil) {
		return nil, nil, errors.New("the singular value decomposition does not converge; are the numbers within 1e150?")
	}
	vars, total := pc.VarsTo(nil), 0.
	for _, v := range vars {
		total += v
	}
	if !(total > 0) || math.IsInf(total, 0) {
		return nil, nil, fmt.Errorf("a variance of %g is beyond a float64's range (want numbers within 1e150)", total)
	}
	var all mat.Dense
	pc.VectorsTo(&all)
	for j := range k {
		share = append(share, vars[j]/total)
		orient(&all, j)
	}
	return all.Slice(0, all.RawMatrix().Rows, 0, k), share, nil
}

// orient turns a direction so that its largest loading is positive; of equal ones the first counts.
func orient(axes *mat.Dense, j int) {
	axis, largest := mat.Col(nil, j, axes), 0.
	for _, x := range axis {
		if math.Abs(x) > math.Abs(largest)*(1+1e-9) {
			largest = x
		}
	}
	if largest < 0 {
		for i, x := range axis {
			axes.Set(i, j, -x)
		}
	}
}
