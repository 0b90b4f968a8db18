package text

import (
	"strings"
	"sync"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/internal/cache"
)

// tokenised is what one document has become.
type tokenised[T any] struct {
	value T
	err   error
}

// tokenise reads and tokenises the documents of a split on all workers and hands over, in their order, what turn makes
// of their tokens. Only a few documents are in memory at a time. It goes on where documents cannot be read, to list all
// of them.
func tokenise[T any](d *Docs, s fastnb.Split, tok Tokenizer, turn func(tokens []string) T, use func(T) error) error {
	n := d.Len(s)
	report, bad, done := cache.Reporter("tokenising documents", n, d.conf.onTokenize), &UnreadableError{}, 0
	do := func(i int) (t tokenised[T]) {
		doc, err := d.read(s, i)
		if err != nil {
			t.err = err
			return t
		}
		t.value = turn(tok.Tokens(doc))
		return t
	}
	err := inOrder(n, d.conf.workers, do, func(i int, t tokenised[T]) error {
		done++
		report(done)
		if t.err != nil {
			bad.Docs = append(bad.Docs, Unreadable{d.splits[s][i].name, t.err.Error()})
			return nil
		}
		return use(t.value)
	})
	if err == nil && len(bad.Docs) > 0 {
		err = bad
	}
	return err
}

// inOrder calls do for 0 to n-1 on several goroutines and use, on this one, with what comes of it, in order. The first
// error of use ends it.
func inOrder[T any](n, workers int, do func(i int) T, use func(i int, t T) error) error {
	jobs, pending, stop := make(chan job[T]), make(chan job[T], 8*workers), make(chan struct{})
	var wait sync.WaitGroup
	defer wait.Wait()
	defer close(stop)
	for range min(workers, n) {
		wait.Go(func() {
			for j := range jobs {
				j.out <- do(j.i)
			}
		})
	}
	wait.Go(func() { handOut(n, jobs, pending, stop) })
	for i := range n {
		j := <-pending
		if err := use(i, <-j.out); err != nil {
			return err
		}
	}
	return nil
}

// job is one call of do, and where its result goes.
type job[T any] struct {
	i   int
	out chan T
}

// handOut gives out the jobs, and as pending, in their order, until all are or it is stopped. It waits where many are
// pending.
func handOut[T any](n int, jobs, pending chan<- job[T], stop <-chan struct{}) {
	defer close(jobs)
	for i := range n {
		j := job[T]{i, make(chan T, 1)}
		select {
		case pending <- j:
			jobs <- j
		case <-stop:
			return
		}
	}
}

// count returns how often each token comes in a split.
func (d *Docs) count(s fastnb.Split, tok Tokenizer) (map[string]int, error) {
	counts := map[string]int{}
	perDoc := func(tokens []string) map[string]int {
		some := make(map[string]int, len(tokens)/2)
		for _, t := range tokens {
			some[t]++
		}
		return some
	}
	err := tokenise(d, s, tok, perDoc, func(some map[string]int) error {
		for t, n := range some {
			if before, known := counts[t]; known {
				counts[t] = before + n
			} else {
				counts[strings.Clone(t)] = n // t is a part of its document, which would stay in memory
			}
		}
		return nil
	})
	return counts, err
}
