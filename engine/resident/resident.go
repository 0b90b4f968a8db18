// Package resident lets a process use an engine that another process owns: a compute.Backend whose programs are
// compiled, kept and run by the resident engine (package serve) at the other end of a Unix socket.
//
// In a notebook every cell is a new process. What costs seconds in each, compiling graphs, the engine keeps: a program
// is found again by its content. The cell records the operations of a graph (that is what a compute.Builder sees),
// works out their shapes, and sends the record; the engine replays it on the real backend. So everything that is built
// on GoMLX works unchanged, and this package needs no C.
//
// Records are written by hand, since a cell cannot send StableHLO instead. go-xla v0.4.5 has a writer of StableHLO that
// needs no C, but the 3,000 lines that call it for a compute.Function share a package with the backend, which links
// PJRT and compiles no program that was made elsewhere. With a copy of go-xla in which they stand apart the results
// were the same to the bit, and 1,200 lines fewer here; but GoMLX's Go engine, which serves machines without a plugin,
// compiles no StableHLO, and would still want records. Executables that PJRT has serialised are not sent either: go-xla
// has no binding for that, and each cell would still load XLA and the weights. The interface that is recorded is
// GoMLX's own and regular: its methods are generated, and nearly all rules of shapes are those of GoMLX's
// shapeinference.
//
// The values of tensors travel in memory that both processes share where the system has it (Linux), else through the
// socket. When the engine is lost, calls return a *LostError; nothing is retried, because the buffers are gone with it.
package resident

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// Backend is a connection to a resident engine. It implements compute.Backend; one device is shown.
type Backend struct {
	conn     *conn
	about    wire.Engine
	arenas   arenas
	buffers  atomic.Uint64 // numbers given out
	finished atomic.Bool

	mu       sync.Mutex
	compiled map[string]bool // programs that the engine holds for this connection
	capable  compute.Capabilities
}

var _ compute.Backend = (*Backend)(nil)

// Dial connects to the engine whose socket is at the path. The engine must speak this protocol and be of the build,
// which may be "" for any; else the error is an *OtherError.
func Dial(socket, build string) (*Backend, error) {
	be, err := greet(socket)
	if err != nil {
		return nil, err
	}
	if be.about.Version != wire.Version || (build != "" && be.about.Build != build) {
		be.Finalize()
		return nil, &OtherError{PID: be.about.PID, Build: be.about.Build}
	}
	return be, nil
}

// greet connects to an engine of whatever version.
func greet(socket string) (*Backend, error) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	w := &watch{socket: socket, kills: memoryKills()}
	be := &Backend{conn: newConn(c.(*net.UnixConn), w.lost), compiled: map[string]bool{}}
	reply, err := be.conn.ask(&wire.Request{Verb: wire.Hello, Version: wire.Version, Owner: owner(), Holder: notebook()})
	if err == nil && reply.Engine == nil {
		err = errors.New("resident: the engine does not introduce itself")
	}
	if err == nil {
		err = c.SetDeadline(time.Time{})
	}
	if err != nil {
		be.Finalize()
		return nil, err
	}
	be.about = *reply.Engine
	w.pid.Store(int64(be.about.PID))
	be.capable = capabilities(be.about)
	be.arenas.conn = be.conn
	return be, nil
}

// owner says who connects: the program and its process.
func owner() string {
	dir, _ := os.Getwd()
	return fmt.Sprintf("%s in %s, process %d", filepath.Base(os.Args[0]), filepath.Base(dir), os.Getpid())
}

// KernelVar and NotebookVar name the kernel of the notebook that a process is a cell of, by its process number, and the
// notebook. The engine goes on until that kernel ends.
const KernelVar, NotebookVar = "FASTNB_KERNEL", "FASTNB_NOTEBOOK"

