package glove

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fastnb/fastnb/internal/charset"
	"github.com/fastnb/fastnb/internal/few"
	"github.com/fastnb/fastnb/internal/verb"
)

// Vectors are words and a vector for each, in the file's order, which mostly is that of how often the words come.
type Vectors struct {
	words []string
	index map[string]int
	data  []float32 // [words, dim]
	dim   int
	mean  []float32
}

// Len returns the number of words.
func (v *Vectors) Len() int { return len(v.words) }

// Dim returns the length of each vector.
func (v *Vectors) Dim() int { return v.dim }

// Words returns the words, which must not be changed.
func (v *Vectors) Words() []string { return v.words }

// Mean returns the mean of all vectors.
func (v *Vectors) Mean() []float32 { return v.mean }

// Vector returns a word's vector, a view, and whether there is one; that of the word in small letters if only that is
// there.
func (v *Vectors) Vector(word string) ([]float32, bool) {
	i, ok := v.find(word)
	if !ok {
		return nil, false
	}
	return v.row(i), true
}

func (v *Vectors) find(word string) (int, bool) {
	i, ok := v.index[word]
	if !ok {
		i, ok = v.index[strings.ToLower(word)]
	}
	return i, ok
}

func (v *Vectors) row(i int) []float32 { return v.data[i*v.dim : (i+1)*v.dim : (i+1)*v.dim] }

// Vectors returns a row for each word, [len(words)][Dim], for an embedding to begin with, and how many of the words
// have a vector. The others, the special tokens among them, have the mean of all vectors, as fastai does it for words
// that a pretrained model does not know. Rows are views.
//
// It is an error if no word has a vector: they are of another language, perhaps, or no words at all.
func (v *Vectors) Vectors(words []string) (rows [][]float32, found int, err error) {
	defer verb.Name(&err, "glove: Vectors")
	rows = make([][]float32, len(words))
	for i, word := range words {
		row, ok := v.Vector(word)
		if !ok {
			row = v.mean
		} else {
			found++
		}
		rows[i] = row
	}
	if found == 0 {
		return nil, 0, fmt.Errorf("none of %d words has a vector among those of %d words (such as %q): are they words of "+
			"the same language?", len(words), v.Len(), v.words[0])
	}
	return rows, found, nil
}

// checkLetters counts the words that are not UTF-8, and shows the first few.
func checkLetters(words []string) error {
	var wrong []int
	for i, word := range words {
		if !utf8.ValidString(word) {
			wrong = append(wrong, i)
		}
	}
	if wrong == nil {
		return nil
	}
	said := func(i int) string { return fmt.Sprintf("word %d: %v", i, charset.Valid([]byte(words[i]))) }
	return fmt.Errorf("words that are not UTF-8, %d:\n\t%s", len(wrong), few.Of(wrong, 3, "\n\t", said))
}

// newVectors makes Vectors of rows in a row; of a word that comes twice the first counts.
func newVectors(words []string, data []float32, dim int) (*Vectors, error) {
	if len(words) == 0 {
		return nil, errors.New("no words in it")
	}
	v := &Vectors{words, make(map[string]int, len(words)), data, dim, make([]float32, dim)}
	if err := checkLetters(words); err != nil {
		return nil, err
	}
	for i, word := range words {
		if strings.ContainsRune(word, 0) {
			return nil, fmt.Errorf("word %d, %.40q, has a zero byte: is this a file of word vectors?", i, word)
		}
		if _, twice := v.index[word]; !twice {
			v.index[word] = i
		}
	}
	sum := make([]float64, dim)
	for i := range words {
		for j, x := range v.row(i) {
			sum[j] += float64(x)
		}
	}
	for j, x := range sum {
		v.mean[j] = float32(x / float64(len(words)))
	}
	return v, nil
}
