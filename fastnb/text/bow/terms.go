package bow

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/internal/verb"
)

// Terms are the words and the runs of neighbouring words that documents are described by, those that come most often
// first.
type Terms struct {
	runs   []run
	index  map[key]int32 // number of the term
	ngrams int
	counts bool
}

// run is a term: another one, its beginning, and one more code.
type run struct {
	begin int32 // number of the term; none for a single code
	code  int32
}

// none stands for no term.
const none = -1

// key finds a run.
type key uint64

func (r run) key() key { return key(uint64(uint32(r.begin))<<32 | uint64(uint32(r.code))) }

// FindTerms returns the terms of documents. They are in the order of how often they come, then of their length, then of
// where they first come.
//
// It is an error if there are none, or more than 100 million, which would take over 10 GB: MinDocs makes them fewer.
func FindTerms(docs Docs, opts ...TermOption) (t *Terms, err error) {
	defer verb.Name(&err, "bow: FindTerms")
	conf := defaultTerms()
	for _, o := range opts {
		o.term(&conf)
	}
	return findTerms(docs, conf)
}

func findTerms(docs Docs, conf termConfig) (*Terms, error) {
	if err := conf.check(); err != nil {
		return nil, err
	}
	c := newCounter(docs, conf.minDocs)
	for n := 1; n <= conf.ngrams; n++ {
		if err := c.lengthen(n); err != nil {
			return nil, err
		}
	}
	if len(c.found) == 0 {
		return nil, noTerms(conf)
	}
	return newTerms(c.found, conf), nil
}

func noTerms(conf termConfig) error {
	if conf.minDocs > 1 {
		return fmt.Errorf("no term is in %d documents or more: lower MinDocs, or are the documents empty?", conf.minDocs)
	}
	return errors.New("no terms: all documents are empty (want codes of 0 or more)")
}

// newTerms numbers what was counted anew, by how often it comes. The beginning of a term comes at least as often as the
// term, and is shorter, so that it has a number whenever the term has one.
func newTerms(found []counted, conf termConfig) *Terms {
	order := make([]int32, len(found))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(found[b].times, found[a].times), cmp.Compare(a, b))
	})
	if conf.most > 0 && conf.most < len(order) {
		order = order[:conf.most]
	}
	t := &Terms{make([]run, len(order)), make(map[key]int32, len(order)), conf.ngrams, conf.counts}
	renumbered := make([]int32, len(found))
	for i, old := range order {
		renumbered[old] = int32(i)
		r := found[old].run
		if r.begin != none {
			r.begin = renumbered[r.begin]
		}
		t.runs[i], t.index[r.key()] = r, int32(i)
	}
	return t
}

// Len returns the number of terms.
func (t *Terms) Len() int { return len(t.runs) }

// Codes returns the codes of term i.
func (t *Terms) Codes(i int) []int32 {
	var codes []int32
	for at := int32(i); at != none; at = t.runs[at].begin {
		codes = append(codes, t.runs[at].code)
	}
	slices.Reverse(codes)
	return codes
}

// in appends the numbers of the terms of a document, each as often as it comes, in rising order.
func (t *Terms) in(doc []int32, terms []int32) []int32 {
	for start := range doc {
		at := int32(none)
		for _, code := range doc[start:min(start+t.ngrams, len(doc))] {
			next, known := t.index[run{at, code}.key()]
			if !known {
				break
			}
			terms = append(terms, next)
			at = next
		}
	}
	slices.Sort(terms)
	return terms
}
