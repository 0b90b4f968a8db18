// Package serve is the resident engine: a process that owns the device and computes for others of the same user, which
// are package resident's backends, over a Unix socket.
//
// It keeps two things between cells: programs, compiled, under the hash of their record; and buffers that were asked to
// be kept, under a name that tells their content. Of both the least recently used goes first when there are too many.
// Everything else belongs to a connection and goes with it. A message that makes no sense ends the connection that it
// came from, and nothing else.
//
// It is written by hand because neither PJRT nor GoMLX shares a device among processes: a plugin belongs to the process
// that loads it, and what it has compiled and put on the device ends with that. A server of models, which keeps nets
// that are finished, compiles no graphs that a cell has just made.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gomlx/compute"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// Server computes on a backend for its connections.
type Server struct {
	backend  compute.Backend
	opts     Options
	about    wire.Engine
	began    time.Time
	programs *programs
	kept     *kept
	stop     chan struct{}
	stopOnce sync.Once

	mu      sync.Mutex
	clients map[*client]bool
	holders map[int]*holder
	idle    time.Time // since when there have been no connections
	why     string    // it ends
}

// Options set a Server's limits. Zero values mean the defaults.
type Options struct {
	Build     string        // what clients ask for; engines of different builds don't mix
	Programs  int           // compiled programs that are kept when nobody uses them; 128
	KeptBytes int64         // of buffers that are kept; 1 GiB
	Idle      time.Duration // how long to go on unconnected, six times that while a notebook holds it; 0 for ever
	Trim      func()        // gives memory that is not in use back to the system; called when idle for a while
}

// New returns a Server of the backend.
func New(backend compute.Backend, opts Options) *Server {
	if opts.Programs == 0 {
		opts.Programs = 128
	}
	if opts.KeptBytes == 0 {
		opts.KeptBytes = 1 << 30
	}
	s := &Server{backend: backend, opts: opts, about: describe(backend, opts.Build), began: time.Now(), idle: time.Now(),
		stop: make(chan struct{}), clients: map[*client]bool{}, holders: map[int]*holder{}, kept: newKept(opts.KeptBytes)}
	s.programs = newPrograms(backend, opts.Programs)
	return s
}

func describe(be compute.Backend, build string) wire.Engine {
	about := wire.Engine{Version: wire.Version, Build: build, PID: os.Getpid(), Name: be.Name(),
		Description: be.Description(), Functions: be.Capabilities().Functions, Lacks: lacks(be)}
	for i := range be.NumDevices() {
		about.Devices = append(about.Devices, be.DeviceDescription(compute.DeviceNum(i)))
	}
	for op, ok := range be.Capabilities().Operations {
		if ok {
			about.Operations = append(about.Operations, int(op))
		}
	}
	for t, ok := range be.Capabilities().DTypes {
		if ok {
			about.DTypes = append(about.DTypes, int(t))
		}
	}
	return about
}

// Listen opens the socket for this user alone. A socket that a dead engine left is replaced; where an engine answers,
// the error is ErrRunning.
func Listen(path string) (*net.UnixListener, error) {
	if c, err := net.Dial("unix", path); err == nil {
		c.Close()
		return nil, ErrRunning
	}
	os.Remove(path)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// ErrRunning is returned by Listen where an engine already listens.
var ErrRunning = errors.New("an engine already listens at this socket")

// Serve computes for whoever connects, until the context ends, a client asks it to stop, or nobody has been connected
// for Options.Idle. Then it tells all connections why, closes them and the listener, and returns nil.
func (s *Server) Serve(ctx context.Context, l *net.UnixListener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		s.wait(ctx)
		l.Close()
	}()
	defer s.closeAll()
	for {
		c, err := l.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil { // too many open files, say: others go on
			say("%v", err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if err := ownUser(c); err != nil {
			say("refused a connection: %v", err)
			c.Close()
			continue
		}
		s.add(c)
	}
}

// say writes a line into the engine's log.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "engine: %s %s\n", time.Now().Format(time.DateTime), fmt.Sprintf(format, args...))
}

// untilTrim is how long a server is idle before it gives memory back: less than between the cells of a reader who
// waits for each.
const untilTrim = 30 * time.Second

// wait returns when it is time to end.
func (s *Server) wait(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for trimmed := false; ; {
		select {
		case <-ctx.Done():
			s.because("it was told to end: %v", context.Cause(ctx))
			return
		case <-s.stop:
			return
		case <-tick.C:
			boundLog(os.Stderr, maxLog)
			idle := s.idleFor()
			if most := s.mayIdle(); most > 0 && idle > most {
				s.because("nobody has computed with it for %s", most)
				return
			}
			if idle > untilTrim && !trimmed {
				s.trim()
			}
			trimmed = idle > untilTrim
		}
	}
}

// because notes why the engine ends; the first reason stays.
func (s *Server) because(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == "" {
		s.why = fmt.Sprintf(format, args...)
	}
}

// mayIdle is how long it goes on without connections. A notebook that holds the engine goes on with it after a pause,
// but one that is left open does not keep the device for ever: its next cell starts another engine.
func (s *Server) mayIdle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prune(); len(s.holders) > 0 {
		return 6 * s.opts.Idle
	}
	return s.opts.Idle
}

func (s *Server) trim() {
	if s.opts.Trim != nil {
		s.opts.Trim()
	}
	debug.FreeOSMemory()
}

func (s *Server) idleFor() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.clients) > 0 {
		return 0
	}
	return time.Since(s.idle)
}

func (s *Server) add(socket *net.UnixConn) {
	c := newClient(s, socket)
	s.mu.Lock()
	s.clients[c] = true
	s.mu.Unlock()
	go func() {
		c.serve()
		s.mu.Lock()
		delete(s.clients, c)
		s.idle = time.Now()
		s.mu.Unlock()
	}()
}

// closeAll tells each connection why the engine ends, and closes it.
func (s *Server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	say("ends: %s", s.why)
	var wait sync.WaitGroup
	for c := range s.clients {
		wait.Go(func() { c.bye(s.why) })
	}
	wait.Wait()
}

// end asks Serve to return for a client; if it is to be idle, only where nobody else uses the engine. It tells whether
// it ends.
func (s *Server) end(asks *client, r *wire.Request) bool {
	if r.Idle && s.inUse(asks, r.Name) {
		return false
	}
	by := "engine stop"
	if !r.Idle {
		by = "engine stop -force"
	}
	s.because("it was stopped (%s) by %s at %s", by, asks.status().Owner, time.Now().Format(time.TimeOnly))
	s.stopOnce.Do(func() { close(s.stop) })
	return true
}

// Release forgets programs that no connection uses, and all that is kept.
func (s *Server) Release() {
	s.programs.release(0)
	s.kept.release()
	s.trim()
}

// Status tells what is held.
func (s *Server) Status() *wire.StatusInfo { return s.statusFor(nil) }

// statusFor is Status as it is told to a client.
func (s *Server) statusFor(asks *client) *wire.StatusInfo {
	about := s.about
	info := &wire.StatusInfo{Engine: &about, Seconds: time.Since(s.began).Seconds(), Programs: s.programs.status(),
		Kept: s.kept.status(), Memory: residentMemory()}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		status := c.status()
		status.Asks = c == asks
		info.Clients = append(info.Clients, status)
	}
	info.Holders = s.holderStatus()
	return info
}
