package resident

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// errFinalized is returned after Finalize.
var errFinalized = errors.New("resident: the backend was finalized")

// conn carries requests and replies. Requests of several goroutines may be under way at once.
type conn struct {
	socket *net.UnixConn
	lost   func(said string) error // makes the error for a connection that broke, of what the engine said last

	sending sync.Mutex
	out     *bufio.Writer
	freed   []uint64 // buffers to forget, told with the next request

	mu      sync.Mutex
	seq     uint64
	waiting map[uint64]chan *wire.Reply
	failed  error // why there will be no more replies

	received chan struct{} // closed when there will be none
}

func newConn(socket *net.UnixConn, lost func(said string) error) *conn {
	c := &conn{socket: socket, lost: lost, out: bufio.NewWriterSize(socket, 1<<16), waiting: map[uint64]chan *wire.Reply{},
		received: make(chan struct{})}
	go c.receive()
	return c
}

// receive hands each reply to whom it answers, until the connection ends.
func (c *conn) receive() {
	defer close(c.received)
	in := bufio.NewReaderSize(c.socket, 1<<16)
	for said := ""; ; {
		reply := new(wire.Reply)
		if err := wire.ReadFrame(in, reply); err != nil {
			c.broke(said)
			return
		}
		if reply.Seq == 0 {
			said = reply.Error
			continue
		}
		c.mu.Lock()
		answer := c.waiting[reply.Seq]
		delete(c.waiting, reply.Seq)
		c.mu.Unlock()
		if answer != nil {
			answer <- reply
		}
	}
}

// broke ends a connection that the engine has left.
func (c *conn) broke(said string) {
	c.mu.Lock()
	over := c.failed != nil
	c.mu.Unlock()
	if over { // we have left it ourselves
		return
	}
	c.close(c.lost(said))
}

// close ends the connection; whoever waits gets the error.
func (c *conn) close(why error) {
	c.socket.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = why
	}
	for seq, answer := range c.waiting {
		delete(c.waiting, seq)
		close(answer)
	}
}

// ask sends a request and waits for its reply.
func (c *conn) ask(r *wire.Request) (*wire.Reply, error) { return c.askWith(r, nil) }

// askWith is ask with a file descriptor beside the request.
func (c *conn) askWith(r *wire.Request, rights []byte) (*wire.Reply, error) {
	answer := make(chan *wire.Reply, 1)
	if err := c.expect(r, answer); err != nil {
		return nil, err
	}
	if err := c.send(r, rights, true); err != nil {
		c.mu.Lock()
		delete(c.waiting, r.Seq)
		c.mu.Unlock()
		return nil, err
	}
	reply, ok := <-answer
	switch {
	case !ok:
		return nil, c.failure()
	case reply.Error != "":
		return nil, fmt.Errorf("engine: %s", reply.Error)
	}
	return reply, nil
}

func (c *conn) expect(r *wire.Request, answer chan *wire.Reply) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		return c.failed
	}
	c.seq++
	r.Seq = c.seq
	c.waiting[r.Seq] = answer
	return nil
}

// tell sends a request that gets no reply, with the next one that does.
func (c *conn) tell(r *wire.Request) error { return c.send(r, nil, false) }

func (c *conn) send(r *wire.Request, rights []byte, now bool) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	if err := c.write(r, rights, now); err != nil {
		if errors.Is(err, wire.ErrTooLarge) {
			return fmt.Errorf("resident: %w", err)
		}
		c.socket.SetReadDeadline(time.Now().Add(2 * time.Second))
		<-c.received // what the engine has said is read before its end is told
		return c.failure()
	}
	return nil
}

func (c *conn) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *conn) write(r *wire.Request, rights []byte, now bool) error {
	if err := c.writeFreed(); err != nil {
		return err
	}
	if rights != nil {
		if err := c.out.Flush(); err != nil {
			return err
		}
		var frame bytes.Buffer
		if err := wire.WriteFrame(&frame, r); err != nil {
			return err
		}
		n, _, err := c.socket.WriteMsgUnix(frame.Bytes(), rights, nil)
		if err == nil && n < frame.Len() { // never seen: it is some thirty bytes
			_, err = c.socket.Write(frame.Bytes()[n:])
		}
		return err
	}
	if err := wire.WriteFrame(c.out, r); err != nil || !now {
		return err
	}
	return c.out.Flush()
}

func (c *conn) writeFreed() error {
	c.mu.Lock()
	freed := c.freed
	c.freed = nil
	c.mu.Unlock()
	if len(freed) == 0 {
		return nil
	}
	return wire.WriteFrame(c.out, &wire.Request{Verb: wire.Free, Buffers: freed})
}

// free notes that a buffer is no longer needed. It never waits: the garbage collector calls it.
func (c *conn) free(buffer uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.freed = append(c.freed, buffer)
	}
}