// notebook says for whom we connect; nil if this is no cell.
func notebook() *wire.Holder {
	pid, err := strconv.Atoi(os.Getenv(KernelVar))
	if err != nil {
		return nil
	}
	return &wire.Holder{PID: pid, Name: os.Getenv(NotebookVar), Program: os.Getenv("FASTNB_ENGINE")}
}

func capabilities(about wire.Engine) compute.Capabilities {
	c := compute.Capabilities{Functions: about.Functions,
		Operations: map[compute.OpType]bool{}, DTypes: map[dtypes.DType]bool{}}
	for _, n := range about.Operations {
		if op := compute.OpType(n); forwards(op.String()) && !slices.Contains(about.Lacks, op.String()) {
			c.Operations[op] = true
		}
	}
	for _, t := range about.DTypes {
		if t := dtypes.DType(t); t.IsADType() && t.IsSupported() && !t.IsPacked() {
			c.DTypes[t] = true
		}
	}
	return c
}

// forwards tells whether an operation is one that is recorded: those that fuse several, or take dynamic shapes, are
// not.
func forwards(op string) bool {
	return !strings.HasPrefix(op, "Fused") && !strings.HasPrefix(op, "Quantized") &&
		(!strings.HasPrefix(op, "Dynamic") || op == "DynamicSlice" || op == "DynamicUpdateSlice")
}

// Name returns the name of the backend that computes, such as "xla": what works there works here.
func (be *Backend) Name() string   { return be.about.Name }
func (be *Backend) String() string { return be.Name() }

// Description describes the backend that computes.
func (be *Backend) Description() string { return be.about.Description }

// Engine returns the process number of the engine.
func (be *Backend) Engine() int { return be.about.PID }

func (be *Backend) NumDevices() int { return 1 }

func (be *Backend) DeviceDescription(n compute.DeviceNum) string {
	if int(n) != 0 || len(be.about.Devices) == 0 {
		return fmt.Sprintf("no device %d", n)
	}
	return be.about.Devices[0]
}

func (be *Backend) Capabilities() compute.Capabilities {
	c := be.capable
	c.Operations, c.DTypes = maps.Clone(c.Operations), maps.Clone(c.DTypes)
	return c
}

// Finalize closes the connection: the engine forgets its buffers.
func (be *Backend) Finalize() {
	if !be.finished.Swap(true) {
		be.conn.close(errFinalized)
		be.arenas.free()
	}
}

func (be *Backend) IsFinalized() bool { return be.finished.Load() }

// compile makes the engine hold the program of the key. It is sent only if the engine does not know it.
func (be *Backend) compile(name string, key, program []byte) error {
	be.mu.Lock()
	known := be.compiled[string(key)]
	be.mu.Unlock()
	if known {
		return nil
	}
	reply, err := be.conn.ask(&wire.Request{Verb: wire.Compile, Key: key})
	if err == nil && !reply.Found {
		_, err = be.conn.ask(&wire.Request{Verb: wire.Compile, Key: key, Program: program, Name: name})
	}
	if err != nil {
		return fmt.Errorf("resident: compiling %q: %w", name, err)
	}
	be.mu.Lock()
	be.compiled[string(key)] = true
	be.mu.Unlock()
	return nil
}

// Status asks what the engine holds.
func (be *Backend) Status() (*wire.StatusInfo, error) {
	reply, err := be.conn.ask(&wire.Request{Verb: wire.Status})
	if err != nil {
		return nil, err
	}
	return reply.Status, nil
}

// Release has the engine forget the programs and buffers that no connection uses.
func (be *Backend) Release() error {
	_, err := be.conn.ask(&wire.Request{Verb: wire.Release})
	return err
}

// OtherError means that the engine at the socket is of another build, and has to be stopped first.
type OtherError struct {
	PID   int
	Build string
}

func (e *OtherError) Error() string {
	return fmt.Sprintf("resident: the engine that runs (process %d, %s) is of another version",
		e.PID, strings.TrimSpace(e.Build))
}
