package serve

import (
	"cmp"
	"slices"
	"time"

	"github.com/fastnb/fastnb/engine/internal/process"
	"github.com/fastnb/fastnb/engine/internal/wire"
)

// holder is a process for which the engine goes on between its connections: the kernel of a notebook.
type holder struct {
	wire.Holder
	began   time.Time
	started string // when the process did: another may get its number
}

// maxHolders and maxNames, in bytes, bound what a server remembers.
const maxHolders, maxNames = 256, 1 << 14

// hold notes a holder that a connection names, if it runs.
func (s *Server) hold(h *wire.Holder) {
	if h == nil {
		return
	}
	started, ok := process.Started(h.PID)
	ok = ok && len(h.Name)+len(h.Program) < maxNames
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prune(); ok && s.holders[h.PID] == nil && len(s.holders) < maxHolders {
		s.holders[h.PID] = &holder{Holder: *h, began: time.Now(), started: started}
	}
}

// prune forgets holders that have ended. The caller has the lock.
func (s *Server) prune() {
	for pid, h := range s.holders {
		if started, ok := process.Started(pid); !ok || started != h.started {
			delete(s.holders, pid)
		}
	}
}

// inUse tells whether anybody but the client that asks is connected, or holds the engine. Its own notebook does not
// count, nor do those whose cells get their engine from the program: they go on with the one that it starts.
func (s *Server) inUse(asks *client, program string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prune()
	for _, h := range s.holders {
		if h.PID != asks.holder && (program == "" || h.Program != program) {
			return true
		}
	}
	return len(s.clients) > 1
}

// holderStatus lists the holders, the first first. The caller has the lock.
func (s *Server) holderStatus() (all []wire.HolderStatus) {
	s.prune()
	for _, h := range s.holders {
		all = append(all, wire.HolderStatus{Holder: h.Holder, Seconds: time.Since(h.began).Seconds()})
	}
	slices.SortFunc(all, func(a, b wire.HolderStatus) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return all
}
