package bow

import "fmt"

// Docs are documents as the codes of their tokens; a text.Corpus is one. They must bear several readers at once.
type Docs interface {
	Len() int
	Doc(i int) []int32 // not changed by this package
}

// count returns the number of documents, 0 if there are no Docs at all.
func count(docs Docs) int {
	if docs == nil {
		return 0
	}
	return docs.Len()
}

// Codes are documents in memory. A negative code is a word that is not known: no term has it.
type Codes [][]int32

// Len returns the number of documents.
func (c Codes) Len() int { return len(c) }

// Doc returns the codes of document i.
func (c Codes) Doc(i int) []int32 { return c[i] }

// Words numbers the words of documents that are lists of tokens.
type Words struct {
	words []string
	codes map[string]int32
}

// NewWords numbers the words of documents in the order in which they first come.
func NewWords(docs [][]string) *Words {
	w := &Words{codes: map[string]int32{}}
	for _, doc := range docs {
		for _, word := range doc {
			if _, known := w.codes[word]; !known {
				w.codes[word] = int32(len(w.words))
				w.words = append(w.words, word)
			}
		}
	}
	return w
}

// Docs returns documents as codes. A word that the documents of NewWords don't have is -1.
func (w *Words) Docs(docs [][]string) Codes {
	all := make(Codes, len(docs))
	for i, doc := range docs {
		all[i] = make([]int32, len(doc))
		for j, word := range doc {
			code, known := w.codes[word]
			if !known {
				code = -1
			}
			all[i][j] = code
		}
	}
	return all
}

// Len returns the number of words.
func (w *Words) Len() int { return len(w.words) }

// Decode returns the words of codes; a code that stands for none is "?".
func (w *Words) Decode(codes []int32) []string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = "?"
		if code >= 0 && int(code) < len(w.words) {
			words[i] = w.words[code]
		}
	}
	return words
}

// checkLabels tells whether labels are those of n documents, with two or more classes that all have one, and how many.
func checkLabels(labels []int, n int) (classes int, err error) {
	if len(labels) != n {
		return 0, fmt.Errorf("%d labels for %d documents (want as many)", len(labels), n)
	}
	have := map[int]bool{}
	for i, label := range labels {
		if label < 0 {
			return 0, fmt.Errorf("labels[%d] is %d (want classes counted from 0)", i, label)
		}
		if label >= n {
			return 0, fmt.Errorf("labels[%d] is %d, more than %d documents have classes: "+
				"count the classes from 0 without gaps", i, label, n)
		}
		have[label] = true
		classes = max(classes, label+1)
	}
	switch {
	case n == 0:
		return 0, fmt.Errorf("no documents (want some of each of 2 or more classes)")
	case len(have) == 1:
		return 0, fmt.Errorf("all documents are of class %d (want some of each of 2 or more classes)", labels[0])
	case len(have) < classes:
		return 0, missingClass(have, classes)
	}
	return classes, nil
}

// missingClass is the error of classes of which one has no document.
func missingClass(have map[int]bool, classes int) error {
	class := 0
	for have[class] {
		class++
	}
	return fmt.Errorf("no document of class %d, but labels up to %d: count the classes from 0 without gaps",
		class, classes-1)
}
