package serve

import (
	"fmt"
	"sync"
)

// table holds the buffers of a connection under the numbers that its client gave them.
type table struct {
	mu      sync.Mutex
	tensors map[uint64]*tensor
	bytes   int64
}

func newTable() *table { return &table{tensors: map[uint64]*tensor{}} }

// add makes t the buffer of that number, which must be new.
func (b *table) add(number uint64, t *tensor) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tensors[number] != nil || number == 0 {
		t.letGo()
		return errHostile
	}
	b.tensors[number] = t
	b.bytes += t.bytes()
	return nil
}

// remove drops buffers. Numbers that are not there are no error: what was donated is gone already.
func (b *table) remove(numbers []uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range numbers {
		if b.tensors[n] != nil {
			b.drop(n)
		}
	}
}

// drop takes a buffer out; work that is under way may go on with it. The caller has the lock.
func (b *table) drop(number uint64) {
	t := b.tensors[number]
	delete(b.tensors, number)
	b.bytes -= t.bytes()
	t.letGo()
}

// clear drops all buffers.
func (b *table) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := range b.tensors {
		b.drop(n)
	}
}

// use returns the tensors of the numbers, held for the caller.
func (b *table) use(numbers []uint64) ([]*tensor, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := make([]*tensor, len(numbers))
	for i, n := range numbers {
		t := b.tensors[n]
		switch {
		case t == nil:
			return nil, fmt.Errorf("no buffer %d", n)
		case t.err != nil:
			return nil, fmt.Errorf("buffer %d: %w", n, t.err)
		}
		found[i] = t
	}
	for _, t := range found {
		t.hold()
	}
	return found, nil
}

// donate takes out the buffers that a program may overwrite, of those that it uses, and says which of them it really
// may: those that nothing else holds.
func (b *table) donate(numbers []uint64, used []*tensor, may []bool) (really []bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	really = make([]bool, len(may))
	for i, n := range numbers[:len(may)] {
		if may[i] && b.tensors[n] == used[i] {
			b.drop(n)
			really[i] = used[i].holders.Load() == 1
		}
	}
	return really
}

// putBack makes buffers what they were before donate, when the program has not taken them.
func (b *table) putBack(numbers []uint64, used []*tensor, may []bool) {
	for i := range may {
		if may[i] && used[i].buffer != nil {
			used[i].hold()
			b.add(numbers[i], used[i])
		}
	}
}

func (b *table) size() (buffers int, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.tensors), b.bytes
}
