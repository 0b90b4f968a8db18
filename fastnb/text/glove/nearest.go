package glove

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fastnb/fastnb/internal/verb"
)

// Neighbour is a word and how near it is to what was asked for: the cosine of the angle between the two, at most 1.
type Neighbour struct {
	Word       string
	Similarity float64
}

// Nearest returns the n words whose vectors point most nearly to where the word's does, the nearest first, itself left
// out.
func (v *Vectors) Nearest(word string, n int) (near []Neighbour, err error) {
	defer verb.Name(&err, "glove: Nearest")
	return v.nearest([]string{word}, []float64{1}, n)
}

// Analogy returns the n words that are to c as b is to a: those nearest to b - a + c, each of unit length, the nearest
// first and the three left out (Mikolov et al. 2013, https://aclanthology.org/N13-1090). Analogy("man", "king",
// "woman", 1) is queen.
func (v *Vectors) Analogy(a, b, c string, n int) (near []Neighbour, err error) {
	defer verb.Name(&err, "glove: Analogy")
	return v.nearest([]string{a, b, c}, []float64{-1, 1, 1}, n)
}

// nearest returns the words nearest to a sum of words.
func (v *Vectors) nearest(words []string, signs []float64, n int) ([]Neighbour, error) {
	target, asked := make([]float64, v.dim), map[int]bool{}
	for k, word := range words {
		i, ok := v.find(word)
		if !ok {
			return nil, fmt.Errorf("no vector for %q among those of %d words (such as %q)", word, v.Len(), v.words[0])
		}
		asked[i] = true
		scale := signs[k] / length(v.row(i))
		for j, x := range v.row(i) {
			target[j] += scale * float64(x)
		}
	}
	all, size := make([]Neighbour, 0, v.Len()), length(target)
	for i, word := range v.words {
		if !asked[i] && v.index[word] == i {
			all = append(all, Neighbour{word, dot(v.row(i), target) / length(v.row(i)) / size})
		}
	}
	slices.SortStableFunc(all, func(a, b Neighbour) int { return cmp.Compare(b.Similarity, a.Similarity) })
	return all[:min(max(n, 0), len(all))], nil
}

func dot(row []float32, target []float64) (sum float64) {
	for j, x := range row {
		sum += float64(x) * target[j]
	}
	return sum
}

// length returns that of a vector; 1 for a vector of zeros, which is near to nothing.
func length[T float32 | float64](row []T) float64 {
	var sum float64
	for _, x := range row {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return 1
	}
	return math.Sqrt(sum)
}
