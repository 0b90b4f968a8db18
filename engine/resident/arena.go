package resident

import (
	"math/bits"
	"sync"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// small is up to how many bytes a tensor's values travel through the socket.
const small = 32 << 10

// arena is memory that the engine and this process share. Whoever took it may use it.
type arena struct {
	number uint64
	data   []byte
	unmap  func()
}

// arenas lends arenas, and makes one where none is free that is large enough.
type arenas struct {
	conn *conn

	mu     sync.Mutex
	made   uint64
	alive  int
	unused []*arena
	gone   bool
}

// most is how many arenas there may be: what more is sent at a time goes through the socket.
const most = 32

// take returns an arena of at least n bytes; nil where memory cannot be shared, or enough is.
func (as *arenas) take(n int) (*arena, error) {
	as.mu.Lock()
	defer as.mu.Unlock()
	for i, a := range as.unused {
		if len(a.data) >= n {
			as.unused = append(as.unused[:i], as.unused[i+1:]...)
			return a, nil
		}
	}
	return as.grow(n)
}

// grow makes an arena, in the place of a smaller one that nobody uses.
func (as *arenas) grow(n int) (*arena, error) {
	if last := len(as.unused) - 1; last >= 0 {
		old := as.unused[last]
		as.unused = as.unused[:last]
		old.unmap()
		as.alive--
		if err := as.conn.tell(&wire.Request{Verb: wire.Share, Arena: old.number}); err != nil {
			return nil, err
		}
	}
	if as.alive >= most {
		return nil, nil
	}
	size := 1 << bits.Len(uint(max(n, 1<<20)-1))
	data, rights, done, err := shareMemory(size)
	if err != nil || data == nil {
		return nil, err
	}
	defer done()
	as.made++
	a := &arena{number: as.made, data: data, unmap: func() { unmap(data) }}
	if _, err := as.conn.askWith(&wire.Request{Verb: wire.Share, Arena: a.number, Size: int64(size)}, rights); err != nil {
		a.unmap()
		return nil, err
	}
	as.alive++
	return a, nil
}

func (as *arenas) give(a *arena) {
	as.mu.Lock()
	defer as.mu.Unlock()
	if as.gone {
		a.unmap()
		return
	}
	as.unused = append(as.unused, a)
}

func (as *arenas) free() {
	as.mu.Lock()
	defer as.mu.Unlock()
	as.gone = true
	for _, a := range as.unused {
		a.unmap()
	}
	as.unused = nil
}
