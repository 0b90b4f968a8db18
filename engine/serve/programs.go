package serve

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// program is a compiled program. The lock of programs guards what changes.
type program struct {
	key     []byte
	name    string
	exec    compute.Executable
	err     error
	ready   chan struct{} // closed when exec or err is set
	users   int
	runs    int64
	compile time.Duration
	used    time.Time
}

// programs are the compiled programs, under the hash of their record.
type programs struct {
	backend compute.Backend
	unused  int // how many to keep that nobody uses

	mu    sync.Mutex
	byKey map[string]*program
}

func newPrograms(be compute.Backend, unused int) *programs {
	return &programs{backend: be, unused: unused, byKey: map[string]*program{}}
}

// find returns the program of the key for one more user; nil if there is none. It waits while it is being compiled.
func (ps *programs) find(key []byte) (*program, error) {
	ps.mu.Lock()
	p := ps.byKey[string(key)]
	if p != nil {
		p.users++
	}
	ps.mu.Unlock()
	if p == nil {
		return nil, nil
	}
	return ps.await(p)
}

// compile returns the program of a record, compiled once however many ask for it at a time.
func (ps *programs) compile(name string, key, record []byte) (*program, error) {
	if sum := sha256.Sum256(record); !bytes.Equal(sum[:], key) {
		return nil, fmt.Errorf("the program's key is not the hash of its record")
	}
	ps.mu.Lock()
	p := ps.byKey[string(key)]
	if p == nil {
		p = &program{key: key, name: name, ready: make(chan struct{}), used: time.Now()}
		ps.byKey[string(key)] = p
		go ps.build(p, record)
	}
	p.users++
	ps.mu.Unlock()
	return ps.await(p)
}

func (ps *programs) build(p *program, record []byte) {
	began := time.Now()
	p.exec, p.err = replay(ps.backend, p.name, record)
	p.compile = time.Since(began)
	close(p.ready)
}

// await waits until p is compiled. One that does not compile is forgotten.
func (ps *programs) await(p *program) (*program, error) {
	<-p.ready
	if p.err == nil {
		return p, nil
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.byKey[string(p.key)] == p {
		delete(ps.byKey, string(p.key))
	}
	return nil, p.err
}

// leave tells that a user no longer needs p.
func (ps *programs) leave(p *program) {
	ps.mu.Lock()
	p.users--
	p.used = time.Now()
	ps.mu.Unlock()
	ps.release(ps.unused)
}

// release forgets the programs that nobody uses, but for the last used ones.
func (ps *programs) release(keep int) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	var unused []*program
	for _, p := range ps.byKey {
		if p.users == 0 {
			unused = append(unused, p)
		}
	}
	slices.SortFunc(unused, func(a, b *program) int { return b.used.Compare(a.used) })
	for _, p := range unused[min(keep, len(unused)):] {
		delete(ps.byKey, string(p.key))
		p.exec.Finalize()
	}
}

// run counts a run.
func (ps *programs) run(p *program) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p.runs++
}

func (ps *programs) status() []wire.ProgramStatus {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	var all []wire.ProgramStatus
	for _, p := range ps.byKey {
		s := wire.ProgramStatus{Key: p.key, Name: p.name, Users: p.users, Runs: p.runs, Idle: time.Since(p.used).Seconds()}
		select {
		case <-p.ready:
			s.Compile = p.compile.Seconds()
		default:
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b wire.ProgramStatus) int { return bytes.Compare(a.Key, b.Key) })
	return all
}
