package serve

import (
	"fmt"
	"sync"
)

// arenas are the pieces of memory that a client shares, under the numbers that it gave them.
type arenas struct {
	mu     sync.Mutex
	memory map[uint64][]byte
}

const maxArenas = 64

func newArenas() *arenas { return &arenas{memory: map[uint64][]byte{}} }

// add takes memory that the client has sent the right to.
func (a *arenas) add(number uint64, from *rightsReader, size int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.memory) >= maxArenas {
		from.close()
		return fmt.Errorf("more than %d arenas", maxArenas)
	}
	memory, err := from.memory(size)
	if err != nil {
		return err
	}
	a.memory[number] = memory
	return nil
}

// first returns the first n bytes of an arena.
func (a *arenas) first(number uint64, n int64) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	memory := a.memory[number]
	if int64(len(memory)) < n {
		return nil, fmt.Errorf("no arena %d of %d bytes", number, n)
	}
	return memory[:n], nil
}

// remove gives an arena back, when work that may be reading or writing there is done.
func (a *arenas) remove(number uint64, working *sync.WaitGroup) {
	a.mu.Lock()
	old := a.memory[number]
	delete(a.memory, number)
	a.mu.Unlock()
	if old != nil {
		working.Wait()
		unmap(old)
	}
}

// clear gives all of them back. No work is under way.
func (a *arenas) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, memory := range a.memory {
		delete(a.memory, n)
		unmap(memory)
	}
}
