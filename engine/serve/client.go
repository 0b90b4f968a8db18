package serve

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// client is one connection with what it holds.
type client struct {
	server  *Server
	socket  *net.UnixConn
	in      *rightsReader
	began   time.Time
	buffers *table
	arenas  *arenas

	sending sync.Mutex
	out     *bufio.Writer

	working sync.WaitGroup // requests that are answered beside the others

	mu       sync.Mutex
	owner    string
	holder   int // the process for which it connects, or 0
	programs map[string]*program
	runs     int64
}

func newClient(s *Server, socket *net.UnixConn) *client {
	return &client{server: s, socket: socket, in: newRightsReader(socket), began: time.Now(), buffers: newTable(),
		arenas: newArenas(), out: bufio.NewWriterSize(socket, 1<<16), programs: map[string]*program{}}
}

// errHostile ends a connection.
var errHostile = errors.New("a message that no client of ours sends")

// serve answers requests until the connection ends, then frees what it held.
func (c *client) serve() {
	defer c.free()
	for greeted := false; ; {
		r := new(wire.Request)
		if err := wire.ReadFrame(c.in, r); err != nil {
			return
		}
		if !greeted && r.Verb != wire.Hello {
			return
		}
		greeted = true
		if _, err := try(func(r *wire.Request) (*wire.Reply, error) { return nil, c.do(r) }, r); err != nil {
			say("the connection of %q ends: %v", c.status().Owner, err)
			return
		}
	}
}

// bye tells why the engine ends, and closes the connection. It does not wait for a client that does not listen.
func (c *client) bye(why string) {
	c.socket.SetWriteDeadline(time.Now().Add(time.Second))
	c.sending.Lock()
	defer c.sending.Unlock()
	if wire.WriteFrame(c.out, &wire.Reply{Error: why}) == nil {
		c.out.Flush()
	}
	c.socket.Close()
}

// beside answers a request while others are read.
func (c *client) beside(r *wire.Request, do func(*wire.Request) (*wire.Reply, error)) {
	c.working.Add(1)
	go func() {
		defer c.working.Done()
		reply, err := try(do, r)
		c.answer(r, reply, err)
	}()
}

// try makes an error of a panic of the backend.
func try(do func(*wire.Request) (*wire.Reply, error), r *wire.Request) (reply *wire.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return do(r)
}

func (c *client) answer(r *wire.Request, reply *wire.Reply, err error) error {
	if r.Seq == 0 {
		return nil
	}
	if reply == nil {
		reply = &wire.Reply{}
	}
	if reply.Seq = r.Seq; err != nil {
		reply.Error = err.Error()
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	err = wire.WriteFrame(c.out, reply)
	if errors.Is(err, wire.ErrTooLarge) {
		err = wire.WriteFrame(c.out, &wire.Reply{Seq: r.Seq, Error: err.Error()})
	}
	if err == nil {
		err = c.out.Flush()
	}
	if err != nil {
		c.socket.Close() // nobody is to wait for an answer that does not come
	}
	return err
}

// free lets go of everything, when the connection has ended and the work for it is done.
func (c *client) free() {
	c.socket.Close()
	c.working.Wait()
	c.buffers.clear()
	c.arenas.clear()
	c.in.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.programs {
		c.server.programs.leave(p)
	}
}

func (c *client) status() wire.ClientStatus {
	buffers, bytes := c.buffers.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	return wire.ClientStatus{Owner: c.owner, Seconds: time.Since(c.began).Seconds(), Buffers: buffers, Bytes: bytes,
		Programs: len(c.programs), Runs: c.runs}
}
