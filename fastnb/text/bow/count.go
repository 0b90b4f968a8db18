package bow

import (
	"fmt"
	"math"
)

// counted is a run and where it comes.
type counted struct {
	run
	times, docs int32
	last        int32 // document it was last seen in
}

// counter finds the terms of documents, those of one code first, and then each time those that are longer by one.
type counter struct {
	docs    Docs
	minDocs int
	found   []counted // those of minDocs documents and more
	at      [][]int32 // for each place of each document the found term of the present length that begins there, or none
}

func newCounter(docs Docs, minDocs int) *counter {
	c := &counter{docs: docs, minDocs: minDocs, at: make([][]int32, count(docs))}
	for i := range c.at {
		c.at[i] = make([]int32, len(docs.Doc(i)))
		for j := range c.at[i] {
			c.at[i][j] = none
		}
	}
	return c
}

// maxTerms bounds what is counted, for the memory it takes.
var maxTerms = 100_000_000

// lengthen finds the terms of n codes, from those of n-1.
func (c *counter) lengthen(n int) error {
	first, index := len(c.found), map[key]int32{}
	for i := range c.at {
		doc, at := c.docs.Doc(i), c.at[i]
		for j := range at {
			r, ok := c.run(doc, at, j, n)
			if !ok {
				at[j] = none
				continue
			}
			at[j] = c.add(r, index, int32(i))
		}
		if len(c.found) > maxTerms {
			return fmt.Errorf("over %d different terms of up to %d words, more than memory is meant to hold: "+
				"ask for MinDocs(%d) or lower NGrams",
				maxTerms, n, c.minDocs+1)
		}
	}
	c.prune(first)
	return nil
}

// run returns the run of n codes at a place, if both of its parts of n-1 codes are terms.
func (c *counter) run(doc, at []int32, j, n int) (run, bool) {
	end := j + n - 1
	if end >= len(doc) || doc[end] < 0 {
		return run{}, false
	}
	if n == 1 {
		return run{none, doc[j]}, true
	}
	return run{at[j], doc[end]}, at[j] != none && at[j+1] != none
}

// add counts a run in a document and returns its number.
func (c *counter) add(r run, index map[key]int32, doc int32) int32 {
	i, known := index[r.key()]
	if !known {
		i = int32(len(c.found))
		index[r.key()] = i
		c.found = append(c.found, counted{run: r, last: none})
	}
	f := &c.found[i]
	if f.times < math.MaxInt32 {
		f.times++
	}
	if f.last != doc {
		f.docs, f.last = f.docs+1, doc
	}
	return i
}

// prune drops the terms from first on that are in too few documents.
func (c *counter) prune(first int) {
	if c.minDocs < 2 {
		return
	}
	kept, renumbered := c.found[:first], make([]int32, len(c.found)-first)
	for i, f := range c.found[first:] {
		renumbered[i] = none
		if int(f.docs) >= c.minDocs {
			renumbered[i] = int32(len(kept))
			kept = append(kept, f)
		}
	}
	c.found = kept
	for _, at := range c.at {
		for j, i := range at {
			if i != none {
				at[j] = renumbered[int(i)-first]
			}
		}
	}
}
